import type { Soakscope } from './driver'
import { expect, test } from './fixtures'

/** Two developers on a small machine: a leak takes its memory in some minutes. */
const file = {
  soakscope: 'scenario',
  version: 1,
  scenario: 'sdet',
  seed: 5,
  parameters: { 'sdet.scripts': 2, 'machine.memoryMB': 64 },
  timeline: [{ at: 1, action: 'fault:orphaned-buffers=1' }],
}
const scenario = { name: 'leak.scenario.json', bytes: Buffer.from(JSON.stringify(file)) }

async function leak(app: Soakscope): Promise<void> {
  await app.setPace(0.25)
  await app.openScenario(scenario)
  await expect(app.seed).toHaveText('seed 5')
  await app.runUntilTime('00:01:00')
  await app.setPace('max')
  await app.isPaused()
}

/** A counter of memory in kB, by its second; the first sample is of second 1. */
async function memoryOf(app: Soakscope): Promise<(name: string, second: number) => number> {
  const lines = (await app.save('csv')).bytes.toString().trim().split('\r\n')
  const rows = lines.map((line) => line.split(','))
  const columns = new Map(rows[0]?.map((head, i) => [head.split(' ')[0], i]))
  return (name, second) => Number(rows[second]?.[columns.get(`memory.${name}`) ?? -1])
}

test('an alarm that is drawn on a chart marks the timeline and pauses where it rings', async ({
  atRest: app,
}) => {
  const { page } = app
  await leak(app)
  const chart = page.locator('[data-chart="memory"]')
  const plot = chart.getByRole('slider')
  const box = (await plot.boundingBox())!
  await page.mouse.move(box.x + 4, box.y + 20)
  await page.mouse.down()
  await page.mouse.move(box.x + 4, box.y + box.height * 0.4, { steps: 4 })
  await page.mouse.up()
  const question = page.getByRole('textbox', { name: /^Alarm/ })
  await expect(question).toHaveValue(/^memory\.free < \d+ for 10s notify$/)
  const level = Number(/\d+/.exec(await question.inputValue())?.[0])
  await question.fill(`memory.free < ${level} for 5s pause`)
  await question.press('Enter')
  await expect(app.marks('alarm')).toHaveCount(1)

  await app.setPace('max')
  await app.reaches(61)
  await app.isPaused()
  await expect(app.marks('rang')).toHaveCount(1)
  // It has held for five seconds, and not for longer.
  const memory = await memoryOf(app)
  const now = await app.now()
  const held = [0, 1, 2, 3, 4, 5, 6].map((ago) => memory('free', now - ago) < level)
  expect(held).toEqual([true, true, true, true, true, true, false])
})

test('where a line is heading is told while it is steady', async ({ atRest: app }) => {
  const { page } = app
  await leak(app)
  await app.runTo('00:02:30')
  const told = page.locator('[data-chart="memory"]').getByRole('note')
  await expect(told).toHaveText(/^memory is gone in about /)
  // What is free, or can be had again, as it went in the last two minutes.
  const memory = await memoryOf(app)
  const left = (second: number): number =>
    ['free', 'buffers', 'cached'].reduce((sum, name) => sum + memory(name, second), 0) -
    memory('orphaned', second)
  const seconds = (left(150) * 120) / (left(30) - left(150))
  const [, minutes = 0, rest = 0] = /(\d+) min(?: (\d+) s)?$/.exec(await told.innerText()) ?? []
  expect(Math.abs(60 * Number(minutes) + Number(rest) - seconds)).toBeLessThan(20)

  // When it is gone, it goes nowhere.
  await app.runUntilCondition('memory.free', '<', '1500')
  await app.reaches(150.1)
  await app.isPaused()
  expect(await app.now()).toBeLessThan(150 + seconds)
  await app.runTo('+6 min')
  await expect(told).toBeHidden()
})
