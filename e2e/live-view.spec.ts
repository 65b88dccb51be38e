import { expect, test } from './fixtures'

const size = { width: 1000, height: 650 }

test('what somebody scrolled to stays in sight while the run goes on', async ({ open }) => {
  const app = await open({ env: { SOAKSCOPE_PACE: '100' }, size })
  await app.isRunning()
  await app.reaches(20)
  // So far that some lines of vmstat are still in sight: a browser would hold on to those.
  await app.charts.first().hover()
  await app.page.mouse.wheel(0, 120)
  await expect.poll(() => app.scrolled('view')).toBe(120)
  const lines = (await app.now()) + 10
  await app.reaches(lines)
  await expect(app.vmstatLines.last()).toHaveAttribute('data-at', /^00:00:[3-5]|^00:0[1-9]/)
  expect(await app.scrolled('view')).toBe(120)

  // vmstat scrolled back stands still and says so; the wheel gets back, and so does a key.
  await app.page.mouse.wheel(0, -250)
  await expect.poll(() => app.scrolled('view')).toBe(0)
  for (const back of [() => app.page.mouse.wheel(0, 2000), () => app.page.keyboard.press('g')]) {
    await app.vmstatLines.last().hover()
    await app.page.mouse.wheel(0, -114)
    await expect(app.behind).toContainText(/scrolled back, \d+ lines behind/)
    const newest = await app.vmstatLines.last().getAttribute('data-at')
    await app.reaches((await app.now()) + 5)
    const at = await app.scrolled('vmstat')
    expect(at).toBeLessThan(0)
    await app.reaches((await app.now()) + 10)
    expect(await app.vmstatLines.last().getAttribute('data-at')).toBe(newest)
    expect(await app.scrolled('vmstat')).toBe(at)
    await back()
    await expect(app.behind).toBeHidden()
    await expect(app.vmstatLines.last()).not.toHaveAttribute('data-at', newest ?? '')
  }
})

test('numbers say what they mean and what they are measured by, and a chart takes the view', async ({
  open,
}) => {
  const env = { SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: 'max' }
  const app = await open({ env, size })
  await app.isPaused()
  await app.runTo('00:04:30')
  await expect(app.vmstat).toContainText(/baseline: round 2, 00:02:00–00:03:5\d/)
  await app.page.keyboard.press('b')
  await expect(app.vmstat.getByRole('button', { name: 'own baseline' })).toBeVisible()
  await app.page.keyboard.press('Shift+b')
  await expect(app.vmstat.getByRole('button', { name: 'own baseline' })).toBeHidden()

  const tip = app.page.getByRole('tooltip')
  await app.vmstat.getByRole('button', { name: 'b', exact: true }).hover()
  await expect(tip).toContainText('processes in uninterruptible sleep, mostly waiting for the disk')
  await expect(tip).toContainText('0–2 is healthy')
  await app.clock.hover()
  await expect(tip).toBeHidden()
  await app.vmstat.getByRole('button', { name: 'r', exact: true }).focus()
  await app.page.keyboard.press('End')
  await expect(tip).toContainText('id: share of CPU time in which nothing ran')

  // No number touches its neighbour.
  const gaps = await app.vmstatLines.last().evaluate((line) => {
    const boxes = [...line.children].map((cell) => {
      const range = document.createRange()
      range.selectNodeContents(cell)
      return range.getBoundingClientRect()
    })
    return boxes.slice(1).map((box, i) => box.left - (boxes[i]?.right ?? 0))
  })
  expect(Math.min(...gaps)).toBeGreaterThan(5)

  const [first, second] = [app.charts.nth(0), app.charts.nth(1)]
  for (const enlarge of [
    () => second.getByRole('slider').dblclick(),
    () => second.getByRole('slider').press('Enter'),
  ]) {
    await enlarge()
    await expect(first).toBeHidden()
    const box = () => second.boundingBox()
    await expect.poll(async () => (await box())?.width).toBeGreaterThan(880)
    await expect.poll(async () => (await box())?.height).toBeGreaterThan(400)
    await app.page.keyboard.press('Escape')
    await expect(first).toBeVisible()
  }
})
