import { expect, test } from './fixtures'

test('opens with the scenario sdet running and its clock going', async ({ app }) => {
  await expect(app.page).toHaveTitle(/Soakscope/)
  await expect(app.page.getByRole('banner')).toContainText('sdet')
  const before = await app.now()
  await app.reaches(before + 1)
})

test('vmstat prints a line for every simulated second', async ({ atRest: app }) => {
  await app.runTo('00:00:08.5')
  await expect(app.vmstatLines).toHaveCount(8)
  const [first = ''] = await app.vmstatLines.allInnerTexts()
  expect(first.trim().split(/\s+/).map(Number).filter(Number.isFinite)).toHaveLength(16)
})
