import { expect, test } from './fixtures'

const herd = { env: { SOAKSCOPE_SCENARIO: 'web', SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: 'max' } }

/** Cycles of the steps of a stay, and what stands below them as their sum. */
const cyclesOf = (table: string): { steps: number; inAll: number } => {
  const cycles = table
    .split('\n')
    .map((row) => Number(/([\d,]+)$/.exec(row)?.[1]?.replaceAll(',', '')))
    .filter((value) => !Number.isNaN(value))
  const inAll = cycles.pop() ?? NaN
  return { steps: cycles.reduce((sum, value) => sum + value, 0), inAll }
}

test('a past instant is traced, read stay by stay with keys, saved and opened again', async ({
  open,
}) => {
  const app = await open(herd)
  await app.isPaused()
  await app.runTo('00:00:03')
  const { page } = app
  await page.keyboard.press('m')
  await app.isShown('Trace')
  await expect(page.getByText('No trace yet.')).toBeVisible()
  await app.traceThePast(2.5, 20)
  // The run itself stands where it stood.
  expect(await app.now()).toBe(3)
  await expect(app.traceSummary).toContainText('of 4 CPUs')
  await expect(app.traceSummary).toContainText('web, seed 1 · 00:00:02.5 to 00:00:02.52')
  await expect.poll(() => app.coloursOf(app.lanes)).toBeGreaterThan(4)

  await app.lanes.focus()
  await page.keyboard.press('.')
  await expect(app.stay).toContainText(/ on CPU 0.* cycles/)
  const { steps, inAll } = cyclesOf(await app.stay.getByRole('table').first().innerText())
  expect(inAll).toBeGreaterThan(0)
  expect(steps).toBe(inAll)
  await page.keyboard.press(']')
  await expect(app.stay.locator('p').first()).toContainText('CPU 1')
  // What the CPU does there is read out, and the stay beside is one press away.
  await expect(app.traceReadout).toHaveText(/ · CPU 1: .* · \d+ runnable$/)
  const place = await app.stay.getByText(/^[\d,]+ of [\d,]+$/).innerText()
  await app.stay.getByRole('button', { name: 'The stay before' }).press('Enter')
  await expect(app.stay.getByText(/^[\d,]+ of [\d,]+$/)).not.toHaveText(place)
  await app.lanes.focus()
  const whole = await app.shown.innerText()
  await page.keyboard.press('w')
  await expect(app.shown).not.toHaveText(whole)
  await page.keyboard.press('f')
  await expect(app.shown).toHaveText(whole)

  const summary = (await app.traceSummary.innerText()).split('web, seed')[0] ?? ''
  const file = await app.saveTrace()
  expect(file.name).toMatch(/\.trace\.gz$/)
  await app.openTrace(file)
  await expect(app.traceSummary).toContainText(`${file.name}: web, seed 1`)
  expect(await app.traceSummary.innerText()).toContain(summary.trim())
})

test('a file that is no trace is refused, and the view stays as it was', async ({ open }) => {
  const app = await open(herd)
  await app.show('Trace')
  await app.openTrace({ name: 'x.trace.gz', bytes: Buffer.from('{"soakscope":"no"}\n') })
  await expect(app.messages.getByRole('alert')).toContainText('x.trace.gz')
  await expect(app.page.getByText('No trace yet.')).toBeVisible()
})
