/**
 * The samples of a run, for what is written of them when it has ended: the first in memory, and all
 * of them in a temporary file when there are many.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isOwnFolder, sweep, writerTag } from '../formats/part-files'
import type { SampleRow } from '../runs/wide-row'

/** Numbers that are gathered before they go to the file: 8 MB. */
const chunkNumbers = 2 ** 20

/** Folders of spools: `soakscope-samples-<host>-<process>-<start>-<random>`. */
const prefix = 'soakscope-samples-'
const folderName = /^soakscope-samples-([0-9a-f]{8}-\d+-\d+)-\w{6}$/

/** Removes what killed runs have left. */
function sweepSpools(): void {
  sweep(tmpdir(), folderName, (folder) => {
    if (isOwnFolder(folder)) rmSync(folder, { recursive: true, force: true })
  })
}

export class SampleSpool {
  private rows = 0
  private readonly rowsPerChunk: number
  private readonly chunk: Float64Array
  private inChunk = 0
  private file: number | undefined
  private folder: string | undefined

  /** @param width counters in a sample */
  constructor(
    private readonly width: number,
    numbers = chunkNumbers,
  ) {
    this.rowsPerChunk = Math.max(1, Math.floor(numbers / (width + 1)))
    this.chunk = new Float64Array(this.rowsPerChunk * (width + 1))
    sweepSpools()
  }

  /** @param values copied. @throws an error with a code when the disk cannot take it. */
  add(time: number, values: Float64Array): void {
    if (this.inChunk === this.rowsPerChunk) this.spill()
    const at = this.inChunk * (this.width + 1)
    this.chunk[at] = time
    this.chunk.set(values, at + 1)
    this.inChunk++
    this.rows++
  }

  /** Every sample in order. Can be gone through several times. */
  *each(): Generator<SampleRow> {
    const spilled = this.rows - this.inChunk
    const piece = new Float64Array(spilled > 0 ? this.chunk.length : 0)
    const bytes = new Uint8Array(piece.buffer)
    for (let row = 0; row < spilled; row += this.rowsPerChunk) {
      readWhole(this.file, bytes, row * (this.width + 1) * Float64Array.BYTES_PER_ELEMENT)
      yield* this.rowsOf(piece, this.rowsPerChunk)
    }
    yield* this.rowsOf(this.chunk, this.inChunk)
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file)
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true })
    this.file = this.folder = undefined
  }

  private *rowsOf(numbers: Float64Array, rows: number): Generator<SampleRow> {
    const step = this.width + 1
    for (let row = 0; row < rows; row++) {
      const at = row * step
      yield { time: numbers[at] ?? 0, samples: 1, values: numbers.subarray(at + 1, at + step) }
    }
  }

  private spill(): void {
    if (this.file === undefined) {
      this.folder = mkdtempSync(join(tmpdir(), `${prefix}${writerTag()}-`))
      this.file = openSync(join(this.folder, 'samples'), 'wx+', 0o600)
    }
    const bytes = new Uint8Array(this.chunk.buffer)
    for (let at = 0; at < bytes.length;) at += writeSync(this.file, bytes, at)
    this.inChunk = 0
  }
}

function readWhole(file: number | undefined, into: Uint8Array, position: number): void {
  if (file === undefined) throw new Error('the samples are closed')
  for (let at = 0; at < into.length;) {
    const read = readSync(file, into, at, into.length - at, position + at)
    if (read === 0) throw new Error('the file of samples is shorter than it was')
    at += read
  }
}
