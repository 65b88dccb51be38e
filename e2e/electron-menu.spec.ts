/** What only a window has: its menu. A browser has its own. */
import { expect, test } from './fixtures'

test('the menu of the window opens a scenario file, as its key does', async ({ app }) => {
  const file = { soakscope: 'scenario', version: 1, scenario: 'sdet', seed: 78 }
  const bytes = Buffer.from(JSON.stringify(file))
  await app.openScenario({ name: 'mine.json', bytes }, () => app.chooseInMenu('open-scenario'))
  await expect(app.seed).toHaveText('seed 78')
})
