import { expect, test } from './fixtures'

const file = (scenario: string, parameters: object) => ({
  name: `${scenario}.scenario.json`,
  bytes: Buffer.from(
    JSON.stringify({ soakscope: 'scenario', version: 1, scenario, seed: 3, parameters }),
  ),
})
/** A small herd, and ten connections a second. */
const herd = file('web', { 'httpd.processes': 300, 'load.connections': 0, 'load.rate': 10 })
const alone = file('sdet', { 'sdet.scripts': 1 })
const going = /^\+\d+\.\d\d ms$/

test('the next connection passes in slow motion, and the pace is then what it was', async ({
  atRest: app,
}) => {
  const { page } = app
  await app.setPace(1)
  await app.openScenario(herd)
  await expect(app.seed).toHaveText('seed 3')
  await app.reaches(1)
  await app.show('Kernel')
  await expect(app.slowButton).toHaveText('slow')
  await page.keyboard.press('o')
  await expect(app.slowButton).toHaveText(going)
  await expect(app.slowButton).toHaveAttribute('aria-pressed', 'true')
  await expect(app.slowButton).toHaveAccessibleName(/since the connection came; end it$/)
  await expect(page.getByRole('banner')).toContainText('1/1000×')
  // Seconds of wall time, in which the Kernel view has the herd that was woken.
  await expect(page.getByRole('main')).toContainText(/made runnable\s*[1-9]/)
  await expect(app.slowButton).toHaveText(going)

  await expect(app.slowButton).toHaveText('slow')
  const over = await app.now()
  await expect(app.paceButton(1)).toHaveAttribute('aria-pressed', 'true')
  // Slowly, that would take half an hour.
  await app.reaches(over + 2)
})

test('where nothing listens it is around a wake-up, and its key ends it', async ({
  atRest: app,
}) => {
  const { page } = app
  await app.setPace(0.25)
  await app.openScenario(alone)
  await expect(app.seed).toHaveText('seed 3')
  await app.reaches(0.1)
  await page.keyboard.press('o')
  await expect(app.slowButton).toHaveText(going)
  await expect(app.slowButton).toHaveAccessibleName(/since the wake-up came; end it$/)
  await page.keyboard.press('o')
  await expect(app.slowButton).toHaveText('slow')
  await app.reaches((await app.now()) + 1)
})
