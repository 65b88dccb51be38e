/** A trace of a few records of every kind, for readers. */
import { Mode } from '../../../sim/observe/mode'
import { TraceLeave, TraceLock, TraceNote, type Trace } from '../../../sim/observe/trace'
import { TraceRecorder } from '../../../sim/observe/trace-recorder'

export function smallTrace(): Trace {
  const record = new TraceRecorder(450, 2, () => undefined, 1e6)
  record.knows({ pid: 7, command: 'httpd' })
  record.packet(false, 4000, 1000, 1, 60)
  record.charged(0, 1, 1000, 400)
  record.charged(1, 1, 1000, 1500)
  record.walked(0, 1400, 3, 1, true)
  record.woke(0, 1410, 20, 7, -1, 1)
  record.charged(0, 3, 1400, 180)
  record.switched(0, 1580, { pid: 7, command: 'httpd; "x"' }, -1, 2)
  record.charged(0, 2, 1580, 420)
  record.held(0, 1600, 50, TraceLock.kernel, 7, 3)
  record.disk(4000, 500, true, 77, 2)
  record.note(0, 1700, TraceNote.asked, 7, 12)
  record.foundNothing(0, 1900, 7)
  record.left(0, 2000, 7, 2, TraceLeave.sleeps)
  record.switched(0, 2000, undefined, 7, 0)
  record.charged(0, 1, 2000, 500)
  return {
    clockMHz: 450,
    cpus: 2,
    reason: 'time',
    isFull: false,
    maxBytes: 1e6,
    runnable: 0,
    fromSeconds: 0.000002,
    toSeconds: 0.000006,
    names: record.names,
    tasks: Int32Array.of(7, 0),
    begins: Float64Array.of(1000, 1000),
    ends: Float64Array.of(2500, 2500),
    running: Int32Array.of(-1, -1),
    procedures: [
      { image: 'idle', procedure: 'idle', mode: Mode.idle },
      { image: '/usr/sbin/httpd', procedure: 'main', mode: Mode.user },
      { image: 'vmlinux', procedure: 'schedule', mode: Mode.system },
    ],
    parents: Int32Array.of(0, 0, 0, 2),
    procedureOf: Int32Array.of(0, 0, 1, 2),
    columns: record.columns(),
  }
}
