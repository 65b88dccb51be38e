import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './fixtures'

/** Wide enough that nothing is folded away. */
const size = { width: 1440, height: 900 }

test('no view, dialog, menu or theme has a barrier that axe knows of', async ({ open, shell }) => {
  test.skip(shell !== 'web', 'the page is the same in the window, and axe takes its time')
  const app = await open({
    size,
    env: { SOAKSCOPE_SCENARIO: 'web', SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: 'max' },
  })
  await app.isPaused()
  const { page } = app
  const found: string[] = []
  const check = async (where: string): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    for (const { id, nodes } of violations)
      for (const { target, any } of nodes.slice(0, 3))
        found.push(`${where}: ${id} at ${target.join(' ')} ${any[0]?.message ?? ''}`)
  }
  await app.runTo('00:00:04')

  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    for (const view of ['Live', 'Profile', 'Kernel'] as const) {
      await app.show(view)
      await check(`${theme}, ${view}`)
    }
    for (const [what, key] of [
      ['palette', 'ControlOrMeta+k'],
      ['save menu', 'ControlOrMeta+s'],
      ['keys', '?'],
      ['new run', 'n'],
      ['run until', 'u'],
    ] as const) {
      await page.keyboard.press(key)
      const opened = page.locator('.surface').first()
      await expect(opened).toBeVisible()
      await check(`${theme}, ${what}`)
      await page.keyboard.press('Escape')
      await expect(opened).toBeHidden()
    }
  }
  expect(found.join('\n')).toBe('')
})
