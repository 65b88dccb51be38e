/**
 * What a Chrome trace that we write holds beside what other programs show: the trace itself, so
 * that it is opened again as it was. What is said of the whole stands in the first line; each
 * record stands in the `args` of one event, as a word of numbers. An event is a line.
 */
import { z } from 'zod'
import type { Trace, TraceColumns } from '../sim/observe/trace'
import { failure, type Result } from './result'
import {
  traceHead,
  traceHeadOf,
  traceListMax,
  traceOfParts,
  traceRecordsMax,
  type TraceFile,
} from './trace-file'

const numbers = z
  .array(
    z
      .int()
      .min(-1)
      .max(2 ** 31 - 1),
  )
  .max(traceListMax)
const wholeHead = traceHead.extend({ parents: numbers, procedureOf: numbers, tasks: numbers })
const firstLine = z.object({
  otherData: z.object({ tool: z.string().startsWith('soakscope '), trace: wholeHead }),
})

/** What goes into `otherData.trace`. */
export const chromeHeadOf = (file: TraceFile): z.infer<typeof wholeHead> => ({
  ...traceHeadOf(file),
  parents: [...file.trace.parents],
  procedureOf: [...file.trace.procedureOf],
  tasks: [...file.trace.tasks],
})

/** A record as it stands in the `args` of its event: kind, CPU, instant, cycles, and the rest. */
export function recordWord({ columns }: Trace, place: number): string {
  const { kind, cpu, at, cycles, first, second, third } = columns
  const rest = `${first[place]} ${second[place]} ${third[place]}`
  return `${kind[place]} ${cpu[place]} ${at[place]} ${cycles[place]} ${rest}`
}

const word = /"record":"(\d+) (\d+) (\d+(?:\.\d+)?) (\d+) (-?\d+) (-?\d+) (-?\d+)"/
const firstRoom = 1 << 14

/** Takes a file line by line, and gives the trace when it has come to its end. */
export class ChromeTraceReader {
  private head: z.infer<typeof wholeHead> | undefined
  private wrong: string | undefined
  private isWhole = false
  private lines = 0
  private count = 0
  private columns = columnsOf(firstRoom)

  /** False when no more is wanted: what is wrong is told at the end. */
  take(line: string): boolean {
    if (this.wrong !== undefined) return false
    if (++this.lines === 1) this.begin(line)
    else this.add(line)
    return this.wrong === undefined
  }

  end(): Result<TraceFile> {
    const { head } = this
    if (this.wrong === undefined && !this.isWhole) this.wrong = 'is cut off: its end is missing'
    if (this.wrong !== undefined || !head) {
      return failure('bad-argument', `the Chrome trace ${this.wrong ?? ''}`)
    }
    const { parents, procedureOf, tasks, ...said } = head
    return traceOfParts(said, {
      parents: Int32Array.from(parents),
      procedureOf: Int32Array.from(procedureOf),
      tasks: Int32Array.from(tasks),
      columns: columnsOf(this.count, this.columns, this.count),
    })
  }

  private begin(line: string): void {
    let value: unknown
    try {
      value = JSON.parse(`${line.replace(/^\uFEFF/, '')}]}`)
    } catch {
      this.wrong = 'was written anew by another program, or is damaged: its first line is not ours'
      return
    }
    const parsed = firstLine.safeParse(value)
    if (parsed.success) return void (this.head = parsed.data.otherData.trace)
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'not known' }
    this.wrong =
      path.length < 3
        ? 'was written by an earlier version, which did not put its records into it'
        : `has a first line that is wrong: ${path.join('.')}: ${message}`
  }

  private add(line: string): void {
    if (line.trimEnd() === ']}') this.isWhole = true
    const [found, ...values] = word.exec(line) ?? []
    if (found === undefined) return
    if (this.count >= traceRecordsMax) {
      this.wrong = `has more than ${traceRecordsMax} records`
      return
    }
    const { count } = this
    if (count === this.columns.kind.length) {
      this.columns = columnsOf(Math.min(2 * count, traceRecordsMax), this.columns, count)
    }
    const [kind, cpu, at, cycles, first, second, third] = values.map(Number)
    const { columns } = this
    // What is too large for its place would become another number.
    if (
      kind! > 255 ||
      cpu! > 255 ||
      cycles! > 2 ** 32 - 1 ||
      !isSmall(first) ||
      !isSmall(second) ||
      !isSmall(third)
    ) {
      this.wrong = `has a record on line ${this.lines} that is none`
      return
    }
    columns.kind[count] = kind!
    columns.cpu[count] = cpu!
    columns.at[count] = at!
    columns.cycles[count] = cycles!
    columns.first[count] = first!
    columns.second[count] = second!
    columns.third[count] = third!
    this.count++
  }
}

const isSmall = (value: number | undefined): boolean => Math.abs(value ?? NaN) < 2 ** 31

/** Room for so many records, with the first `count` of others in it. */
function columnsOf(room: number, from?: TraceColumns, count = 0): TraceColumns {
  const made: TraceColumns = {
    count,
    kind: new Uint8Array(room),
    cpu: new Uint8Array(room),
    at: new Float64Array(room),
    cycles: new Uint32Array(room),
    first: new Int32Array(room),
    second: new Int32Array(room),
    third: new Int32Array(room),
  }
  if (!from) return made
  made.kind.set(from.kind.subarray(0, count))
  made.cpu.set(from.cpu.subarray(0, count))
  made.at.set(from.at.subarray(0, count))
  made.cycles.set(from.cycles.subarray(0, count))
  made.first.set(from.first.subarray(0, count))
  made.second.set(from.second.subarray(0, count))
  made.third.set(from.third.subarray(0, count))
  return made
}
