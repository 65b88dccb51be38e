/**
 * A trace made ready to be drawn and asked: what each CPU did in order of time, with running sums
 * by mode, so that any part of it is found by halving, and a column of pixels costs the same
 * however much lies in it.
 */
import { procedureAt, TraceKind, type Trace } from '../../../sim/observe/trace'
import { staysOf, type Stay } from '../../../sim/observe/trace-stays'
import { summarise, type TraceSummary } from '../../../sim/observe/trace-summary'

export const modes = 6

/** What one CPU did: charges without a gap. */
export interface CpuLane {
  readonly from: Float64Array
  readonly mode: Uint8Array
  /** Its record in the trace. */
  readonly record: Int32Array
  /** Cycles in each mode before the charge, six to a charge, and after the last one. */
  readonly sums: Float64Array
  readonly end: number
  /** Its stays, in order of time. */
  readonly stays: readonly Stay[]
}

/** Something that lasts, in order of its beginning. */
export interface Spans {
  readonly from: Float64Array
  readonly to: Float64Array
  /** Its record in the trace. */
  readonly record: Int32Array
}

export interface TracePicture {
  readonly trace: Trace
  readonly stays: readonly Stay[]
  readonly summary: TraceSummary
  /** In cycles. */
  readonly from: number
  readonly to: number
  readonly cpus: readonly CpuLane[]
  readonly packetsIn: Spans
  readonly packetsOut: Spans
  readonly disk: Spans
  /** Kernel lock and run-queue lock. */
  readonly locks: readonly [Spans, Spans]
  /** Tasks in state R, from each instant on. */
  readonly runnable: {
    readonly at: Float64Array
    readonly value: Float64Array
    readonly most: number
  }
  /** Stays that began with a wake-up, in order of it. */
  readonly woken: readonly Stay[]
  /** Names of tasks by pid, as the trace first and last knew them. */
  readonly nameOf: (pid: number) => string
}

export function pictureOf(trace: Trace): TracePicture {
  const stays = staysOf(trace)
  const { columns } = trace
  const spans = (take: (place: number) => boolean): Spans => {
    const record: number[] = []
    for (let place = 0; place < columns.count; place++) if (take(place)) record.push(place)
    record.sort((a, b) => columns.at[a]! - columns.at[b]!)
    return {
      record: Int32Array.from(record),
      from: Float64Array.from(record, (place) => columns.at[place]!),
      to: Float64Array.from(record, (place) => columns.at[place]! + columns.cycles[place]!),
    }
  }
  const is = (kind: number, first: number) => (place: number) =>
    columns.kind[place] === kind && columns.first[place] === first
  return {
    trace,
    stays,
    summary: summarise(trace, stays),
    from: Math.min(...trace.begins),
    to: Math.max(...trace.ends),
    cpus: Array.from({ length: trace.cpus }, (_, cpu) => laneOf(trace, stays, cpu)),
    packetsIn: spans(is(TraceKind.packet, 0)),
    packetsOut: spans(is(TraceKind.packet, 1)),
    disk: spans((place) => columns.kind[place] === TraceKind.disk),
    locks: [spans(is(TraceKind.hold, 0)), spans(is(TraceKind.hold, 1))],
    runnable: runnableOf(trace),
    woken: stays
      .filter(({ wokenBy }) => wokenBy >= 0)
      .sort((a, b) => columns.at[a.wokenBy]! - columns.at[b.wokenBy]!),
    nameOf: namesOf(trace),
  }
}

function laneOf(trace: Trace, stays: readonly Stay[], cpu: number): CpuLane {
  const { columns } = trace
  const places: number[] = []
  for (let place = 0; place < columns.count; place++) {
    if (columns.kind[place] === TraceKind.charge && columns.cpu[place] === cpu) places.push(place)
  }
  const modeOf = Uint8Array.from(trace.parents, (_, node) => procedureAt(trace, node)?.mode ?? 1)
  const from = new Float64Array(places.length)
  const mode = new Uint8Array(places.length)
  const sums = new Float64Array((places.length + 1) * modes)
  places.forEach((place, index) => {
    from[index] = columns.at[place]!
    mode[index] = modeOf[columns.first[place]!] ?? 1
    const at = index * modes
    for (let each = 0; each < modes; each++) sums[at + modes + each] = sums[at + each]!
    sums[at + modes + mode[index]!]! += columns.cycles[place]!
  })
  const own = stays.filter((stay) => stay.cpu === cpu).sort((a, b) => a.from - b.from)
  return {
    from,
    mode,
    record: Int32Array.from(places),
    sums,
    end: trace.ends[cpu] ?? 0,
    stays: own,
  }
}

function runnableOf({ columns, runnable, begins }: Trace): TracePicture['runnable'] {
  const points: [number, number][] = [[Math.min(...begins), runnable]]
  for (let place = 0; place < columns.count; place++) {
    const kind = columns.kind[place]
    if (kind !== TraceKind.wake && kind !== TraceKind.switch) continue
    points.push([columns.at[place]!, columns.third[place]!])
  }
  points.sort((a, b) => a[0] - b[0])
  return {
    at: Float64Array.from(points, ([at]) => at),
    value: Float64Array.from(points, ([, value]) => value),
    most: points.reduce((most, [, value]) => Math.max(most, value), 0),
  }
}

function namesOf({ columns, names, tasks }: Trace): (pid: number) => string {
  const known = new Map<number, string>()
  for (let at = 0; at < tasks.length; at += 2) known.set(tasks[at]!, names[tasks[at + 1]!] ?? '')
  for (let place = 0; place < columns.count; place++) {
    if (columns.kind[place] !== TraceKind.name) continue
    known.set(columns.first[place]!, names[columns.second[place]!] ?? '')
  }
  return (pid) => {
    const path = known.get(pid) ?? 'process'
    return `${path.slice(path.lastIndexOf('/') + 1)} ${pid}`
  }
}

/** How many of the sorted values are at most `value`. */
export function upTo(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** Adds up what a CPU did in each mode from `from` to `to`, in cycles. */
export function modesBetween(lane: CpuLane, from: number, to: number, into: Float64Array): void {
  into.fill(0)
  addUpTo(lane, to, into, 1)
  addUpTo(lane, from, into, -1)
}

function addUpTo(lane: CpuLane, at: number, into: Float64Array, sign: number): void {
  const index = upTo(lane.from, at) - 1
  if (index < 0) return
  const base = index * modes
  for (let mode = 0; mode < modes; mode++) into[mode]! += sign * lane.sums[base + mode]!
  const end = Math.min(at, lane.from[index + 1] ?? lane.end)
  into[lane.mode[index]!]! += sign * (end - lane.from[index]!)
}

/** The stay of a CPU at an instant. */
export function stayAt({ stays }: CpuLane, at: number): Stay | undefined {
  let [low, high] = [0, stays.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (stays[middle]!.chosenFrom <= at) low = middle + 1
    else high = middle
  }
  return stays[low - 1]
}

/** The stay before (−1) or after (1) it on its CPU; what is idle is passed over. */
export function stayBeside({ stays }: CpuLane, stay: Stay, by: 1 | -1): Stay | undefined {
  let at = stays.indexOf(stay)
  if (at < 0) return undefined
  do at += by
  while (stays[at] && stays[at]!.pid < 0)
  return stays[at]
}

/** The stay at an instant, or where its CPU is idle then the first after it, else before it. */
export function busyStayAt(lane: CpuLane, at: number): Stay | undefined {
  const stay = stayAt(lane, at)
  if (!stay || stay.pid >= 0) return stay
  return stayBeside(lane, stay, 1) ?? stayBeside(lane, stay, -1)
}

/** The last of the spans that has begun at an instant and is not over `slack` before it. */
export function spanAt({ from, to, record }: Spans, at: number, slack = 0): number | undefined {
  const index = upTo(from, at + slack) - 1
  return index >= 0 && to[index]! >= at - slack ? record[index] : undefined
}
