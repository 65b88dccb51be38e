/**
 * Who had which CPU from when to when, out of a trace: each stay with how it began, how long its
 * task had waited, and what was charged to it, choosing it included. Every charge belongs to one
 * stay, so that stays add up to the trace.
 */
import { Mode } from './mode'
import type { Trace } from './trace'
import { procedureAt, TraceKind } from './trace'

/** From one choice of schedule() to the next on the same CPU. */
export interface Stay {
  readonly cpu: number
  /** −1: the CPU was idle. */
  readonly pid: number
  /** Record of the switch with which it began; −1: the trace began in it. */
  readonly began: number
  /** In cycles: where what chose it begins, where it has the CPU, where the next one is chosen. */
  readonly chosenFrom: number
  readonly from: number
  readonly to: number
  /** Cycles that its CPU spent on choosing it and on it, interrupts included. */
  readonly cycles: number
  /** First and last record of its charges, between which those of other CPUs stand. */
  readonly firstRecord: number
  readonly lastRecord: number
  /** Record of the wake-up that made it runnable; −1: none since the trace began. */
  readonly wokenBy: number
  /** Record of how it left; −1: the trace ended in it, or the CPU was idle. */
  readonly left: number
  /** It was woken and found nothing to do. */
  readonly forNothing: boolean
}

/** A stay of one CPU while the records are read. */
interface Open {
  pid: number
  began: number
  chosenFrom: number
  from: number
  cycles: number
  firstRecord: number
  wokenBy: number
  forNothing: boolean
  left: number
  /** Charges of schedule() since, which belong to the next. */
  choosing: number
  choosingFrom: number
  choosingRecord: number
}

const none = -1

/** Stays of all CPUs, in the order in which they end. */
export function staysOf(trace: Trace): Stay[] {
  const { columns, begins, running, ends } = trace
  const { count, kind, cpu, at, cycles, first } = columns
  const stays: Stay[] = []
  const choosing = choosingNodes(trace)
  /** By pid: the wake-up that it has not run after yet. */
  const woken = new Map<number, number>()
  const open = Array.from(running, (pid, id) => opened(pid, none, begins[id] ?? 0, none))
  const close = (id: number, to: number, record: number): void => {
    const stay = open[id]
    if (!stay) return
    const { pid, began, chosenFrom, from, cycles, firstRecord, wokenBy, forNothing, left } = stay
    stays.push({
      cpu: id,
      pid,
      began,
      chosenFrom,
      from,
      to,
      cycles,
      firstRecord,
      lastRecord: record,
      wokenBy,
      left,
      forNothing,
    })
  }
  for (let place = 0; place < count; place++) {
    const stay = open[cpu[place]!]
    if (!stay) continue
    switch (kind[place]) {
      case TraceKind.charge:
        if (choosing[first[place]!] === 1) {
          if (stay.choosing === 0) [stay.choosingFrom, stay.choosingRecord] = [at[place]!, place]
          stay.choosing += cycles[place]!
        } else {
          // What was chosen before was the same again.
          stay.cycles += stay.choosing + cycles[place]!
          stay.choosing = 0
          if (stay.firstRecord === none) stay.firstRecord = place
        }
        break
      case TraceKind.wake:
        woken.set(first[place]!, place)
        break
      case TraceKind.nothing:
        if (stay.pid === first[place]) stay.forNothing = true
        break
      case TraceKind.leave:
        stay.left = place
        break
      case TraceKind.switch: {
        const { choosing: cost, choosingFrom, choosingRecord } = stay
        const begins = cost > 0 ? choosingFrom : at[place]!
        close(cpu[place]!, begins, cost > 0 ? choosingRecord - 1 : place)
        const pid = first[place]!
        const next = opened(pid, place, at[place]!, woken.get(pid) ?? none)
        woken.delete(pid)
        next.chosenFrom = begins
        next.cycles = cost
        if (cost > 0) next.firstRecord = choosingRecord
        open[cpu[place]!] = next
        break
      }
    }
  }
  open.forEach((stay, id) => {
    stay.cycles += stay.choosing
    close(id, ends[id] ?? stay.from, count - 1)
  })
  return stays
}

const opened = (pid: number, began: number, from: number, wokenBy: number): Open => ({
  pid,
  began,
  from,
  wokenBy,
  chosenFrom: from,
  cycles: 0,
  firstRecord: none,
  forNothing: false,
  left: none,
  choosing: 0,
  choosingFrom: from,
  choosingRecord: none,
})

/** 1 for each node of the call tree that is schedule() or its lock. */
function choosingNodes(trace: Trace): Uint8Array {
  return Uint8Array.from(trace.parents, (_, node) => {
    const procedure = procedureAt(trace, node)?.procedure
    return procedure === 'schedule' || procedure === 'schedule.text.lock' ? 1 : 0
  })
}

/** What a stay's cycles went to, one line a procedure, in the order in which they first came. */
export interface Step {
  readonly title: string
  readonly image: string
  readonly mode: number
  readonly cycles: number
}

/** Steps of a stay: together they are its cycles. */
export function stepsOf(trace: Trace, stay: Stay): Step[] {
  const { columns } = trace
  const steps = new Map<string, { title: string; image: string; mode: number; cycles: number }>()
  if (stay.firstRecord < 0) return []
  for (let place = stay.firstRecord; place <= stay.lastRecord; place++) {
    if (columns.kind[place] !== TraceKind.charge || columns.cpu[place] !== stay.cpu) continue
    const procedure = procedureAt(trace, columns.first[place]!)
    const image = procedure?.image ?? ''
    const title = procedure?.procedure ?? 'unknown'
    const key = `${image}\n${title}`
    const step = steps.get(key)
    if (step) step.cycles += columns.cycles[place]!
    else {
      const mode = procedure?.mode ?? Mode.system
      steps.set(key, { title, image, mode, cycles: columns.cycles[place]! })
    }
  }
  return [...steps.values()]
}
