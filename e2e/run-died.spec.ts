import { barriersOn } from './barriers'
import { expect, test } from './fixtures'

test('a worker that runs out of memory takes nothing with it, and can be run again', async ({
  open,
  shell,
}) => {
  test.slow()
  const app = await open({
    env: {
      SOAKSCOPE_MEMORY_MB: '20',
      SOAKSCOPE_SEED: '11',
      SOAKSCOPE_PACE: 'max',
      SOAKSCOPE_PAUSED: '1',
    },
  })
  await app.isPaused()
  await app.setParameter('sdet.scripts', '512')
  await app.resume()

  const died = app.page.getByRole('alertdialog', { name: 'The run died' })
  await expect(died).toBeVisible({ timeout: 120_000 })
  await expect(died).toContainText('memory')
  await expect(died.getByText('11', { exact: true })).toBeVisible()
  expect(await app.now()).toBeGreaterThan(1)
  if (shell === 'web') {
    for (const colorScheme of ['dark', 'light'] as const) {
      await app.page.emulateMedia({ colorScheme })
      expect(await barriersOn(app.page, `${colorScheme}, died`)).toEqual([])
    }
  }

  await died.getByRole('button', { name: 'Look at what was recorded' }).click()
  const samples = Math.floor(await app.now())
  // Of the lines of vmstat, those that are not scrolled back to are not on the page.
  await expect(app.vmstatLines).toHaveCount(Math.min(samples, 60))
  const csv = await app.save('csv')
  expect(csv.bytes.toString().trimEnd().split('\r\n')).toHaveLength(1 + samples)

  // The same run comes to the same limit, in the same window.
  await app.page.getByRole('button', { name: 'Show' }).click()
  await died.evaluate((first) => first.setAttribute('data-seen', ''))
  await died.getByRole('button', { name: 'Run again' }).click()
  await expect(died.and(app.page.locator(':not([data-seen])'))).toBeVisible({ timeout: 120_000 })
  await expect(app.page.getByRole('banner')).toContainText('seed 11')
})
