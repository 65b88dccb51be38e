/** What a trace has at an instant, in words: of the lane that is pointed at. */
import { Flag } from '../../../sim/kernel/net/segment'
import { stackOf, type Trace } from '../../../sim/observe/trace'
import { grouped } from '../../format/number'
import { instantOf, usOf } from './stay-words'
import { spanAt, stayAt, upTo, type TracePicture } from './trace-picture'

/** A lane of the drawing. CPUs by their number. */
export type LaneName =
  number | 'frames in' | 'frames out' | 'kernel lock' | 'queue lock' | 'disk' | 'run queue'

const lockNames = ['kernel lock', 'queue lock'] as const
const modeNames = ['user', 'system', 'spins for a lock', 'interrupt', 'idle', 'waits for the disk']
/** Flags of a TCP segment, in the order in which they are told. */
const flagNames = [
  ['SYN', Flag.syn],
  ['FIN', Flag.fin],
  ['RST', Flag.reset],
  ['ACK', Flag.ack],
] as const

/**
 * One line. `slack` is how far beside it something still counts, in cycles: what is narrower than a
 * few pixels cannot be met.
 */
export function readoutAt(
  picture: TracePicture,
  lane: LaneName | undefined,
  at: number,
  slack = 0,
): string {
  const words = lane === undefined ? '' : laneWords(picture, lane, at, slack)
  return [instantOf(picture, at), words, queueAt(picture, at)].filter(Boolean).join(' · ')
}

function laneWords(picture: TracePicture, lane: LaneName, at: number, slack: number): string {
  if (typeof lane === 'number') return cpuWords(picture, lane, at)
  if (lane === 'run queue') return ''
  const lock = lockNames.findIndex((name) => name === lane)
  if (lock >= 0) return holderWords(picture, lock, at, slack) ?? `${lane}: nobody holds it`
  const spans = { 'frames in': picture.packetsIn, 'frames out': picture.packetsOut }
  if (lane === 'disk') {
    const record = spanAt(picture.disk, at, slack)
    return record === undefined ? 'disk: at rest' : diskWords(picture, record)
  }
  const record = spanAt(spans[lane as keyof typeof spans], at, slack)
  return record === undefined ? '' : frameWords(picture.trace, record)
}

function cpuWords(picture: TracePicture, cpu: number, at: number): string {
  const lane = picture.cpus[cpu]
  const index = lane ? upTo(lane.from, at) - 1 : -1
  if (!lane || index < 0 || at > lane.end) return `CPU ${cpu}: not traced here`
  const { trace, nameOf } = picture
  const mode = lane.mode[index]!
  const stack = stackOf(trace, trace.columns.first[lane.record[index]!]!)
    .map((procedure) => trace.procedures[procedure]?.procedure ?? '')
    .join(' › ')
  const pid = stayAt(lane, at)?.pid ?? -1
  const who = mode >= 4 || pid < 0 ? '' : `${nameOf(pid)}, `
  const locks = lockNames.filter((_, lock) => {
    const record = spanAt(picture.locks[lock]!, at)
    return record !== undefined && trace.columns.cpu[record] === cpu
  })
  const under = locks.length > 0 ? `, under ${locks.join(' and ')}` : ''
  return `CPU ${cpu}: ${who}${modeNames[mode] ?? ''}${under}, ${stack}`
}

function holderWords(
  picture: TracePicture,
  lock: number,
  at: number,
  slack: number,
): string | undefined {
  const record = spanAt(picture.locks[lock]!, at, slack)
  if (record === undefined) return undefined
  const { columns } = picture.trace
  const pid = columns.second[record]!
  const waited = columns.third[record]!
  const after = waited > 0 ? ` after ${grouped(usOf(picture, waited), 1)} µs of waiting` : ''
  const who = pid < 0 ? 'an interrupt' : picture.nameOf(pid)
  return (
    `${lockNames[lock]}: ${who} on CPU ${columns.cpu[record]} ` +
    `for ${grouped(usOf(picture, columns.cycles[record]!), 1)} µs${after}`
  )
}

function diskWords(picture: TracePicture, record: number): string {
  const { columns } = picture.trace
  const sectors = columns.third[record]!
  return (
    `disk: ${columns.first[record] === 1 ? 'writes' : 'reads'} ${grouped(sectors)} ` +
    `${sectors === 1 ? 'sector' : 'sectors'} at ${grouped(columns.second[record]!)}, ` +
    `${grouped(usOf(picture, columns.cycles[record]!) / 1000, 2)} ms`
  )
}

function frameWords({ columns }: Trace, record: number): string {
  const flags = flagNames
    .filter(([, bit]) => (columns.second[record]! & bit) !== 0)
    .map(([name]) => name)
  const size = columns.third[record]!
  const parts = [...flags, ...(size > 0 ? [`${grouped(size)} bytes of data`] : [])]
  return `frame ${columns.first[record] === 0 ? 'in' : 'out'}: ${parts.join(', ') || 'no flags'}`
}

function queueAt({ runnable, trace }: TracePicture, at: number): string {
  const value = runnable.value[upTo(runnable.at, at) - 1] ?? trace.runnable
  return `${grouped(value)} runnable`
}
