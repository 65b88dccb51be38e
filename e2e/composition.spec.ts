import { expect, test } from './fixtures'

const paused = (scenario: string, pace: string) => ({
  env: { SOAKSCOPE_SCENARIO: scenario, SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: pace },
})

test('httpds run beside SDET on another machine, and every screen knows of both', async ({
  open,
}) => {
  const app = await open(paused('sdet', '0.25'))
  await app.isPaused()
  const form = await app.newRunForm()
  const field = (path: string) => form.getByLabel(path, { exact: true })
  await expect(field('machine.clockMHz')).toHaveValue('450')
  await field('machine').selectOption('alphastation-500')
  await expect(field('machine.cpus')).toHaveValue('1')
  await expect(field('machine.clockMHz')).toHaveValue('400')
  await expect(field('machine.memoryMB')).toHaveValue('192')
  await expect(form).toContainText('1 changed')

  await expect(field('load.connections')).toHaveCount(0)
  await field('httpd.processes').fill('20')
  await field('load.connections').fill('5')
  await form.getByRole('button', { name: 'Start' }).click()
  await expect(form).toBeHidden()
  await expect(app.summary).toContainText(
    'AlphaStation 500 · Linux 2.2 · 1 × 400 MHz · 192 MB · 128 scripts · 20 httpds',
  )

  await app.runUntilTime('00:00:10')
  await app.setPace('max')
  await app.isPaused()
  for (const title of ['Rounds', 'Requests', 'Disk', 'Connections'])
    await expect(app.page.getByRole('region', { name: title, exact: true })).toBeVisible()
  await app.drawCounter('web.completed')
  const { counters, parameters } = await app.report()
  expect(counters['web.completed']?.last).toBeGreaterThan(0)
  expect(parameters).toMatchObject({ machine: 'alphastation-500', 'httpd.processes': 20 })

  await app.show('Kernel')
  for (const title of [
    ...['Buffer cache', 'Run queue', 'Hash chains', 'Disk queue'],
    ...['Wait queue', 'Listen backlog', 'Descriptors'],
  ])
    await expect(app.page.getByRole('region', { name: title, exact: true })).toBeVisible()

  // Faults, fixes and parameters of either are at hand.
  await expect(app.drawer.getByLabel('load.rate')).toBeVisible()
  await app.toggle('wake-one')
  await app.isOn('wake-one', true)
})

test('a run of yields has what concerns yields, and others come by keyboard', async ({ open }) => {
  const app = await open(paused('yield', 'max'))
  await app.isPaused()
  await app.runTo('00:00:01')
  await expect(app.charts).toHaveCount(6)
  const time = app.page.getByRole('region', { name: 'CPU time of a yield', exact: true })
  await expect.poll(() => app.coloursOf(time.locator('canvas').first())).toBeGreaterThan(3)
  await expect(app.drawer.getByLabel('kernel.bforget')).toHaveCount(0)
  await expect(app.drawer.getByLabel('profiler.sampling')).toBeVisible()
  await app.show('Kernel')
  await expect(app.page.getByRole('region', { name: 'Run queue', exact: true })).toBeVisible()
  await expect(app.page.getByRole('region', { name: 'Hash chains', exact: true })).toHaveCount(0)

  const { keyboard } = app.page
  await keyboard.press('n')
  const form = app.page.getByRole('dialog', { name: 'New run' })
  const find = form.getByLabel('Find a parameter')
  await expect(form.getByLabel('Seed')).toBeFocused()
  while (!(await find.evaluate((element) => element === document.activeElement)))
    await keyboard.press('Tab')
  await keyboard.type('httpd.processes')
  await keyboard.press('Tab')
  await expect(form.getByLabel('httpd.processes', { exact: true })).toBeFocused()
  await keyboard.type('10')
  await keyboard.press('ControlOrMeta+Enter')
  await expect(form).toBeHidden()
  await expect(app.summary).toContainText('64 threads · 10 httpds')
  await app.show('Live')
  await expect(app.page.getByRole('region', { name: 'Requests', exact: true })).toBeVisible()
})
