import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writerTag } from '../formats/part-files'
import { SampleSpool } from './sample-spool'

describe('the samples of a run', () => {
  it.each([2, 16, 1000])('come back as they were, %i numbers at a time', (numbers) => {
    const spool = new SampleSpool(3, numbers)
    const written = Array.from({ length: 50 }, (_, i) => [i + 1, i * 2, -i, i / 3])
    for (const [time = 0, ...values] of written) spool.add(time, Float64Array.from(values))
    const read = () => Array.from(spool.each(), ({ time, values }) => [time, ...values])
    expect(read()).toEqual(written)
    expect(read()).toEqual(written)
    spool.close()
  })

  it('are none when there were none', () => {
    expect([...new SampleSpool(3).each()]).toEqual([])
  })
  it('of a killed run are removed by the next one, and those of a living run are not', () => {
    const [host = ''] = writerTag().split('-')
    const { pid: ended } = spawnSync(process.execPath, ['--eval', ''])
    const folderOf = (writer: string): string => {
      const folder = join(tmpdir(), `soakscope-samples-${writer}-aBc123`)
      mkdirSync(folder)
      return folder
    }
    const [left, living] = [folderOf(`${host}-${ended}-1`), folderOf(writerTag())]
    try {
      new SampleSpool(3).close()
      expect([existsSync(left), existsSync(living)]).toEqual([false, true])
    } finally {
      for (const folder of [left, living]) rmSync(folder, { recursive: true, force: true })
    }
  })
})
