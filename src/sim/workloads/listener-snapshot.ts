/** What the queues of a listening socket look like at an instant. */
import type { Connection } from '../kernel/net/tcp/connection'
import type { Listener } from '../kernel/net/tcp/listener'
import type { ListenBacklogSnapshot, WaitQueueSnapshot } from '../observe/structures'

/** Connections of a queue that a snapshot names; of more, only their number is told. */
const maxShown = 2000

const named = ({ port }: Listener): string => `listening socket, port ${port}`

export function waitQueueOf(listener: Listener): WaitQueueSnapshot {
  const { waiters } = listener
  const { wakeup, wakeUps, madeRunnable, foundConnection, backToSleep } = waiters
  const counted = { wakeUps, madeRunnable, foundConnection, backToSleep }
  const entries = waiters.entries()
  return { kind: 'wait-queue', of: named(listener), wakeup, ...counted, entries }
}

/** @param now the instant, ns */
export function listenBacklogOf(listener: Listener, now: number): ListenBacklogSnapshot {
  const aged = ({ ends, since }: Connection) => ({
    client: ends.remotePort,
    ageMs: (now - since) / 1e6,
  })
  return {
    kind: 'listen-backlog',
    of: named(listener),
    backlog: listener.backlog,
    overflows: listener.overflows,
    halfOpen: listener.halfOpen,
    open: listener.ready,
    synQueue: [...listener.opening()].slice(0, maxShown).map(aged),
    acceptQueue: listener.oldest(maxShown).map(aged),
  }
}
