import { expect, test } from './fixtures'

const file = {
  soakscope: 'scenario',
  version: 1,
  title: 'One developer',
  about: 'A file of somebody’s own is shown as a demonstration is.',
  scenario: 'sdet',
  seed: 3,
  parameters: { 'sdet.scripts': 1 },
  timeline: [
    { at: '5s', action: 'caption:{buffers.orphaned} buffers are orphaned' },
    { at: '15s', action: 'fault:orphaned-buffers=1' },
    { at: '15s', action: 'caption:Now each block that is freed leaves its buffer' },
  ],
  for: '20s',
}
const scenario = { name: 'own.scenario.json', bytes: Buffer.from(JSON.stringify(file)) }

test('captions come, are marked and go; presented, a demonstration starts over', async ({
  atRest: app,
}) => {
  const { page } = app
  await app.setPace(0.25)
  await app.openScenario(scenario)
  await expect(app.seed).toHaveText('seed 3')
  await expect(app.marks('to-come')).toHaveCount(3)
  await expect(app.caption).toBeHidden()
  await app.runUntilTime('00:00:06')
  await app.setPace('max')
  await app.isPaused()
  await expect(app.caption).toHaveText('0 buffers are orphaned')
  await expect(app.marks('caption')).toHaveCount(1)

  // While time stands it is held; when it goes on, the caption goes once it could be read.
  await app.setPace(0.25)
  await expect(app.caption).toBeHidden()
  expect(await app.now()).toBeLessThan(15)

  await page.keyboard.press('Shift+P')
  await expect(app.presented).toContainText('One developer. A file of somebody’s own')
  await expect(app.caption).toHaveText('0 buffers are orphaned')
  await expect(app.drawer).toBeHidden()
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true)
  await expect(app.presented).toContainText('Next in')

  await app.setPace(1)
  await app.reaches(15)
  await expect(app.caption).toHaveText('Now each block that is freed leaves its buffer')
  await app.startsOver()

  await page.keyboard.press('Shift+P')
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(false)
  await expect(app.drawer).toBeVisible()
  await app.setPace('max')
  await app.reaches(40)
})
