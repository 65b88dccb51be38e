/**
 * A trace as a file: one line of JSON, then its columns, one after another, little-endian, as they
 * are in memory. Files are packed with gzip by whoever writes them.
 */
import { z } from 'zod'
import type { Trace, TraceColumns } from '../sim/observe/trace'
import { TraceKind, traceBytesMax, traceRecordBytes } from '../sim/observe/trace'
import { failure, success, type Result } from './result'

/** Which run it is of. */
export interface TraceOrigin {
  readonly version: string
  readonly scenario: string
  readonly seed: number
}

export interface TraceFile {
  readonly origin: TraceOrigin
  readonly trace: Trace
}

/** Longest line of JSON, in bytes, and most of everything that it lists. */
const headMax = 16 * 1024 * 1024
/** Longest file, not packed. */
export const traceFileMax = traceBytesMax + headMax
export const traceListMax = 1 << 20
export const traceRecordsMax = Math.floor(traceBytesMax / traceRecordBytes)
const cpusMax = 64
const lastKind = Math.max(...Object.values(TraceKind))
const lastMode = 5

const count = z.int().min(0).max(traceListMax)
const seconds = z.number().min(0)
const clocks = z.array(z.number().min(0)).max(cpusMax)
/** What is said of a trace beside its lists of numbers. */
export const traceHead = z.strictObject({
  origin: z.strictObject({ version: z.string(), scenario: z.string(), seed: z.int().min(0) }),
  clockMHz: z.number().positive(),
  cpus: z.int().min(1).max(cpusMax),
  reason: z.enum(['time', 'connection']),
  fromSeconds: seconds,
  toSeconds: seconds,
  isFull: z.boolean(),
  maxBytes: z.int().min(0),
  begins: clocks,
  ends: clocks,
  running: z.array(z.int()).max(cpusMax),
  runnable: z.int().min(0),
  procedures: z
    .array(
      z.strictObject({
        image: z.string(),
        procedure: z.string(),
        mode: z.int().min(0).max(lastMode),
      }),
    )
    .max(traceListMax),
  names: z.array(z.string()).max(traceListMax),
})
export type TraceHead = z.infer<typeof traceHead>
const fileHead = z.strictObject({
  soakscope: z.literal('trace'),
  format: z.literal(1),
  ...traceHead.shape,
  nodes: count,
  tasks: count,
  records: z.int().min(0).max(traceRecordsMax),
})

const ending = '.trace.gz'
const named = /-from-(\d+(?:\.\d+)?)s-(connection|\d+(?:\.\d+)?ms)\.trace\.gz$/

/** `web-seed1-from-10.002s-connection.trace.gz`: whose it is, and of what. */
export function traceFileName({ origin, trace }: TraceFile): string {
  const { reason, fromSeconds, toSeconds } = trace
  const length = `${Number((1000 * (toSeconds - fromSeconds)).toFixed(3))}ms`
  const scenario = origin.scenario.replace(/[^\w-]/g, '_').slice(0, 40)
  const from = Number(fromSeconds.toFixed(6))
  const of = reason === 'connection' ? reason : length
  return `${scenario}-seed${origin.seed}-from-${from}s-${of}${ending}`
}

/** What a name of that kind says; undefined for any other. */
export function traceFromName(
  name: string,
): { readonly fromSeconds: number; readonly of: string } | undefined {
  const [, from, of] = /^[\w.-]+$/.test(name) ? (named.exec(name) ?? []) : []
  if (from === undefined || of === undefined || name.startsWith('.')) return undefined
  return { fromSeconds: Number(from), of: of.replace('ms', ' ms') }
}

const columnsOf = ({ kind, cpu, at, cycles, first, second, third }: TraceColumns) =>
  [kind, cpu, at, cycles, first, second, third] as const

export function traceHeadOf({ origin, trace }: TraceFile): TraceHead {
  const { clockMHz, cpus, reason, fromSeconds, toSeconds, isFull, maxBytes } = trace
  const { begins, ends, running, runnable, procedures, names } = trace
  return {
    origin,
    clockMHz,
    cpus,
    reason,
    fromSeconds,
    toSeconds,
    isFull,
    maxBytes,
    begins: [...begins],
    ends: [...ends],
    running: [...running],
    runnable,
    procedures: [...procedures],
    names: [...names],
  }
}

/** The file, not packed yet. */
export function encodeTrace({ origin, trace }: TraceFile): Uint8Array<ArrayBuffer> {
  const { columns, parents, procedureOf, tasks } = trace
  const line = JSON.stringify({
    soakscope: 'trace',
    format: 1,
    ...traceHeadOf({ origin, trace }),
    nodes: parents.length,
    tasks: tasks.length,
    records: columns.count,
  })
  const arrays = [
    asciiOf(`${line}\n`),
    parents,
    procedureOf,
    tasks,
    ...columnsOf(columns).map((column) => column.subarray(0, columns.count)),
  ]
  const file = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const { buffer, byteOffset, byteLength } of arrays) {
    file.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += byteLength
  }
  return file
}

/** JSON with every other character written as its number. */
function asciiOf(json: string): Uint8Array {
  const plain = json.replace(
    /[\u0080-\uffff]/g,
    (other) => `\\u${other.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return Uint8Array.from({ length: plain.length }, (_, at) => plain.charCodeAt(at))
}

function textOf(ascii: Uint8Array): string {
  let text = ''
  for (let at = 0; at < ascii.length; at += 8192) {
    text += String.fromCharCode(...ascii.subarray(at, at + 8192))
  }
  return text
}

const refuse = (what: string): Result<never> =>
  failure('bad-argument', `this is no trace of Soakscope: ${what}`)

/** @param file the file, unpacked. Failure `bad-argument` says what is wrong with it. */
export function decodeTrace(file: Uint8Array): Result<TraceFile> {
  const end = file.subarray(0, headMax).indexOf(10)
  if (end < 0) return refuse('its first line does not end')
  let value: unknown
  try {
    value = JSON.parse(textOf(file.subarray(0, end)))
  } catch {
    return refuse('its first line is not JSON')
  }
  const parsed = fileHead.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return refuse(`${issue?.path.join('.') || 'its first line'}: ${issue?.message ?? 'not known'}`)
  }
  const { nodes, tasks, records, ...said } = parsed.data
  const size = nodes * 8 + tasks * 4 + records * traceRecordBytes
  if (file.length !== end + 1 + size) {
    return refuse(`it has ${file.length - end - 1} bytes of records where ${size} belong`)
  }
  let at = end + 1
  // Node's own kind of Uint8Array would share its memory when it is sliced.
  const bytes = (length: number): ArrayBuffer =>
    new Uint8Array(file.subarray(at, (at += length))).buffer
  const parents = new Int32Array(bytes(nodes * 4))
  const procedureOf = new Int32Array(bytes(nodes * 4))
  const taskList = new Int32Array(bytes(tasks * 4))
  const columns: TraceColumns = {
    count: records,
    kind: new Uint8Array(bytes(records)),
    cpu: new Uint8Array(bytes(records)),
    at: new Float64Array(bytes(records * 8)),
    cycles: new Uint32Array(bytes(records * 4)),
    first: new Int32Array(bytes(records * 4)),
    second: new Int32Array(bytes(records * 4)),
    third: new Int32Array(bytes(records * 4)),
  }
  return traceOfParts(said, { parents, procedureOf, tasks: taskList, columns })
}

type Lists = Pick<Trace, 'parents' | 'procedureOf' | 'tasks' | 'columns'>

/** A trace put together again. Failure `bad-argument` says what of it points nowhere. */
export function traceOfParts(head: TraceHead, lists: Lists): Result<TraceFile> {
  const { origin, clockMHz, cpus, reason, fromSeconds, toSeconds, isFull, maxBytes } = head
  const { runnable, procedures, names } = head
  const trace = {
    clockMHz,
    cpus,
    reason,
    fromSeconds,
    toSeconds,
    isFull,
    maxBytes,
    runnable,
    procedures,
    names,
    ...lists,
    begins: Float64Array.from(head.begins),
    ends: Float64Array.from(head.ends),
    running: Int32Array.from(head.running),
  } as Trace
  const wrong = wrongWith(trace)
  return wrong === undefined ? success({ origin, trace }) : refuse(wrong)
}

/** What points nowhere. */
function wrongWith(trace: Trace): string | undefined {
  const { cpus, begins, ends, running, parents, procedureOf, procedures, columns, names } = trace
  if (begins.length !== cpus || ends.length !== cpus || running.length !== cpus) {
    return `it has not one clock for each of ${cpus} CPUs`
  }
  for (let node = 1; node < parents.length; node++) {
    const isSound = inside(parents[node], node) && inside(procedureOf[node], procedures.length)
    if (!isSound) return `node ${node} of its call tree points nowhere`
  }
  for (let place = 0; place < columns.count; place++) {
    const kind = columns.kind[place] ?? 255
    const isSound =
      kind <= lastKind &&
      (columns.cpu[place] ?? 255) < cpus &&
      Number.isFinite(columns.at[place]) &&
      (kind !== TraceKind.charge || inside(columns.first[place], parents.length)) &&
      (kind !== TraceKind.leave || inside(columns.second[place], parents.length)) &&
      (kind !== TraceKind.name || inside(columns.second[place], names.length))
    if (!isSound) return `record ${place} is none`
  }
  return undefined
}

const inside = (value: number | undefined, length: number): boolean =>
  value !== undefined && value >= 0 && value < length
