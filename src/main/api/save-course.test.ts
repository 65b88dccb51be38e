import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { success } from '../../shared/result'
import { writeWhole } from '../formats/write-file'
import { SaveCourse } from './save-course'

const folder = mkdtempSync(join(tmpdir(), 'soakscope-course-'))
const path = join(folder, 'run.csv')
const course = new SaveCourse(async ({ pieces }) => {
  const written = await writeWhole(path, pieces)
  return written.ok ? success({ kind: 'written', path, bytes: written.value }) : written
})

/** So many pieces, each when it is asked for. */
async function* pieces(count: number) {
  for (let at = 0; at < count; at++) {
    await sleep(1)
    yield 'ä234\n'
  }
}
const file = (count: number) => ({ kind: 'csv', name: 'run.csv', pieces: pieces(count) }) as const

it('tells how far a file is, and writes it as it is', async () => {
  expect(course.state()).toEqual({ files: 0, bytes: 0 })
  const saving = course.save(file(100))
  await expect.poll(() => course.state().bytes).toBeGreaterThan(0)
  expect(course.state().files).toBe(1)
  expect(await saving).toEqual(success({ kind: 'written', path, bytes: 600 }))
  expect(readFileSync(path, 'utf8')).toBe('ä234\n'.repeat(100))
  expect(course.state()).toEqual({ files: 0, bytes: 0 })
})

it('leaves what was there when it is called off, and nothing else', async () => {
  const saving = course.save(file(1e6))
  await expect.poll(() => course.state().bytes).toBeGreaterThan(0)
  course.callOff()
  expect(await saving).toEqual(success({ kind: 'cancelled' }))
  expect(readFileSync(path, 'utf8')).toHaveLength(500)
  expect(readdirSync(folder)).toEqual(['run.csv'])
  expect(existsSync(path)).toBe(true)
})

it('says what went wrong where nobody called it off', async () => {
  const lost = new SaveCourse(async ({ pieces: of }) => {
    const written = await writeWhole(join(folder, 'none', 'a.csv'), of)
    return written.ok ? success({ kind: 'cancelled' }) : written
  })
  expect(await lost.save(file(3))).toMatchObject({ ok: false, error: { code: 'cannot-write' } })
})
