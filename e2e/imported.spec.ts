/** What a run was saved as is opened again, in both shells. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from './fixtures'

const folder = mkdtempSync(path.join(tmpdir(), 'soakscope-imported-'))
const file = (name: string): string => path.join(folder, name)
test.beforeAll(() => {
  const run = 'run yield --for 60s'.split(' ')
  const exports = ['herd.parquet', 'herd.csv', 'herd.vmstat.txt'].flatMap((name) => [
    '--export',
    file(name),
  ])
  execFileSync(process.execPath, ['out/main/cli.js', ...run, ...exports], { stdio: 'ignore' })
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('files of samples that are dropped become recordings, and their charts are shown', async ({
  open,
  shell,
}) => {
  const env = { SOAKSCOPE_RECORD: file(shell), SOAKSCOPE_SCENARIO: 'yield' }
  const app = await open({ env })
  await app.isRunning()
  const drop = (name: string) => app.drop({ name, bytes: readFileSync(file(name)) })
  const lines = readFileSync(file('herd.csv'), 'utf8').trim().split('\r\n')
  const column = (lines[0] ?? '').split(',').findIndex((name) => /^contextSwitches /.test(name))
  /** What it has come to at a second; the first sample is of second 1. */
  const total = (second: number): number => Number(lines[second]?.split(',')[column])

  await test.step('Parquet: its charts, and the totals of the run', async () => {
    await drop('herd.parquet')
    await expect(app.replay).toContainText('imported from herd.parquet')
    await expect(app.page.getByText('Interrupts and switches')).toBeVisible()
    await app.brushChart(20)
    const ends = [...(await app.window.innerText()).matchAll(/00:(\d\d):(\d\d)/g)]
    const [from, to] = ends.map(([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds))
    const grown = total(to!) - total(from!)
    expect(grown).toBeGreaterThan(0)
    const cells = await app.statisticsOf('contextSwitches')
    expect(cells.map((cell) => Number(cell.replace(/,/g, '')))).toContain(grown)
  })

  await test.step('what it has not is said in words, without a button for it', async () => {
    await expect(app.replay.getByRole('button', { name: /Branch/ })).toHaveCount(0)
    await app.show('Trace')
    await expect(app.page.getByText(/No trace can be taken of what was imported/)).toBeVisible()
    await app.show('Live')
    await app.page.keyboard.press('Backspace')
    const library = await app.openLibrary()
    await app.findRecording('yield')
    await app.recordings.filter({ hasText: 'imported' }).first().click()
    await expect(library.getByRole('button', { name: 'Continue' })).toHaveCount(0)
    await expect(library.getByText(/It is no run, and cannot be continued/)).toBeVisible()
    await app.page.keyboard.press('Escape')
  })

  await test.step('vmstat: charts of its columns, and the lines that were printed', async () => {
    await drop('herd.vmstat.txt')
    await expect(app.replay).toContainText('imported from herd.vmstat.txt, a vmstat log')
    await expect(app.page.getByText('Runnable and blocked')).toBeVisible()
    await app.page.keyboard.press('Backspace')
  })

  await test.step('what nobody can read is refused by name', async () => {
    await app.drop({ name: 'a.txt', bytes: Buffer.from('time,b\n1,2\n') })
    await expect(app.messages.getByText(/has other columns/)).toBeVisible()
  })
})
