/** What a trace comes to, in numbers and in words. All of it is counted in the trace. */
import { Mode } from './mode'
import type { Trace } from './trace'
import { procedureAt, TraceKind, TraceLeave, TraceNote } from './trace'
import type { Stay } from './trace-stays'

export interface TraceSummary {
  /** Connections that began, by their SYN, and those that a process got from accept. */
  readonly connections: number
  readonly accepted: number
  /** Walks over the queue of a listening socket that woke somebody, and whom they woke. */
  readonly wakeUps: number
  readonly woken: number
  /** Stays that found nothing to do, and the cycles of them, choosing them included. */
  readonly forNothing: number
  readonly cyclesForNothing: number
  /** Cycles of all CPUs that were not idle. */
  readonly busyCycles: number
  readonly longestRunQueue: number
  readonly switches: number
  readonly forks: number
  readonly executed: number
  readonly ended: number
  readonly faults: number
  readonly majorFaults: number
  /** Times that a process went to wait for the disk, and requests that the drive began with. */
  readonly diskWaits: number
  readonly diskRequests: number
  /** Calls of select and poll that came to their end, what they asked and what was ready. */
  readonly selects: number
  readonly descriptorsAsked: number
  readonly descriptorsReady: number
}

const syn = 1

export function summarise(trace: Trace, stays: readonly Stay[]): TraceSummary {
  const { columns } = trace
  const { count, kind, first, second, third, cycles } = columns
  const by = Object.values(TraceNote).map(() => 0)
  let [connections, wakeUps, woken, switches, diskWaits, diskRequests, majorFaults] = new Array(
    7,
  ).fill(0) as [number, number, number, number, number, number, number]
  let [descriptorsAsked, descriptorsReady] = [0, 0]
  let [longestRunQueue, busyCycles] = [trace.runnable, 0]
  const idle = Uint8Array.from(trace.parents, (_, node) => {
    const mode = procedureAt(trace, node)?.mode
    return mode === Mode.idle || mode === Mode.wait ? 1 : 0
  })
  for (let place = 0; place < count; place++) {
    const of = first[place]!
    switch (kind[place]) {
      case TraceKind.charge:
        if (idle[of] === 0) busyCycles += cycles[place]!
        break
      case TraceKind.packet:
        if (of === 0 && second[place] === syn) connections++
        break
      case TraceKind.walk:
        if (third[place] === 1 && second[place]! > 0) {
          wakeUps++
          woken += second[place]!
        }
        break
      case TraceKind.wake:
        longestRunQueue = Math.max(longestRunQueue, third[place]!)
        break
      case TraceKind.switch:
        switches++
        longestRunQueue = Math.max(longestRunQueue, third[place]!)
        break
      case TraceKind.leave:
        if (third[place] === TraceLeave.waits) diskWaits++
        break
      case TraceKind.disk:
        diskRequests++
        break
      case TraceKind.note:
        by[of] = (by[of] ?? 0) + 1
        if (of === TraceNote.fault && third[place] === 1) majorFaults++
        if (of === TraceNote.asked) descriptorsAsked += third[place]!
        if (of === TraceNote.ready) descriptorsReady += third[place]!
        break
    }
  }
  const nothing = stays.filter(({ forNothing }) => forNothing)
  return {
    connections,
    accepted: by[TraceNote.accepted] ?? 0,
    wakeUps,
    woken,
    forNothing: nothing.length,
    cyclesForNothing: nothing.reduce((sum, stay) => sum + stay.cycles, 0),
    busyCycles,
    longestRunQueue,
    switches,
    forks: by[TraceNote.forked] ?? 0,
    executed: by[TraceNote.executed] ?? 0,
    ended: by[TraceNote.ended] ?? 0,
    faults: by[TraceNote.fault] ?? 0,
    majorFaults,
    diskWaits,
    diskRequests,
    selects: by[TraceNote.asked] ?? 0,
    descriptorsAsked,
    descriptorsReady,
  }
}

/** A number with what it counts. */
export interface SummaryItem {
  readonly value: string
  readonly of: string
}

const grouped = (value: number): string =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** Milliseconds, with as many digits as say something. */
const ms = (cycles: number, clockMHz: number): string => {
  const value = cycles / clockMHz / 1000
  return `${value < 0.1 ? value.toFixed(3) : value < 100 ? value.toFixed(1) : grouped(value)} ms`
}

/** What there is to say, most telling first; what did not happen is left out. */
export function summaryItems(trace: Trace, of: TraceSummary): SummaryItem[] {
  const { clockMHz, cpus } = trace
  const cpuWords = cpus === 1 ? 'of the CPU' : `of ${cpus} CPUs`
  const items: (SummaryItem | undefined)[] = [
    counted(of.connections, 'connection'),
    counted(of.wakeUps, 'wake-up of accept', 'wake-ups of accept'),
    of.wakeUps > 0 ? { value: grouped(of.woken), of: 'woken' } : undefined,
    of.forNothing > 0 ? { value: grouped(of.forNothing), of: 'for nothing' } : undefined,
    of.cyclesForNothing > 0
      ? { value: ms(of.cyclesForNothing, clockMHz), of: 'CPU time for nothing' }
      : undefined,
    counted(of.selects, 'select or poll', 'selects and polls'),
    of.selects > 0
      ? counted(of.descriptorsAsked, 'descriptor asked', 'descriptors asked')
      : undefined,
    of.selects > 0 ? { value: grouped(of.descriptorsReady), of: 'ready' } : undefined,
    counted(of.forks, 'fork'),
    counted(of.executed, 'exec'),
    counted(of.faults, 'page fault'),
    of.majorFaults > 0
      ? { value: grouped(of.majorFaults), of: 'of them waited for the disk' }
      : undefined,
    counted(
      of.diskWaits,
      'wait in the kernel, as for the disk',
      'waits in the kernel, as for the disk',
    ),
    counted(of.diskRequests, 'disk request'),
    { value: ms(of.busyCycles, clockMHz), of: cpuWords },
    counted(of.switches, 'switch', 'switches'),
    { value: grouped(of.longestRunQueue), of: 'longest run queue' },
  ]
  return items.filter((item) => item !== undefined)
}

const counted = (value: number, one: string, many = `${one}s`): SummaryItem | undefined =>
  value > 0 ? { value: grouped(value), of: value === 1 ? one : many } : undefined

/** The same as one sentence. */
export const summaryText = (trace: Trace, of: TraceSummary): string =>
  summaryItems(trace, of)
    .map(({ value, of: what }) => `${value} ${what}`)
    .join(', ')
