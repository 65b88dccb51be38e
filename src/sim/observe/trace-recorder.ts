/**
 * Records a trace while it is attached to the call tree: what the kernel tells it goes into typed
 * arrays, until there is no more room. It changes nothing of the run: it schedules no event, draws
 * no number and charges no cycle.
 */
import type {
  TraceColumns,
  TraceKindCode,
  TraceLeaveCode,
  TraceLockCode,
  TraceNoteCode,
} from './trace'
import { TraceKind, traceRecordBytes } from './trace'

const firstRecords = 1 << 14
/** Of more room than this the next trace gets nothing: 14 MB. */
const keptRecords = 1 << 19
const none = -1
/** A charge that goes on is one record, as long as its cycles fit. */
const longestCharge = 2 ** 31

/** Room for records. The next trace gets it: making it costs more than using it. */
export type TraceRoom = Omit<TraceColumns, 'count'>

/** A task as a trace knows it. */
export interface TracedTask {
  readonly pid: number
  readonly command: string
}

export class TraceRecorder implements TraceColumns {
  count = 0
  kind = new Uint8Array()
  cpu = new Uint8Array()
  at = new Float64Array()
  cycles = new Uint32Array()
  first = new Int32Array()
  second = new Int32Array()
  third = new Int32Array()
  isFull = false
  /** Commands by place. */
  readonly names: string[] = []
  private readonly placeOf = new Map<string, number>()
  /** The command that each task was last seen with, as its place in `names`. */
  private readonly commandOf = new Map<number, number>()
  private readonly mostRecords: number
  private readonly cyclesPerNs: number
  /** By CPU: its newest record. A charge goes on only where it is that. */
  private readonly newest: Int32Array

  constructor(
    clockMHz: number,
    cpus: number,
    /** Told once, when there is no more room: nothing is recorded from then on. */
    private readonly onFull: () => void,
    maxBytes: number,
    room?: TraceRoom,
  ) {
    this.cyclesPerNs = clockMHz / 1000
    this.mostRecords = Math.floor(maxBytes / traceRecordBytes)
    this.newest = new Int32Array(cpus).fill(none)
    if (room !== undefined && room.kind.length <= this.mostRecords) Object.assign(this, room)
    else this.make(Math.min(firstRecords, this.mostRecords))
  }

  /** Its room, when nothing is recorded any more. */
  get room(): TraceRoom | undefined {
    const { kind, cpu, at, cycles, first, second, third } = this
    return kind.length > keptRecords ? undefined : { kind, cpu, at, cycles, first, second, third }
  }

  /** Place of a command in `names`. */
  private nameOf(command: string): number {
    const known = this.placeOf.get(command)
    if (known !== undefined) return known
    this.placeOf.set(command, this.names.length)
    return this.names.push(command) - 1
  }

  /** A task that is there when the trace begins. Returns the place of its command. */
  knows({ pid, command }: TracedTask): number {
    // Most are of one command.
    const place = command === this.names.at(-1) ? this.names.length - 1 : this.nameOf(command)
    this.commandOf.set(pid, place)
    return place
  }

  /** Cycles on a CPU whose clock stood at `at`. */
  charged(cpu: number, node: number, at: number, cycles: number): void {
    const before = this.newest[cpu]
    if (
      before !== none &&
      this.first[before] === node &&
      this.kind[before] === TraceKind.charge &&
      this.cycles[before] + cycles < longestCharge
    ) {
      this.cycles[before] += cycles
      return
    }
    this.add(TraceKind.charge, cpu, at, cycles, node, 0, 0)
  }

  left(cpu: number, at: number, pid: number, node: number, why: TraceLeaveCode): void {
    this.add(TraceKind.leave, cpu, at, 0, pid, node, why)
  }

  switched(
    cpu: number,
    at: number,
    next: TracedTask | undefined,
    previous: number,
    runnable: number,
  ): void {
    if (next !== undefined) {
      const known = this.commandOf.get(next.pid)
      if (known === undefined || this.names[known] !== next.command) {
        const place = this.knows(next)
        this.add(TraceKind.name, cpu, at, 0, next.pid, place, 0)
      }
    }
    this.add(TraceKind.switch, cpu, at, 0, next?.pid ?? none, previous, runnable)
  }

  woke(
    cpu: number,
    at: number,
    cycles: number,
    woken: number,
    waker: number,
    runnable: number,
  ): void {
    this.add(TraceKind.wake, cpu, at, cycles, woken, waker, runnable)
  }

  walked(cpu: number, at: number, entries: number, woken: number, listening: boolean): void {
    this.add(TraceKind.walk, cpu, at, 0, entries, woken, listening ? 1 : 0)
  }

  foundNothing(cpu: number, at: number, pid: number): void {
    this.add(TraceKind.nothing, cpu, at, 0, pid, 0, 0)
  }

  held(
    cpu: number,
    at: number,
    cycles: number,
    lock: TraceLockCode,
    pid: number,
    waited: number,
  ): void {
    this.add(TraceKind.hold, cpu, at, cycles, lock, pid, waited)
  }

  /** A frame that ends on the link at `endNs`, and took so long. */
  packet(out: boolean, endNs: number, lengthNs: number, flags: number, bytes: number): void {
    const at = Math.round((endNs - lengthNs) * this.cyclesPerNs)
    const cycles = Math.round(lengthNs * this.cyclesPerNs)
    this.add(TraceKind.packet, 0, at, cycles, out ? 1 : 0, flags, bytes)
  }

  /** A request that the drive begins with now. */
  disk(nowNs: number, lengthNs: number, write: boolean, sector: number, sectors: number): void {
    const at = Math.round(nowNs * this.cyclesPerNs)
    const cycles = Math.round(lengthNs * this.cyclesPerNs)
    this.add(TraceKind.disk, 0, at, cycles, write ? 1 : 0, sector, sectors)
  }

  note(cpu: number, at: number, note: TraceNoteCode, pid: number, says = 0): void {
    this.add(TraceKind.note, cpu, at, 0, note, pid, says)
  }

  private add(
    kind: TraceKindCode,
    cpu: number,
    at: number,
    cycles: number,
    first: number,
    second: number,
    third: number,
  ): void {
    if (this.count === this.kind.length && !this.grow()) return
    const place = this.count++
    this.kind[place] = kind
    this.cpu[place] = cpu
    this.at[place] = at
    this.cycles[place] = cycles
    this.first[place] = first
    this.second[place] = second
    this.third[place] = third
    // What is on the link or at the drive is no CPU's.
    if (kind !== TraceKind.packet && kind !== TraceKind.disk) this.newest[cpu] = place
  }

  /** False when there is no more room. */
  private grow(): boolean {
    if (this.isFull) return false
    const room = Math.min(this.kind.length * 2, this.mostRecords)
    if (room <= this.count) {
      this.isFull = true
      this.onFull()
      return false
    }
    this.make(room)
    return true
  }

  private make(room: number): void {
    this.kind = larger(this.kind, new Uint8Array(room))
    this.cpu = larger(this.cpu, new Uint8Array(room))
    this.at = larger(this.at, new Float64Array(room))
    this.cycles = larger(this.cycles, new Uint32Array(room))
    this.first = larger(this.first, new Int32Array(room))
    this.second = larger(this.second, new Int32Array(room))
    this.third = larger(this.third, new Int32Array(room))
  }

  /** What was recorded, and no more room than that. */
  columns(): TraceColumns {
    const { count } = this
    return {
      count,
      kind: this.kind.slice(0, count),
      cpu: this.cpu.slice(0, count),
      at: this.at.slice(0, count),
      cycles: this.cycles.slice(0, count),
      first: this.first.slice(0, count),
      second: this.second.slice(0, count),
      third: this.third.slice(0, count),
    }
  }
}

function larger<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from)
  return to
}
