import { expect, test } from './fixtures'

const bytesOf = (file: object): Buffer => Buffer.from(JSON.stringify(file))

test('what was done by hand is saved, opened again, and takes place by itself', async ({
  atRest: app,
}) => {
  await app.runTo('00:00:05')
  await app.toggle('orphaned-buffers')
  await app.isOn('orphaned-buffers', true)
  await app.runTo('00:00:12')
  await app.setParameter('sdet.scripts', '32')
  await app.toggle('bforget-recycles')
  await app.isOn('bforget-recycles', true)
  await app.clearAll()
  await app.isOn('orphaned-buffers', false)
  await app.runTo('00:00:20')
  const byHand = await app.report()
  const saved = await app.save('scenario')
  expect(saved.name).toBe('sdet-seed1-20s.scenario.json')
  const timeline = [
    { at: 5, action: 'fault:orphaned-buffers=1' },
    { at: 12, action: 'set:sdet.scripts=32' },
    { at: 12, action: 'fix:bforget-recycles=on' },
    { at: 12, action: 'fault:orphaned-buffers=0' },
  ]
  expect(JSON.parse(saved.bytes.toString())).toMatchObject({ scenario: 'sdet', timeline, for: 20 })

  // So slowly what is to come can be seen before it takes place.
  await app.setPace(0.25)
  await app.openScenario(saved)
  await expect(app.messages).toContainText(`Opened ${saved.name}`)
  await expect(app.toCome).toHaveCount(4)
  await expect(app.toCome.first()).toHaveText('00:00:05 fault orphaned-buffers')
  await expect(app.marks('to-come')).toHaveCount(4)
  await app.runUntilTime('00:00:08')
  await app.setPace('max')
  await app.isPaused()
  await app.isOn('orphaned-buffers', true)
  await expect(app.toCome).toHaveCount(3)
  await expect(app.marks('fault')).toHaveCount(1)
  await app.runTo('00:00:20')
  await expect(app.toCome).toHaveCount(0)
  await app.isOn('orphaned-buffers', false)
  const again = await app.report()
  expect(again).toMatchObject({ actions: timeline, digest: byHand.digest, events: byHand.events })
})

test('a file that is wrong is refused with its fault, and the run goes on', async ({ app }) => {
  const file = { soakscope: 'scenario', version: 1, scenario: 'sdet', seed: 77 }
  const name = 'mine.json'
  await app.openScenario({ name, bytes: Buffer.from('{"soakscope": "scenario",\n}') })
  await expect(app.messages).toContainText('and this one is not: see its line 2')
  const timeline = [{ at: '1m', action: 'fix:wake-one=on' }]
  await app.openScenario({ name, bytes: bytesOf({ ...file, timeline }) })
  await expect(app.messages).toContainText('timeline[0].action: fix wake-one needs web or web2')
  await app.openScenario({ name, bytes: Buffer.alloc(2_000_000, 'x') })
  await expect(app.messages).toContainText('a scenario file has at most 131,072 characters')
  await expect(app.seed).toHaveText('seed 1')
  await expect(app.pauseButton).toBeVisible()

  const form = await app.newRunForm()
  await app.openScenario({ name, bytes: bytesOf(file) }, () =>
    form.getByRole('button', { name: 'Open file…' }).click(),
  )
  await expect(form).toBeHidden()
  await expect(app.seed).toHaveText('seed 77')
})

test('a demonstration is chosen for a new run, whose timeline begins', async ({ atRest: app }) => {
  await app.setPace(0.25)
  const form = await app.newRunForm()
  await form.getByLabel('Scenario').selectOption('web-flood')
  await expect(form.getByLabel('Seed')).toHaveValue('7')
  await expect(form.getByLabel('load.rate')).toHaveValue('200')
  await expect(form.getByRole('list', { name: 'Timeline' })).toContainText(
    '00:00:30 fault connection-flood 0.1',
  )
  await form.getByRole('button', { name: 'Start' }).click()
  await expect(form).toBeHidden()
  await expect(app.seed).toHaveText('seed 7')
  await app.runUntilTime('00:00:31')
  await app.setPace('max')
  await app.isPaused()
  await app.isOn('connection-flood', true)
  const first = await app.report()
  expect(first).toMatchObject({ scenario: 'web', seed: 7, parameters: { 'load.rate': 200 } })
  const done = first.actions.filter(({ action }) => !action.startsWith('caption:'))
  expect(done).toEqual([{ at: 30, action: 'fault:connection-flood=0.1' }])
  const faults = app.toCome.filter({ hasText: 'fault' })
  await expect(faults.first()).toHaveText('00:01:00 fault connection-flood 0.4')
})
