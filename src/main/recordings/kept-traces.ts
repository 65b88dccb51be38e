/** Traces of a run, each a file in the folder of its recording: the oldest of too many go. */
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { keptTracesMax, type KeptTrace } from '../../shared/api'
import { preview } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'
import {
  decodeTrace,
  encodeTrace,
  traceFileMax,
  traceFileName,
  traceFromName,
  type TraceFile,
} from '../../shared/trace-file'
import { writerTag } from '../formats/part-files'
import { reasonOf } from '../formats/place'
import { readBounded } from '../formats/read-file'

/** In order of their instants. None where the folder is gone. */
export function keptTracesIn(folder: string): KeptTrace[] {
  return namesIn(folder)
    .flatMap((name) => {
      const of = traceFromName(name)
      const file = statSync(join(folder, name), { throwIfNoEntry: false })
      return of && file ? [{ name, bytes: file.size, ...of }] : []
    })
    .sort((a, b) => a.fromSeconds - b.fromSeconds)
}

/** Gives its name. Failure `cannot-write`. */
export async function keepTrace(folder: string, file: TraceFile): Promise<Result<string>> {
  const name = traceFileName(file)
  const part = join(folder, `.${name}.${writerTag()}.part`)
  try {
    writeFileSync(part, await promisify(gzip)(encodeTrace(file)))
    renameSync(part, join(folder, name))
    dropOldest(folder, name)
    return success(name)
  } catch (error) {
    rmSync(part, { force: true })
    return failure('cannot-write', `cannot keep the trace in ${folder}: ${reasonOf(error)}`)
  }
}

/** Failure `bad-argument` when there is none of this name, or when it is damaged. */
export async function readKeptTrace(folder: string, name: string): Promise<Result<TraceFile>> {
  if (!namesIn(folder).includes(name)) {
    return failure('bad-argument', `there is no trace ${preview(name)} in this recording`)
  }
  const packed = readBounded(join(folder, name), traceFileMax)
  if (!packed.ok) return packed
  try {
    const bytes = await promisify(gunzip)(packed.value, { maxOutputLength: traceFileMax })
    const read = decodeTrace(bytes)
    return read.ok ? read : failure(read.error.code, `${name}: ${read.error.message}`)
  } catch (error) {
    return failure('bad-argument', `${name} cannot be unpacked: ${reasonOf(error)}`)
  }
}

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => traceFromName(name) !== undefined)
  } catch {
    // It was thrown away meanwhile.
    return []
  }
}

function dropOldest(folder: string, newest: string): void {
  const madeAt = (name: string): number =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const others = namesIn(folder).filter((name) => name !== newest)
  others.sort((a, b) => madeAt(b) - madeAt(a))
  for (const name of others.slice(keptTracesMax - 1)) rmSync(join(folder, name), { force: true })
}
