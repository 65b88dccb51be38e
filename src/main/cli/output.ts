/**
 * What a command writes: files that are whole or not there, and standard output, whose name is `-`.
 */
import { checkPlace, FileUnderWay } from '../formats/write-file'
import {
  identityOf,
  isMediumFault,
  isStandardOutput,
  placeOf,
  reasonOf,
  type Place,
} from '../formats/place'
import { printableJson } from './printable'
import { RunError, UsageError, type Terminal } from './terminal'

/** Characters that are gathered before they go to a file. */
const pieceSize = 64 * 1024

/** An argument and the path that it names. */
export interface Named {
  readonly argument: string
  readonly path: string
}

/**
 * Checks the outputs of a command against each other, against what it reads, and against the disk,
 * before anything else is done. @throws UsageError, or RunError when the disk is at fault.
 */
export function openOutputs<Name extends string>(
  named: Readonly<Record<Name, Named | undefined>>,
  reads: readonly Named[],
  terminal: Terminal,
): Readonly<Partial<Record<Name, Output>>> {
  const taken = new Map<string, string>()
  for (const { argument, path } of reads) {
    const id = idOfInput(path)
    if (id !== undefined) taken.set(id, `${argument} reads`)
  }
  const opened: Partial<Record<Name, Output>> = {}
  for (const key of Object.keys(named) as Name[]) {
    const output = named[key]
    if (output) opened[key] = openOutput(output, taken, terminal)
  }
  return opened
}

/** The `--json` of a command that writes nothing else. @throws as `openOutputs`. */
export function openJson(
  path: string | undefined,
  reads: readonly Named[],
  terminal: Terminal,
): Output | undefined {
  const json = path === undefined ? undefined : { argument: '--json', path }
  return openOutputs({ json }, reads, terminal).json
}

const standardOutput = '-'

function openOutput(named: Named, taken: Map<string, string>, terminal: Terminal): Output {
  const { argument, path } = named
  try {
    const place = path === standardOutput ? undefined : placeOf(path)
    const isOut = !place || isStandardOutput(place)
    const id = isOut ? standardOutput : identityOf(place)
    const other = id === undefined ? undefined : taken.get(id)
    if (other !== undefined) throw new UsageError(`${argument}: ${takenWords(path, other, isOut)}`)
    if (id !== undefined) taken.set(id, `${argument} writes`)
    if (isOut) return new Output({ ...named, path: standardOutput }, terminalSink(terminal))
    checkPlace(place)
    return new Output(named, fileSink(place))
  } catch (error) {
    if (error instanceof UsageError) throw error
    const words = `${argument}: ${cannotWrite(path, error)}`
    throw isMediumFault(error) ? new RunError(words) : new UsageError(words)
  }
}

function takenWords(path: string, other: string, isOut: boolean): string {
  if (!isOut) return `${path} is what ${other}; name another file`
  const [argument] = other.split(' ')
  return `standard output is taken by ${argument}; name a file for one of them`
}

function idOfInput(path: string): string | undefined {
  try {
    return identityOf(placeOf(path))
  } catch {
    // What cannot be written cannot be written over.
    return undefined
  }
}

interface Sink {
  /** Characters below which it is not worth a write. */
  readonly pieceSize: number
  write(text: string | Uint8Array): Promise<void>
  keep(): Promise<void>
  drop(): Promise<void>
}

function fileSink(place: Place): Sink {
  const file = new FileUnderWay(place)
  return {
    // Who reads from a pipe waits for every line.
    pieceSize: place.plain ? pieceSize : 0,
    write: async (text) => void (await file.write(text)),
    keep: () => file.keep(),
    drop: () => file.drop(),
  }
}

const terminalSink = (terminal: Terminal): Sink => ({
  pieceSize: 0,
  write: (text) => {
    terminal.out(typeof text === 'string' ? text : Buffer.from(text).toString())
    return terminal.settled()
  },
  keep: () => terminal.settled(),
  drop: () => Promise.resolve(),
})

/**
 * One output. It is wanted until its reader has gone, which is no error, or it could not be
 * written.
 */
export class Output {
  private waiting: (string | Uint8Array)[] = []
  private waitingSize = 0
  private state: 'wanted' | 'left' | 'lost' = 'wanted'

  constructor(
    readonly named: Named,
    private readonly sink: Sink,
  ) {}

  get isWanted(): boolean {
    return this.state === 'wanted'
  }

  get isStandardOutput(): boolean {
    return this.named.path === standardOutput
  }

  /** Writes all of a file: this value as JSON. @throws RunError as `settle`. */
  async put(value: unknown): Promise<void> {
    this.write(printableJson(value))
    await this.keep()
  }

  /** Takes it in; `settle` or `keep` writes it. */
  write(text: string | Uint8Array): void {
    if (!this.isWanted) return
    this.waiting.push(text)
    this.waitingSize += text.length
  }

  /** Writes a piece of a file that may be written over afterwards. @throws RunError as `settle`. */
  async pass(piece: string | Uint8Array): Promise<void> {
    this.write(piece)
    if (typeof piece === 'string') await this.settle()
    else await this.guard(() => this.flush())
  }

  /**
   * Writes what has come together. @throws RunError when it cannot be written: the output is lost.
   */
  async settle(): Promise<void> {
    if (this.waitingSize > this.sink.pieceSize) await this.guard(() => this.flush())
  }

  /** Writes all of it, and the file takes its place. @throws RunError as `settle`. */
  async keep(): Promise<void> {
    await this.guard(async () => {
      await this.flush()
      await this.sink.keep()
    })
  }

  /** The file never was. Calling it after `keep` changes nothing. */
  async drop(): Promise<void> {
    this.waiting = []
    await this.sink.drop()
  }

  /** It cannot be made: the file never was, and nobody waits for it any more. */
  async abandon(): Promise<void> {
    this.state = 'lost'
    await this.drop()
  }

  private async flush(): Promise<void> {
    const pieces = this.waiting
    this.waiting = []
    this.waitingSize = 0
    const texts = pieces.every((piece) => typeof piece === 'string')
    for (const piece of texts ? [pieces.join('')] : pieces) {
      if (piece.length > 0) await this.sink.write(piece)
    }
  }

  private async guard(write: () => Promise<void>): Promise<void> {
    if (!this.isWanted) return
    try {
      await write()
    } catch (error) {
      const left = isReaderGone(error)
      this.state = left ? 'left' : 'lost'
      await this.drop()
      if (!left)
        throw new RunError(`${this.named.argument}: ${cannotWrite(this.named.path, error)}`)
    }
  }
}

/** Whether somebody who reads has stopped reading: `soakscope … | head`. */
export const isReaderGone = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'EPIPE'

export const cannotWrite = (path: string, error: unknown): string =>
  `cannot write ${shownPath(path)}: ${reasonOf(error)}`

function shownPath(path: string): string {
  if (path === standardOutput) return 'standard output'
  return path === '' ? '""' : path
}
