import { expect, test } from './fixtures'

test('a worker that runs out of memory takes nothing with it, and can be run again', async ({
  open,
}) => {
  const app = await open({
    env: { SOAKSCOPE_MEMORY_MB: '40', SOAKSCOPE_SEED: '11', SOAKSCOPE_PACE: 'max' },
  })
  const died = app.page.getByRole('alertdialog', { name: 'The run died' })
  await expect(died).toBeVisible({ timeout: 60_000 })
  await expect(died).toContainText('memory')
  await expect(died.getByText('11', { exact: true })).toBeVisible()
  const at = await app.now()
  expect(at).toBeGreaterThan(0)

  await died.getByRole('button', { name: 'Look at what was recorded' }).click()
  const lines = await app.vmstatLines.count()
  expect(lines).toBeGreaterThan(0)
  const csv = await app.save('csv')
  expect(csv.bytes.toString().trimEnd().split('\r\n')).toHaveLength(lines + 1)

  await app.page.getByRole('button', { name: 'Run again' }).click()
  await app.reaches(at * 0.9)
})
