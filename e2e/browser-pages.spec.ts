import { expect, test } from './fixtures'

test('pages share one run, and outlive its host', async ({ open }) => {
  const app = await open({ env: { SOAKSCOPE_PAUSED: '1', SOAKSCOPE_SCENARIO: 'yield' } })
  await app.isPaused()
  const context = app.page.context()
  const other = await context.newPage()
  await other.goto(new URL('/', app.page.url()).href)
  await expect(other.getByRole('timer', { name: 'Simulated time' })).toBeVisible()
  await app.newRun({ seed: 31 })
  await expect(app.messages).toContainText(/with seed 31 took the place of .* watched too/)
  await expect(other.getByRole('region', { name: 'Messages' })).toContainText(
    /Another page began .* with seed 31; it took the place of .* with seed 1/,
  )
  await other.close()

  // The attempts to connect again are on the console of the browser.
  app.announceError(/WebSocket connection|ERR_CONNECTION|ERR_EMPTY|401|Failed to load resource/)
  const startAgain = await app.killHost()
  const banner = (words: string) => app.page.getByRole('alert').filter({ hasText: words })
  await expect(banner('Soakscope is gone.')).toBeVisible()
  // Never opened before, and there all the same.
  await app.show('Profile')
  await expect(app.page.getByRole('heading', { name: /profile/i }).first()).toBeAttached()
  await app.show('Kernel')
  await expect(app.page.getByText('This page has a defect')).toHaveCount(0)

  const address = await startAgain()
  await expect(banner('was started anew')).toBeVisible()
  const opened = await context.newPage()
  await opened.goto(address)
  await expect(banner('was started anew')).toBeHidden()
  await expect(app.messages).toContainText(/was begun while this page had no connection/)
})
