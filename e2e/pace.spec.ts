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

test('every pace goes faster than the one before it', async ({ app }) => {
  const speeds: number[] = []
  for (const pace of [0.25, 1, 10, 'max'] as const) {
    await app.setPace(pace)
    await app.speedSettles()
    speeds.push(await app.speed())
  }
  expect(speeds[0]).toBeCloseTo(0.25, 1)
  expect(speeds[1]).toBeCloseTo(1, 0)
  expect(speeds[2]).toBeGreaterThan(7)
  expect(speeds[3]).toBeGreaterThan(speeds[2] ?? 0)
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
