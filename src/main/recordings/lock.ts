/** One program at a time writes a recording; who does is said in a file of its folder. */
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isGone, writerTag } from '../formats/part-files'
import { reasonOf } from '../formats/place'
import { failure, success, type Result } from '../../shared/result'

const name = 'writer'
/** Locks of gone writers that are taken over before it is given up. */
const attempts = 3

/** Failure `refused` that says who has it, or `cannot-write`. The value lets go of it. */
export function lockRecording(folder: string): Result<() => void> {
  const path = join(folder, name)
  const mine = `${writerTag()} process ${process.pid} on ${hostname()}\n`
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      writeNew(path, mine)
      return success(() => {
        if (textOf(path) === mine) rmSync(path, { force: true })
      })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        return failure('cannot-write', `cannot record into ${folder}: ${reasonOf(error)}`)
      }
    }
    const holder = writerOf(folder)
    if (holder !== undefined) {
      return failure('refused', `${folder} is being recorded by ${holder}; end that one first`)
    }
    rmSync(path, { force: true })
  }
  return failure('refused', `${folder} is being taken by another program`)
}

/** Nothing of it stays where the disk has no room. @throws an error with a code */
function writeNew(path: string, contents: string): void {
  const file = openSync(path, 'wx')
  try {
    writeSync(file, contents)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

/** Who writes it, in words; undefined when nobody does. */
export function writerOf(folder: string): string | undefined {
  const [tag = '', ...words] = (textOf(join(folder, name)) ?? '').trim().split(' ')
  if (tag === '' || isGone(tag)) return undefined
  return words.join(' ')
}

function textOf(path: string): string | undefined {
  try {
    // A pipe of that name would be waited for.
    return statSync(path).isFile() ? readFileSync(path, 'utf8').slice(0, 300) : ''
  } catch {
    return undefined
  }
}
