/** A stay in words and figures: why it began, what it did, what of it was for nothing. */
import { TraceKind, TraceLeave, TraceNote } from '../../../sim/observe/trace'
import { stepsOf, type Stay } from '../../../sim/observe/trace-stays'
import { grouped } from '../../format/number'
import type { TracePicture } from './trace-picture'

export interface StepRow {
  readonly title: string
  /** Place in the order of Mode; undefined where no CPU was at work. */
  readonly mode: number | undefined
  readonly us: number
  /** Undefined where it cost no cycles. */
  readonly cycles: number | undefined
}

export const usOf = ({ trace }: TracePicture, cycles: number): number => cycles / trace.clockMHz
/** Since the trace began. */
export const instantOf = (picture: TracePicture, at: number): string =>
  `+${grouped(usOf(picture, at - picture.from), 1)} µs`

/** Microseconds that it waited in the run queue; undefined where it was not seen to be woken. */
export function waitedUs(picture: TracePicture, stay: Stay): number | undefined {
  if (stay.wokenBy < 0) return undefined
  return usOf(picture, Math.max(0, stay.chosenFrom - picture.trace.columns.at[stay.wokenBy]!))
}

const leaves: Readonly<Record<number, string>> = {
  [TraceLeave.sleeps]: 'slept',
  [TraceLeave.waits]: 'went to wait in the kernel, as for the disk',
  [TraceLeave.yields]: 'let others go first',
  [TraceLeave.preempted]: 'was preempted',
  [TraceLeave.ended]: 'ended',
}

export function sentenceOf(picture: TracePicture, stay: Stay): string {
  const { columns } = picture.trace
  if (stay.pid < 0) {
    return `CPU ${stay.cpu} had nothing to run for ${grouped(usOf(picture, stay.to - stay.from), 1)} µs.`
  }
  const waited = waitedUs(picture, stay)
  const waker = columns.second[stay.wokenBy] ?? -1
  const woken =
    waited === undefined
      ? ''
      : `, woken by ${waker < 0 ? 'an interrupt' : picture.nameOf(waker)} on CPU ${columns.cpu[stay.wokenBy]} ` +
        `at ${instantOf(picture, columns.at[stay.wokenBy]!)}, waited ${grouped(waited, 1)} µs in the run queue`
  const choosing = usOf(picture, stay.from - stay.chosenFrom)
  const chosen = choosing > 0 ? `, took ${grouped(choosing, 1)} µs to be chosen` : ''
  const ran = `ran ${grouped(usOf(picture, stay.to - stay.from), 1)} µs`
  const nothing = stay.forNothing ? ', found nothing to do' : ''
  const asked = askedIn(picture, stay)
  const left = stay.left < 0 ? '' : ` and ${leaves[columns.third[stay.left]!] ?? 'left'}`
  const cost = `${grouped(stay.cycles)} cycles${stay.forNothing ? ', all of them for nothing' : ''}`
  return `${picture.nameOf(stay.pid)} on CPU ${stay.cpu}${woken}${chosen}, ${ran}${asked}${nothing}${left}: ${cost}.`
}

/** What its calls of select and poll came to. */
function askedIn({ trace: { columns } }: TracePicture, stay: Stay): string {
  let [calls, asked, ready] = [0, 0, 0]
  for (let place = Math.max(0, stay.firstRecord); place <= stay.lastRecord; place++) {
    const isIts = columns.kind[place] === TraceKind.note && columns.second[place] === stay.pid
    if (!isIts) continue
    if (columns.first[place] === TraceNote.asked) {
      calls++
      asked += columns.third[place]!
    } else if (columns.first[place] === TraceNote.ready) ready += columns.third[place]!
  }
  if (calls === 0) return ''
  const times = calls === 1 ? '' : ` in ${grouped(calls)} calls`
  return `, asked ${grouped(asked)} descriptors${times} and found ${grouped(ready)} ready`
}

/** Steps whose cycles add up to those of the stay; waiting stands among them without any. */
export function stepRows(picture: TracePicture, stay: Stay): StepRow[] {
  const rows: StepRow[] = []
  const waited = waitedUs(picture, stay)
  if (waited !== undefined) {
    rows.push({ title: 'waits in run queue', mode: undefined, us: waited, cycles: undefined })
  }
  for (const { title, mode, cycles } of stepsOf(picture.trace, stay)) {
    rows.push({ title, mode, us: usOf(picture, cycles), cycles })
  }
  return rows
}

/** The stay in which a process got the first connection of the trace. */
export function acceptedIn({ trace, cpus }: TracePicture): Stay | undefined {
  const { columns } = trace
  for (let place = 0; place < columns.count; place++) {
    const isIt =
      columns.kind[place] === TraceKind.note && columns.first[place] === TraceNote.accepted
    if (!isIt) continue
    const [pid, at] = [columns.second[place]!, columns.at[place]!]
    return cpus[columns.cpu[place]!]?.stays.find(
      (stay) => stay.pid === pid && stay.chosenFrom <= at && stay.to >= at,
    )
  }
  return undefined
}
