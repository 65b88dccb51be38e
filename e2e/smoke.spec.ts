import { expect, test } from './fixtures'

test('opens with the scenario sdet running and its clock going', async ({ app }) => {
  await expect(app.page).toHaveTitle(/Soakscope/)
  await expect(app.page.getByRole('banner')).toContainText('sdet')
  const before = await app.now()
  await app.reaches(before + 1)
})

test('vmstat prints a line for every simulated second', async ({ app }) => {
  await app.setPace(10)
  await app.reaches(8)
  await app.pause()
  const now = await app.now()
  await expect(app.vmstatLines).toHaveCount(Math.floor(now))
  const [first = ''] = await app.vmstatLines.allInnerTexts()
  expect(first.trim().split(/\s+/).map(Number).filter(Number.isFinite)).toHaveLength(16)
})
