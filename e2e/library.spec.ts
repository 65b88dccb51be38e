/** The library of recordings, in both shells. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from './fixtures'

test('a recording is named, kept, found and begun again', async ({ open, shell }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'soakscope-library-'))
  try {
    const app = await open({
      env: { SOAKSCOPE_RECORD: folder, SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: 'max' },
    })
    await app.isPaused()
    await app.runTo('00:00:30')
    await app.newRun({ seed: 21 })
    await app.pause()

    const library = await app.openLibrary()
    await expect(app.recordings).toHaveCount(2)
    const ofSeed = (name: string) =>
      app.recordings.filter({ has: app.page.getByRole('cell', { name, exact: true }) })
    await expect(app.recordings.filter({ hasText: 'recording' })).toContainText('21')
    const first = app.recordings.filter({ hasText: 'complete' })
    await expect(first).toContainText('00:00:30')
    await first.getByRole('button').click()
    await library.getByLabel('Name').fill('Before the fault')
    await library.getByLabel('Notes').fill('thirty seconds of peace')
    await library.getByRole('switch', { name: 'Keep' }).click()
    await expect(first).toContainText('Before the fault')
    await expect(first).toContainText('kept')
    await app.findRecording('peace')
    await expect(app.recordings).toHaveCount(1)
    await app.findRecording('no such thing')
    await expect(library.getByText('No recording has this in it.')).toBeVisible()
    // What is typed last is kept, too, when the dialog is closed over it.
    await app.findRecording('before fault')
    await library.getByLabel('Notes').fill('quiet')
    await app.page.keyboard.press('Escape')
    await expect(library).toBeHidden()
    await app.openLibrary()
    await expect(first).toContainText('quiet')
    const trash = library.getByRole('button', { name: 'Move to trash' })
    await expect(trash).toHaveCount(shell === 'electron' ? 1 : 0)

    // How much room they have: the window sets it, a page is told who does.
    const place = library.getByRole('region', { name: 'Where recordings are' })
    await expect(place).toContainText(folder)
    const limit = place.getByLabel('of at most')
    if (shell === 'electron') {
      await limit.fill('half of it')
      await limit.press('Enter')
      await expect(place.getByRole('alert')).toContainText('such as 500 MB or 4 GB')
      await limit.fill('500MB')
      await limit.press('Enter')
      await expect(app.messages.getByText('Recordings are limited to 500 MB')).toBeVisible()
      await expect(limit).toHaveValue('500 MB')
    } else {
      await expect(limit).toHaveCount(0)
      await expect(place).toContainText('--record-limit')
    }

    await library.getByRole('button', { name: 'Begin again' }).click()
    await expect(library).toBeHidden()
    await expect(app.seed).toHaveText('seed 1')
    await app.openLibrary()
    await app.findRecording('')
    await expect(app.recordings).toHaveCount(3)

    // The other one goes on where it stood, in its own recording.
    await ofSeed('21').getByRole('button').click()
    // Looked for from now on: it stays for five seconds.
    const said = app.messages.filter({ hasText: 'goes on where it stood' })
    await Promise.all([
      expect(said).toBeVisible({ timeout: 240_000 }),
      library.getByRole('button', { name: 'Continue' }).click(),
    ])
    await expect(library).toBeHidden()
    await expect(app.seed).toHaveText('seed 21')
    await app.openLibrary()
    await expect(app.recordings).toHaveCount(3)
    await expect(ofSeed('21')).toContainText('recording')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
