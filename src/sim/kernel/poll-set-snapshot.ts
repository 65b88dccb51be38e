/** The descriptors that a process waits for, as they are at this instant. Changes nothing. */
import type { PollSetSnapshot } from '../observe/structures'
import type { Kernel } from './kernel'

export function pollSetSnapshot({ pollCounts, rtSignals }: Kernel): PollSetSnapshot {
  const signalling = rtSignals?.width ?? 0
  const set = pollCounts.largest
  const signals = rtSignals && {
    queued: rtSignals.length,
    room: rtSignals.max,
    overflows: rtSignals.overflows,
  }
  const shown = signalling > 0 ? rtSignals : set
  const states = new Uint8Array(shown?.width ?? 0)
  shown?.mark(states)
  const call = signalling > 0 ? 'rt-signals' : (set?.call ?? 'poll')
  const scanned = call === 'rt-signals' ? undefined : set
  const last = scanned?.last
  return {
    kind: 'poll-set',
    call,
    states,
    keeps: scanned?.keepsSets() ?? false,
    hints: scanned?.keepsHints() ?? false,
    position: scanned?.position ?? -1,
    registered: scanned?.registered ?? 0,
    last: last && { scanned: last.scanned, scans: last.scans, events: last.events },
    signals: call === 'rt-signals' ? signals : undefined,
  }
}
