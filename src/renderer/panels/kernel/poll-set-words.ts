/** The descriptors that a process waits for, in words. */
import type { PollSetSnapshot } from '../../../sim/observe/structures'
import { SetBit } from '../../../sim/observe/structures'
import { counted, grouped } from '../../format/number'

export function countOf({ states }: PollSetSnapshot, bit: number): number {
  let count = 0
  for (const state of states) if ((state & bit) !== 0) count++
  return count
}

const times = (scans: number): string =>
  scans === 2 ? ', twice' : scans > 2 ? `, in ${grouped(scans)} looks` : ''

/** What the last call has done; of a second look the descriptors are counted once. */
export function describeCall({ last }: PollSetSnapshot): string {
  if (!last) return 'none has ended yet'
  const each = Math.round(last.scanned / Math.max(1, last.scans))
  const found = `for ${counted(last.events, 'event')}`
  return `scanned ${counted(each, 'descriptor')} ${found}${times(last.scans)}`
}

export function describeSignals({ signals }: PollSetSnapshot): string {
  return signals ? `${grouped(signals.queued)} queued, room for ${grouped(signals.room)}` : ''
}

const layers: readonly (readonly [bit: number, name: string])[] = [
  [SetBit.interested, 'INTERESTED'],
  [SetBit.kept, 'READY'],
  [SetBit.hinted, 'HINTS'],
]

/** A descriptor in one line. */
export function describeMember(snapshot: PollSetSnapshot, descriptor: number): string {
  const { states, call } = snapshot
  if (descriptor < 0 || descriptor >= states.length) return ''
  const state = states[descriptor] ?? 0
  const asked = call === 'rt-signals' ? 'queues signals' : `in the set of ${call}`
  const said = [
    `descriptor ${grouped(descriptor)}`,
    (state & SetBit.asked) === 0 ? 'not waited for' : asked,
  ]
  if ((state & SetBit.ready) !== 0) said.push('ready')
  const onQueue = call === 'rt-signals' ? 'a signal of it is queued' : 'the process is on its queue'
  if ((state & SetBit.queued) !== 0) said.push(onQueue)
  const kept = layers.filter(([bit]) => (state & bit) !== 0).map(([, name]) => name)
  if (kept.length > 0) said.push(`in ${kept.join(', ')}`)
  return said.join(' · ')
}

/** What is said while no descriptor is pointed at. */
export function describeSet(snapshot: PollSetSnapshot, drawn: number): string {
  const { states, position, registered } = snapshot
  const said = []
  if (snapshot.call === 'rt-signals') said.push('ready: something to read')
  else if (position >= 0) said.push(`a scan has come to descriptor ${grouped(position)}`)
  else said.push('no scan goes on')
  if (registered > 0) said.push(`on the queues of ${counted(registered, 'descriptor')}`)
  if (drawn < states.length) said.push(`the first ${grouped(drawn)} drawn`)
  return said.join(' · ')
}
