/** Fault: there is room for fewer real-time signals. */
import type { DisturbanceSpec } from './disturbance'
import { maxQueuedSignals } from '../kernel/ipc/rt-signals'

export const rtSignalOverflow: DisturbanceSpec = {
  id: 'rt-signal-overflow',
  kind: 'fault',
  title: 'RT signal overflow',
  alsoCalled: ['SIGIO', 'rtsig-max', 'F_SETSIG', 'signal queue'],
  does: 'The queue of real-time signals is shorter; a signal that finds it full becomes a plain SIGIO.',
  watch:
    'With proxy.events=rt-signals: at each overflow the proxy drops the queue and polls every descriptor it waits for.',
  watchColumns: ['sy', 'id'],
  source: 'kernel/signal.c of Linux 2.2.1: max_queued_signals is 1,024',
  intensity: { unit: 'signals fewer', atFull: maxQueuedSignals },
  workloads: ['proxy'],
  where: { kernel: ['linux-2.2'], 'proxy.kind': ['squid'], 'proxy.events': ['rt-signals'] },
  sets: undefined,
}
