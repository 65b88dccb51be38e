import { describe, expect, it } from 'vitest'
import { reservedFiles, SystemFiles } from './files'

/** A system that may have so many file structures, with something else that would hold some. */
function system(limit: number, wanted = 0): SystemFiles {
  const files = new SystemFiles()
  files.set(limit, wanted)
  return files
}
const takeAll = (files: SystemFiles, superuser = false): number => {
  let count = 0
  while (files.take(superuser)) count++
  return count
}

describe('file structures of the system', () => {
  it('end at the limit, the last ten of them for root alone', () => {
    const files = system(100)
    expect(takeAll(files)).toBe(100 - reservedFiles)
    expect(takeAll(files, true)).toBe(reservedFiles)
    expect([files.open, files.refused]).toEqual([100, 2])
    for (let count = 0; count < reservedFiles; count++) files.release()
    expect(files.take(false)).toBe(false)
    files.release()
    expect(files.take(false)).toBe(true)
  })

  it('are 4,096 unless said otherwise', () => {
    expect(takeAll(new SystemFiles(), true)).toBe(4096)
  })

  it('that something else holds are not there for processes; root has its ten all the same', () => {
    const files = system(100, 60)
    expect([files.open, takeAll(files), takeAll(files, true)]).toEqual([60, 30, 10])
  })

  it('go to the other one as they come free, until it has all that it wants', () => {
    const files = system(100)
    expect(takeAll(files)).toBe(90)
    files.set(100, 50)
    expect([files.used, files.held]).toEqual([90, 0])
    for (let count = 0; count < 50; count++) files.release()
    expect([files.used, files.held, files.take(false)]).toEqual([40, 50, false])
    files.release()
    expect([files.used, files.held, files.take(false)]).toEqual([39, 50, true])
  })

  it('come free when the other one goes, and those beyond a lower limit stay in use', () => {
    const files = system(100, 100)
    expect([files.open, files.take(false)]).toEqual([90, false])
    files.set(100, 0)
    expect(takeAll(files)).toBe(90)
    files.set(50, 0)
    expect([files.open, files.take(true)]).toEqual([90, false])
  })
})
