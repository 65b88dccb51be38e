import { expect, test } from './fixtures'

test('a fault is marked on the timeline when it begins and when it ends', async ({ app }) => {
  await app.toggle('orphaned-buffers')
  await app.isOn('orphaned-buffers', true)
  await expect(app.marks('fault')).toHaveCount(1)
  await expect(app.marks('fault').first()).toContainText('orphaned-buffers')

  await app.toggle('orphaned-buffers')
  await app.isOn('orphaned-buffers', false)
  await expect(app.marks('fault')).toHaveCount(2)

  const { actions } = await app.report()
  expect(actions.map(({ action }) => action)).toEqual([
    'fault:orphaned-buffers=1',
    'fault:orphaned-buffers=0',
  ])
  expect(actions[1]?.at).toBeGreaterThan(actions[0]?.at ?? NaN)
})

test('clear all ends every fault at one instant', async ({ app }) => {
  await app.toggle('orphaned-buffers')
  await app.toggle('slow-disk')
  await app.isOn('slow-disk', true)
  await app.clearAll()
  await app.isOn('orphaned-buffers', false)
  await app.isOn('slow-disk', false)
  const { actions } = await app.report()
  const ends = actions.slice(-2)
  expect(ends.map(({ action }) => action).sort()).toEqual([
    'fault:orphaned-buffers=0',
    'fault:slow-disk=0',
  ])
  expect(ends[0]?.at).toBe(ends[1]?.at)
})

test('orphans stay when the fault ends, and only a reboot frees them', async ({ atRest: app }) => {
  const orphaned = async () => (await app.report()).counters['buffers.orphaned']?.last
  await app.runTo('00:00:10')
  expect(await orphaned()).toBe(0)

  await app.toggle('orphaned-buffers')
  await app.isOn('orphaned-buffers', true)
  await app.runUntilCondition('buffers.orphaned', '>', '500')
  await app.reaches(10.001)
  await app.isPaused()
  const leaked = await orphaned()
  expect(leaked).toBeGreaterThan(500)

  await app.toggle('orphaned-buffers')
  await app.isOn('orphaned-buffers', false)
  await app.runTo('+30 s')
  expect(await orphaned()).toBe(leaked)

  await app.reboot()
  await expect(app.marks('reboot')).toHaveCount(1)
  await app.runTo('+30 s')
  expect(await orphaned()).toBe(0)
})
