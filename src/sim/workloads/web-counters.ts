/** Counters of a web server, and of the network that all of them share. */
import type { Network } from '../kernel/net/network'
import type { WebRun } from './web-run'
import type { WorkloadCounter, WorkloadRun } from './workload'

/** A run on a machine whose network is up. */
interface NetworkRun extends WorkloadRun {
  readonly net: Network | undefined
}

/** Of one server, as the first one has them. */
export const ownCounters: readonly WorkloadCounter<WebRun>[] = [
  {
    id: 'load.inFlight',
    unit: 'connections',
    kind: 'gauge',
    help: 'Connections that clients have under way.',
    read: (run) => run.clients?.inFlight ?? 0,
  },
  {
    id: 'load.offered',
    unit: 'connections',
    kind: 'monotonic',
    help: 'Connections that clients have begun.',
    read: (run) => run.clients?.offered ?? 0,
  },
  {
    id: 'load.completed',
    unit: 'connections',
    kind: 'monotonic',
    help: 'Connections that ended well.',
    read: (run) => run.clients?.completed ?? 0,
  },
  {
    id: 'load.failed',
    unit: 'connections',
    kind: 'monotonic',
    help: 'Connections that failed.',
    read: (run) => run.clients?.failed ?? 0,
  },
  {
    id: 'httpd.processes',
    unit: 'processes',
    kind: 'gauge',
    help: 'Apache processes, busy or idle, without the parent.',
    read: (run) => run.apache?.processes ?? 0,
  },
  {
    id: 'httpd.busy',
    unit: 'processes',
    kind: 'gauge',
    help: 'httpds that are serving a connection.',
    read: (run) => run.apache?.busy ?? 0,
  },
  {
    id: 'accept.waiting',
    unit: 'processes',
    kind: 'gauge',
    help: 'Processes on the wait queue of the listening socket.',
    read: (run) => run.listener?.waiters.length ?? 0,
  },
  {
    id: 'accept.wakeUps',
    unit: '1',
    kind: 'monotonic',
    help: 'Calls of wake_up on that queue.',
    read: (run) => run.listener?.waiters.wakeUps ?? 0,
  },
  {
    id: 'accept.woken',
    unit: 'processes',
    kind: 'monotonic',
    help: 'Processes made runnable by them.',
    read: (run) => run.listener?.waiters.madeRunnable ?? 0,
  },
  {
    id: 'accept.foundConnection',
    unit: 'processes',
    kind: 'monotonic',
    help: 'Woken processes that found a connection.',
    read: (run) => run.listener?.waiters.foundConnection ?? 0,
  },
  {
    id: 'accept.backToSleep',
    unit: 'processes',
    kind: 'monotonic',
    help: 'Woken processes that found no connection.',
    read: (run) => run.listener?.waiters.backToSleep ?? 0,
  },
  {
    id: 'listen.synQueue',
    unit: 'connections',
    kind: 'gauge',
    help: 'Incomplete handshakes.',
    read: (run) => run.listener?.halfOpen ?? 0,
  },
  {
    id: 'listen.acceptQueue',
    unit: 'connections',
    kind: 'gauge',
    help: 'Open connections that wait for accept.',
    read: (run) => run.listener?.ready ?? 0,
  },
  {
    id: 'listen.overflows',
    unit: 'connections',
    kind: 'monotonic',
    help: 'Handshakes that found a full queue.',
    read: (run) => run.listener?.overflows ?? 0,
  },
]

/** Of the machine's network. */
export const networkCounters: readonly WorkloadCounter<NetworkRun>[] = [
  {
    id: 'tcp.open',
    unit: 'connections',
    kind: 'gauge',
    shared: true,
    help: 'Connections that the kernel keeps, half open ones included.',
    read: (run) => run.net?.tcp.open ?? 0,
  },
  {
    id: 'tcp.timeWait',
    unit: 'connections',
    kind: 'gauge',
    shared: true,
    help: 'Addresses in TIME_WAIT.',
    read: (run) => run.net?.tcp.timeWait ?? 0,
  },
  {
    id: 'tcp.memory',
    unit: 'bytes',
    kind: 'gauge',
    shared: true,
    help: 'Memory that connections have: sockets, and segments that wait to be acknowledged or read.',
    read: (run) => run.net?.tcp.memory.bytes ?? 0,
  },
  {
    id: 'tcp.retransmissions',
    unit: 'segments',
    kind: 'monotonic',
    shared: true,
    help: 'Retransmission timers of TCP that expired.',
    read: (run) => run.net?.tcp.retransmissions ?? 0,
  },
  {
    id: 'net.received',
    unit: 'frames',
    kind: 'monotonic',
    shared: true,
    help: 'Frames that came in.',
    read: (run) => run.net?.card.received ?? 0,
  },
  {
    id: 'net.sent',
    unit: 'frames',
    kind: 'monotonic',
    shared: true,
    help: 'Frames that went out.',
    read: (run) => run.net?.sent ?? 0,
  },
  {
    id: 'net.bytesIn',
    unit: 'bytes',
    kind: 'monotonic',
    shared: true,
    help: 'Bytes on the wire to the server, preambles and gaps included.',
    read: (run) => run.net?.card.inward.bytes ?? 0,
  },
  {
    id: 'net.bytesOut',
    unit: 'bytes',
    kind: 'monotonic',
    shared: true,
    help: 'Bytes on the wire from the server, preambles and gaps included.',
    read: (run) => run.net?.card.outward.bytes ?? 0,
  },
  {
    id: 'net.dropped',
    unit: 'frames',
    kind: 'monotonic',
    shared: true,
    help: 'Frames that found the backlog of the bottom half full.',
    read: (run) => run.net?.bottomHalf.dropped ?? 0,
  },
  {
    id: 'net.queueDropped',
    unit: 'frames',
    kind: 'monotonic',
    shared: true,
    help: 'Frames that found the queue to the card full.',
    read: (run) => run.net?.card.ring.dropped ?? 0,
  },
  {
    id: 'net.sentInterrupts',
    unit: 'interrupts',
    kind: 'monotonic',
    shared: true,
    help: 'Interrupts by which the card told that it had sent frames.',
    read: (run) => run.net?.card.sentInterrupts ?? 0,
  },
]
