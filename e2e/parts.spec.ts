/** Recordings that are brought along, cut and copied, in both shells. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { zipOf } from '../src/main/recordings/zip.test-support'
import { expect, test } from './fixtures'

const folder = mkdtempSync(path.join(tmpdir(), 'soakscope-parts-'))
const recorded = path.join(folder, 'brought')
test.beforeAll(() => {
  const run = 'run yield --for 60s --at 20s note:halfway --record'.split(' ')
  execFileSync(process.execPath, ['out/main/cli.js', ...run, recorded], { stdio: 'ignore' })
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a recording that is brought along opens, and a window of it becomes one of its own', async ({
  open,
  shell,
}) => {
  const env = { SOAKSCOPE_RECORD: path.join(folder, shell), SOAKSCOPE_SCENARIO: 'yield' }
  const app = await open({ env })
  await app.isRunning()

  await test.step('its folder is taken into the library, and shown', async () => {
    await app.openRecordingFolder(recorded)
    await expect(app.replay).toContainText('Recording')
  })

  const brushed =
    await test.step('a window is brushed on a chart, and has statistics', async () => {
      await app.brushChart(10)
      await app.show('Profile')
      await expect(app.page.getByText(/exact cycles, brushed, 00:00/)).toBeVisible()
      await app.show('Live')
      const cells = await app.statisticsOf('contextSwitches')
      expect(Number(cells[1]?.replace(/,/g, ''))).toBeGreaterThan(0)
      return cells
    })

  await test.step('the window becomes a recording, with the totals of that range', async () => {
    await app.page.keyboard.press('Shift+T')
    await expect(app.messages.getByText(/is a recording of its own/)).toBeVisible()
    await app.page.keyboard.press('Backspace')
    const library = await app.openLibrary()
    await app.findRecording('a part')
    await expect(app.recordings).toHaveCount(1)
    await library.getByLabel('Tags').fill('leak week')
    await app.recordings.first().dblclick()
    await expect(app.window).toBeVisible()
    expect(await app.statisticsOf('contextSwitches')).toEqual(brushed)
  })

  await test.step('a zip that leads elsewhere is refused by name when it is dropped', async () => {
    const files = readdirSync(recorded).map((name) => ({
      name,
      bytes: readFileSync(path.join(recorded, name)),
    }))
    const evil = { name: '../evil.arrows', bytes: Buffer.from('x') }
    await app.drop({ name: 'evil.zip', bytes: zipOf([...files, evil]) })
    await expect(app.messages.getByText(/^evil\.zip: it cannot be unpacked/)).toBeVisible()
  })

  await test.step('it is duplicated into the dialog of a new run', async () => {
    const library = await app.openLibrary()
    await app.findRecording('#week')
    await library.getByRole('button', { name: 'Duplicate…' }).click()
    const form = app.page.getByRole('dialog', { name: 'New run' })
    await expect(form.getByText('Do what was done in it')).toBeVisible()
    await form.getByRole('button', { name: 'Start' }).click()
    await expect(form).toBeHidden()
    await expect(app.replay).toBeHidden()
    await app.isRunning()
  })
})
