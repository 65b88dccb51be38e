/**
 * Files that a command writes while it goes on: to a temporary name beside their place, renamed when
 * the command is done, gone when it fails. `-` is standard output.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { renameSync, rmSync } from 'node:fs'
import { placeOf, reasonOf, temporaryName } from '../formats/write-file'
import { UsageError, type Terminal } from './terminal'

/** Text that is gathered before it is written. */
const pieceSize = 64 * 1024

export interface Output {
  write(text: string | Uint8Array): void
  /** The file takes its place. */
  keep(): void
  /** The file never was. Calling it after `keep` changes nothing. */
  drop(): void
}

/** Opens an output. @throws UsageError when it cannot be written, before anything else is done. */
export function openOutput(argument: string, path: string, terminal: Terminal): Output {
  if (path === '-') {
    return {
      write: (text) => terminal.out(typeof text === 'string' ? text : Buffer.from(text).toString()),
      keep: () => undefined,
      drop: () => undefined,
    }
  }
  try {
    return new FileOutput(path)
  } catch (error) {
    throw new UsageError(`${argument}: cannot write ${path}: ${reasonOf(error)}`)
  }
}

class FileOutput implements Output {
  private readonly target: string
  private readonly temporary: string | undefined
  private readonly file: number
  private waiting: string[] = []
  private waitingSize = 0
  private open = true

  constructor(path: string) {
    const place = placeOf(path)
    this.target = place.path
    this.temporary = place.plain ? temporaryName(place) : undefined
    this.file = openSync(this.temporary ?? this.target, this.temporary ? 'wx' : 'w')
  }

  write(text: string | Uint8Array): void {
    if (typeof text !== 'string') {
      this.flush()
      writeAll(this.file, text)
      return
    }
    this.waiting.push(text)
    this.waitingSize += text.length
    if (this.waitingSize >= pieceSize) this.flush()
  }

  keep(): void {
    if (!this.open) return
    this.flush()
    this.open = false
    closeSync(this.file)
    if (this.temporary !== undefined) renameSync(this.temporary, this.target)
  }

  drop(): void {
    if (!this.open) return
    this.open = false
    closeSync(this.file)
    if (this.temporary !== undefined) rmSync(this.temporary, { force: true })
  }

  private flush(): void {
    if (this.waiting.length > 0) writeAll(this.file, Buffer.from(this.waiting.join('')))
    this.waiting = []
    this.waitingSize = 0
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at)
}
