import { expect, test } from './fixtures'

test('the Live and the Profile view of a run', async ({ atRest: app }) => {
  await app.runTo('00:05:00')

  await test.step('every chart draws a line', async () => {
    const count = await app.charts.count()
    expect(count).toBeGreaterThanOrEqual(7)
    for (let i = 0; i < count; i++) {
      const canvas = app.charts.nth(i).locator('canvas').first()
      await expect.poll(() => app.coloursOf(canvas)).toBeGreaterThan(3)
    }
  })

  await test.step('charts and timeline share one crosshair', async () => {
    const [first, second] = [app.charts.nth(0), app.charts.nth(3)].map((c) => c.getByRole('slider'))
    await first?.hover()
    const at = await first?.getAttribute('aria-valuenow')
    expect(Number(at)).toBeGreaterThan(0)
    expect(await second?.getAttribute('aria-valuenow')).toBe(at)
  })

  await test.step('procedures are listed by their share', async () => {
    await app.show('Profile')
    const rows = app.page.getByRole('table').getByRole('row')
    await expect.poll(() => rows.count()).toBeGreaterThan(10)
    const { profile } = await app.report()
    const names = await app.page.getByRole('table').innerText()
    for (const { procedure } of profile.slice(0, 5)) expect(names).toContain(procedure)
  })
})

test('the Kernel view draws the structures, and its numbers are those of the run', async ({
  atRest: app,
}) => {
  await app.runTo('00:01:00')
  await app.show('Kernel')
  for (const title of ['Buffer cache', 'Run queue', 'Hash chains', 'Disk queue']) {
    const panel = app.page.getByRole('region', { name: title, exact: true })
    await expect(panel).toBeVisible()
    await expect.poll(() => app.coloursOf(panel.locator('canvas'))).toBeGreaterThan(2)
  }

  const { counters } = await app.report()
  const cache = app.page.getByRole('region', { name: 'Buffer cache', exact: true })
  const total = counters['buffers.total']?.last ?? NaN
  await expect(cache).toContainText(`${total.toLocaleString('en-US')} buffers`)
  const counted = (state: string): number => counters[`buffers.${state}`]?.last ?? NaN
  const drawn = async (state: string): Promise<number> => {
    const text = (await cache.textContent()) ?? ''
    return Number(new RegExp(`${state} ([\\d,]+) =`).exec(text)?.[1]?.replaceAll(',', ''))
  }
  for (const state of ['locked', 'orphaned', 'free']) {
    expect(await drawn(state), state).toBe(counted(state))
  }
  // Counters follow the lists, on which a locked buffer stays until it is filed again; a cell has
  // one state.
  const [clean, dirty] = [await drawn('clean'), await drawn('dirty')]
  const filedOtherwise = counted('clean') - clean + counted('dirty') - dirty
  expect(filedOtherwise).toBeGreaterThanOrEqual(0)
  expect(filedOtherwise).toBeLessThanOrEqual(counted('locked'))
  expect(
    clean + dirty + counted('locked') + counted('orphaned') + counted('free'),
    'every buffer has one state',
  ).toBe(total)
  const queue = app.page.getByRole('region', { name: 'Run queue', exact: true })
  const runnable = counters['processes.runnable']?.last ?? NaN
  await expect(queue).toContainText(`${runnable} runnable`)
})

test('the theme is the system’s until one is chosen, which is remembered', async ({ app }) => {
  const isLight = (): Promise<void> => expect.poll(() => app.brightness()).toBeGreaterThan(0.8)
  const isDark = (): Promise<void> => expect.poll(() => app.brightness()).toBeLessThan(0.2)
  await app.page.emulateMedia({ colorScheme: 'dark' })
  await isDark()
  await app.page.emulateMedia({ colorScheme: 'light' })
  await isLight()

  await app.chooseTheme('Dark theme')
  await isDark()
  await app.page.reload()
  await app.isRunning()
  await isDark()

  await app.chooseTheme('Theme of the system')
  await isLight()
  await app.page.emulateMedia({ colorScheme: 'dark' })
  await isDark()
})

test('freeze lets vmstat stand still while the run goes on', async ({ atRest: app }) => {
  await app.runTo('00:00:05')
  await expect(app.vmstatLines).toHaveCount(5)
  await app.page.getByRole('button', { name: /freeze/ }).click()
  await app.runTo('00:00:15')
  await expect(app.vmstatLines).toHaveCount(5)
  await app.page.getByRole('button', { name: /freeze/ }).click()
  await expect(app.vmstatLines).toHaveCount(15)
})

test('vmstat scrolls back to its first line', async ({ atRest: app }) => {
  await app.runTo('00:02:00')
  await expect(app.vmstatLines).toHaveCount(60)
  // Sixty stand there from the first minute on; the newest may come after the word of the pause,
  // and none comes to somebody who has scrolled back.
  await expect(app.vmstatLines.last()).toHaveAttribute('data-at', '00:02:00')
  await app.vmstatLines.last().hover()
  await app.page.mouse.wheel(0, -200)
  await expect(app.vmstatLines).toHaveCount(120)
  await app.page.mouse.wheel(0, -10_000)
  await expect(app.vmstatLines.first()).toBeInViewport()
  await expect(app.vmstatLines.first()).toHaveAttribute('data-at', '00:00:01')
})

test('a page that is opened later shows the run from its beginning', async ({ atRest: app }) => {
  await app.toggle('slow-disk')
  await app.isOn('slow-disk', true)
  await app.runTo('00:00:30')
  await expect(app.vmstatLines).toHaveCount(30)
  await app.page.reload()
  await app.isPaused()
  await expect(app.vmstatLines).toHaveCount(30)
  await expect(app.marks('fault')).toHaveCount(1)
})
