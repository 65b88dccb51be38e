import { describe, expect, it } from 'vitest'
import type { PollSetSnapshot } from '../../../sim/observe/structures'
import { SetBit } from '../../../sim/observe/structures'
import {
  countOf,
  describeCall,
  describeMember,
  describeSet,
  describeSignals,
} from './poll-set-words'

const set = (change: Partial<PollSetSnapshot> = {}): PollSetSnapshot => ({
  kind: 'poll-set',
  call: 'select',
  states: new Uint8Array([0, SetBit.asked, SetBit.asked | SetBit.ready | SetBit.interested]),
  keeps: false,
  hints: false,
  position: -1,
  registered: 0,
  last: { scanned: 1624, scans: 2, events: 1 },
  signals: undefined,
  ...change,
})

describe('words on a poll set', () => {
  it('say what the last call has looked at, and how often', () => {
    expect(describeCall(set())).toBe('scanned 812 descriptors for 1 event, twice')
    const once = { scanned: 1, scans: 1, events: 3 }
    expect(describeCall(set({ last: once }))).toBe('scanned 1 descriptor for 3 events')
    expect(describeCall(set({ last: undefined }))).toBe('none has ended yet')
  })

  it('say what a descriptor is', () => {
    expect(describeMember(set(), 0)).toBe('descriptor 0 · not waited for')
    expect(describeMember(set(), 2)).toBe(
      'descriptor 2 · in the set of select · ready · in INTERESTED',
    )
    expect(describeMember(set({ call: 'rt-signals' }), 1)).toBe('descriptor 1 · queues signals')
    expect(describeMember(set(), 3)).toBe('')
    const queued = { states: new Uint8Array([SetBit.asked | SetBit.queued]) }
    expect(describeMember(set(queued), 0)).toBe(
      'descriptor 0 · in the set of select · the process is on its queue',
    )
    expect(describeMember(set({ ...queued, call: 'rt-signals' }), 0)).toBe(
      'descriptor 0 · queues signals · a signal of it is queued',
    )
  })

  it('count what is waited for, and say how far a scan is', () => {
    expect([countOf(set(), SetBit.asked), countOf(set(), SetBit.ready)]).toEqual([2, 1])
    expect(describeSet(set({ position: 256, registered: 1 }), 2)).toBe(
      'a scan has come to descriptor 256 · on the queues of 1 descriptor · the first 2 drawn',
    )
    const signals = { queued: 12, room: 1024, overflows: 0 }
    expect(describeSignals(set({ signals }))).toBe('12 queued, room for 1,024')
  })
})
