import { describe, expect, it } from 'vitest'
import { Mode } from './mode'
import type { Trace } from './trace'
import { TraceLeave, TraceNote } from './trace'
import { TraceRecorder } from './trace-recorder'
import { staysOf, stepsOf } from './trace-stays'
import { summarise, summaryText } from './trace-summary'

/** Nodes of the call tree below. */
const node = { idle: 1, main: 2, schedule: 3, lock: 4, accept: 5, interrupt: 6 }

/** One CPU, idle; process 7 is woken, finds nothing, sleeps; 8 accepts and sleeps. */
function herd(): Trace {
  const record = new TraceRecorder(450, 1, () => undefined, 1e6)
  record.packet(false, 2000, 1000, 1, 0)
  record.charged(0, node.idle, 1000, 400)
  record.charged(0, node.interrupt, 1400, 50)
  record.walked(0, 1400, 3, 2, true)
  record.woke(0, 1410, 20, 7, -1, 1)
  record.woke(0, 1430, 20, 8, -1, 2)
  record.charged(0, node.lock, 1450, 30)
  record.charged(0, node.schedule, 1480, 100)
  record.switched(0, 1580, { pid: 7, command: 'httpd' }, -1, 2)
  record.charged(0, node.accept, 1580, 70)
  record.foundNothing(0, 1650, 7)
  record.charged(0, node.schedule, 1650, 90)
  record.left(0, 1740, 7, node.accept, TraceLeave.sleeps)
  record.switched(0, 1740, { pid: 8, command: 'httpd' }, 7, 1)
  record.note(0, 1740, TraceNote.accepted, 8)
  record.charged(0, node.main, 1740, 200)
  record.charged(0, node.schedule, 1940, 60)
  record.left(0, 2000, 8, node.main, TraceLeave.sleeps)
  record.switched(0, 2000, undefined, 8, 0)
  record.charged(0, node.idle, 2000, 500)
  const frame = (image: string, procedure: string, mode: 0 | 1 | 2 | 3 | 4) => ({
    image,
    procedure,
    mode,
  })
  return {
    clockMHz: 450,
    cpus: 1,
    reason: 'connection',
    isFull: false,
    maxBytes: 1e6,
    runnable: 0,
    fromSeconds: 0,
    toSeconds: 1,
    names: record.names,
    tasks: new Int32Array(),
    begins: Float64Array.of(1000),
    ends: Float64Array.of(2500),
    running: Int32Array.of(-1),
    procedures: [
      frame('idle', 'idle', Mode.idle),
      frame('httpd', 'main', Mode.user),
      frame('vmlinux', 'schedule', Mode.system),
      frame('vmlinux', 'schedule.text.lock', Mode.spin),
      frame('vmlinux', 'tcp_accept', Mode.system),
      frame('vmlinux', 'net_bh', Mode.interrupt),
    ],
    parents: Int32Array.of(0, 0, 0, 2, 3, 2, 0),
    procedureOf: Int32Array.of(0, 0, 1, 2, 3, 4, 5),
    columns: record.columns(),
  }
}

describe('stays', () => {
  it('are chosen, run and end; what chose them is theirs, and all cycles are somebody’s', () => {
    const trace = herd()
    const stays = staysOf(trace)
    expect(stays.map(({ pid, cycles, from, to }) => [pid, cycles, from, to])).toEqual([
      [-1, 450, 1000, 1450],
      [7, 200, 1580, 1650],
      [8, 290, 1740, 1940],
      [-1, 560, 2000, 2500],
    ])
    expect(stays.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(1500)
    expect(stays.map(({ forNothing }) => forNothing)).toEqual([false, true, false, false])
    for (const stay of stays) {
      const steps = stepsOf(trace, stay)
      expect(steps.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(stay.cycles)
    }
    expect(stepsOf(trace, stays[1]!).map(({ title, cycles }) => [title, cycles])).toEqual([
      ['schedule.text.lock', 30],
      ['schedule', 100],
      ['tcp_accept', 70],
    ])
    const { wokenBy } = stays[1]!
    expect(trace.columns.at[wokenBy]).toBe(1410)
  })

  it('say what selects asked and what was ready', () => {
    const record = new TraceRecorder(450, 1, () => undefined, 1e6)
    record.note(0, 1100, TraceNote.asked, 8, 2000)
    record.note(0, 1100, TraceNote.ready, 8, 1)
    record.note(0, 1200, TraceNote.asked, 8, 2001)
    record.note(0, 1200, TraceNote.ready, 8, 0)
    const trace = { ...herd(), columns: record.columns() }
    expect(summaryText(trace, summarise(trace, []))).toContain(
      '2 selects and polls, 4,001 descriptors asked, 1 ready',
    )
  })

  it('are summed up in words', () => {
    const trace = herd()
    expect(summaryText(trace, summarise(trace, staysOf(trace)))).toBe(
      '1 connection, 1 wake-up of accept, 2 woken, 1 for nothing, 0.000 ms CPU time for nothing, ' +
        '0.001 ms of the CPU, 3 switches, 2 longest run queue',
    )
  })
})
