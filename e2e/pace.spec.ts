import { expect, test } from './fixtures'

test('pause stands still, and a step goes exactly as far as it says', async ({ app }) => {
  await app.pause()
  const paused = await app.now()

  await app.step('sample')
  await app.reaches(paused + 0.001)
  const atSample = await app.now()
  expect(atSample).toBe(Math.floor(paused) + 1)

  await app.step('tick')
  await app.reaches(atSample + 0.001)
  expect(await app.now()).toBeCloseTo(atSample + 0.01, 6)

  const before = await app.events()
  await app.step('event')
  await expect.poll(() => app.events()).toBe(before + 1)
  await app.isPaused()
})

test('the clock keeps the pace that is set', async ({ app }) => {
  // Simulated seconds to look at; a machine that is busy may be late, but a pace is never outrun. A
  // run that goes on may be shown late, and catch up: it is looked at from standing still.
  for (const [pace, seconds] of [
    [0.25, 0.5],
    [1, 2],
    [10, 20],
  ] as const) {
    await app.pause()
    // A pace that is chosen lets the run go on.
    const speed = await app.speedOver(seconds, () => app.setPace(pace))
    expect(speed / pace).toBeGreaterThan(0.1)
    expect(speed / pace).toBeLessThan(1.001)
  }
  await app.setPace('max')
  // How fast it can be is for the bench to say.
  expect(await app.speedOver(20)).toBeGreaterThan(1)
})

test('runs until a time, and pauses at exactly that time', async ({ atRest: app }) => {
  await app.runTo('00:02:30')
  expect(await app.now()).toBe(150)
  await expect(app.messages).toContainText('00:02:30')
})

test('runs until a condition on a counter holds', async ({ atRest: app }) => {
  await app.runUntilCondition('contextSwitches', '>', '5000')
  await app.reaches(0.001)
  await app.isPaused()
  const { counters } = await app.report()
  expect(counters['contextSwitches']?.last).toBeGreaterThan(5000)
  await expect(app.messages).toContainText('contextSwitches > 5000')
})
