/** What the library does with the file manager and the trash of the system. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { zipOf } from '../src/main/recordings/zip.test-support'
import { expect, test } from './fixtures'

test('a recording is shown in its folder, thrown away, and comes back from a zip', async ({
  open,
}) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'soakscope-library-'))
  try {
    const app = await open({
      env: { SOAKSCOPE_RECORD: folder, SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: 'max' },
    })
    const { page } = app
    await app.isPaused()
    await app.runTo('00:00:05')
    await app.newRun({ seed: 21 })
    await app.pause()
    let library = await app.openLibrary()
    await expect(app.recordings).toHaveCount(2)
    const complete = app.recordings.filter({ hasText: 'complete' })
    await complete.getByRole('button').click()
    const id = (await readdir(folder)).find((name) => name.includes('seed1-')) ?? ''
    const files = await readdir(path.join(folder, id))
    const entries = files.map(async (name) => ({
      name: `${id}/${name}`,
      bytes: await readFile(path.join(folder, id, name)),
    }))
    const zip = { name: 'sent.zip', bytes: zipOf(await Promise.all(entries)) }

    const trash = library.getByRole('button', { name: 'Move to trash' })
    await test.step('where there is no trash it stays, and what to do is said', async () => {
      const asked = await app.noteDesktop('Failed to move item to trash')
      await library.getByRole('button', { name: 'Show in folder' }).press('Enter')
      await expect.poll(asked).toEqual([`show ${path.join(folder, id)}`])
      await trash.press('Enter')
      await expect(app.messages.getByRole('alert')).toHaveText(
        `${id} cannot be moved to the trash: the system has no trash for it, or did not take it; Show in folder leads to it`,
      )
      await expect(trash).toBeFocused()
      expect(await readdir(folder)).toContain(id)
    })

    await test.step('it goes, also while it is looked at; the keys go on from the next', async () => {
      await complete.getByRole('button').press('Enter')
      await expect(app.replay).toBeVisible()
      library = await app.openLibrary()
      await complete.getByRole('button').click()
      const asked = await app.noteDesktop()
      await trash.press('Enter')
      await expect(
        app.messages.getByText('Moved SDET on a 4-way server to the trash'),
      ).toBeVisible()
      expect(await asked()).toEqual([`trash ${path.join(folder, id)}`])
      await expect(app.recordings).toHaveCount(1)
      await expect(app.recordings.getByRole('button')).toBeFocused()
      await expect(app.replay).toBeHidden()
      // The one that is being recorded cannot go.
      await expect(trash).toHaveCount(0)
      await page.keyboard.press('Escape')
      await expect(app.seed).toHaveText('seed 21')
    })

    await app.openRecordingFile(zip)
    await expect(app.replay).toBeVisible()
    await expect(app.seed).toHaveText('seed 1')
    expect(await app.now()).toBe(5)
    await app.openLibrary()
    await expect(app.recordings).toHaveCount(2)
    await expect(complete).toContainText('00:00:05')
    await page.keyboard.press('Escape')
    await app.openRecordingFile({ ...zip, bytes: zip.bytes.subarray(0, 2000) })
    await expect(app.messages.getByRole('alert').filter({ hasText: 'sent.zip' })).toBeVisible()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
