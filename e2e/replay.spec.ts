/** A recording is looked at in the window, and the run is looked back at while it goes on. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from './fixtures'

test('a recording is opened, played and left; the run is looked back at', async ({ open }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'soakscope-replay-'))
  try {
    const app = await open({
      env: { SOAKSCOPE_RECORD: folder, SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: 'max' },
    })
    const { keyboard } = app.page
    await app.isPaused()
    await app.runTo('00:00:40')
    await app.newRun({ seed: 21 })
    await app.pause()
    const stands = await app.clock.innerText()

    await app.openLibrary()
    await app.recordings.filter({ hasText: 'complete' }).getByRole('button').press('Enter')
    await expect(app.replay).toContainText('Recording')
    await expect(app.seed).toHaveText('seed 1')
    await expect(app.clock).toContainText('00:00:40')
    await expect(app.drawer).toBeHidden()
    await expect(app.vmstatLines.last()).toHaveAttribute('data-at', '00:00:40')

    await keyboard.press('Home')
    await expect(app.clock).toContainText('00:00:00')
    await keyboard.press('ArrowRight')
    await expect(app.clock).toContainText('00:00:01')
    await keyboard.press('.')
    await keyboard.press('Space')
    await expect(app.clock).toContainText('00:00:40')
    await keyboard.press('p')
    const rows = app.page.getByRole('table').getByRole('row')
    await expect.poll(() => rows.count()).toBeGreaterThan(10)
    // What a recording does not keep is there once the run was executed again.
    const exactly = app.page.getByRole('region', { name: 'Exactly this window' })
    await expect(exactly).toContainText('keeps neither calls nor time')
    await keyboard.press('Shift+X')
    await expect(exactly).toContainText('by executing the run again', { timeout: 120_000 })
    await app.page.getByRole('button', { name: 'off-CPU' }).click()
    await expect(app.page.getByRole('group', { name: 'Time without a CPU' })).toContainText(
      'sleeps',
    )
    await keyboard.press('k')
    await expect(app.page.getByText('are not recorded')).toBeVisible()
    await keyboard.press('l')

    await keyboard.press('Backspace')
    await expect(app.replay).toBeHidden()
    await expect(app.seed).toHaveText('seed 21')
    await expect(app.clock).toContainText(stands)

    // The run goes on while its past is looked at.
    await app.runTo('00:00:20')
    await keyboard.press('r')
    await expect(app.replay).toContainText('Looking back')
    await keyboard.press('Home')
    await expect(app.clock).toContainText('00:00:00')
    await app.resume()
    await expect(app.replay).toContainText('The run goes on')
    await expect(app.clock).toContainText('00:00:00')
    await keyboard.press('Backspace')
    await expect(app.replay).toBeHidden()
    await app.reaches(20.5)

    // And another way is gone from an instant of it.
    await app.pause()
    await keyboard.press('r')
    await keyboard.press('Home')
    await app.page.locator('body').press('Shift+N')
    const branch = app.page.getByRole('dialog', { name: 'Again from 00:00:00' })
    await expect(branch.getByRole('status')).toContainText('the same run')
    await branch.getByRole('switch', { name: 'Fault Slow disk' }).press('Space')
    await branch.getByLabel('sdet.scripts').fill('0.5')
    await expect(branch.getByRole('alert')).toContainText('a whole number')
    await branch.getByLabel('sdet.scripts').fill('64')
    await expect(branch.getByRole('status')).toHaveText('fault:slow-disk=1 set:sdet.scripts=64')
    await keyboard.press('ControlOrMeta+Enter')
    await expect(app.messages.filter({ hasText: 'has branched off' })).toBeVisible()
    await expect(app.replay).toBeHidden()
    const library = await app.openLibrary()
    await expect(app.recordings).toHaveCount(3)
    await app.recordings.first().getByRole('button').click()
    await expect(library.getByText('Branches off')).toBeVisible()
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
})
