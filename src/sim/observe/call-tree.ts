/**
 * The exact profile: cycles by call stack and CPU. Stacks are nodes of one tree, so that the stack
 * of running code is a single number, and charging it is one addition. Beside it the DCPI sampler:
 * an interrupt after a random number of cycles between 61,440 and 65,536 (reference-figures §9)
 * that notes which node was being executed.
 */
import type { RandomStream } from '../engine/random'
import type { ModeCode } from './mode'
import { Mode } from './mode'
import type {
  CallStack,
  ProfileFrame,
  ProfileSnapshot,
  ProfileStack,
  ProfileTotals,
  ProfileWindow,
} from './profile'
import type { TraceRecorder } from './trace-recorder'
import { meanSamplingPeriod } from './profile'
import { StackTimes } from './stack-times'

export { Mode }
export type { ModeCode }
const modes = 6

/** A procedure of an image, by order of declaration. */
export type ProcedureId = number
/** A call stack. 0 is the empty one. */
export type StackNode = number

/**
 * What a kernel's procedures are called: the image they are in, and its own names for those that
 * rooms shared with another kernel call by that one's.
 */
export interface KernelNames {
  readonly image: string
  readonly own: Readonly<Record<string, string>>
}

export const linuxNames: KernelNames = { image: 'vmlinux', own: {} }

const shortestPeriod = 61_440
const longestPeriod = 65_536

export class CallTree {
  readonly procedures: (ProfileFrame & { readonly mode: ModeCode })[] = []
  private readonly byName = new Map<string, ProcedureId>()
  /** Parent and procedure of each node. */
  parent = new Int32Array(256)
  private procedure = new Int32Array(256)
  private mode = new Uint8Array(256)
  private nodes = 1
  /**
   * First child of each node and next child of the same parent, 0: none. Few procedures call many
   * others.
   */
  private firstChild = new Int32Array(256)
  private sibling = new Int32Array(256)
  /** Children of the empty stack by procedure: every image begins there. */
  private roots = new Int32Array(256)
  private readonly cycles: Float64Array[]
  private readonly samples: Float64Array[]
  /**
   * Cycles that the sampler could see, on all CPUs: those while it was on, its own left out. What
   * its samples are to be held against.
   */
  private whileSampling = new Float64Array(256)
  private readonly untilSample: Float64Array
  /** Times that each stack was entered, where it is looked up for each. */
  private calls = new Float64Array(256)
  /** What processes spend their time with. */
  readonly times = new StackTimes()
  /** Cycles of each procedure itself, over all CPUs, that `clearStacks` has forgotten. */
  private forgotten = new Float64Array(256)
  /** Cycles charged to each CPU: equals its clock, whatever it did. */
  readonly charged: Float64Array
  private readonly random: RandomStream[]
  samplingOn = false
  everSampled = false
  /** Records what is charged, and what the kernel tells it, while there is one. */
  trace: TraceRecorder | undefined
  /** Told of each connection that begins, while a trace waits for one. */
  onConnection: (() => void) | undefined
  /** Somebody wants to know of every charge: the sampler, or a trace. */
  private isWatched = false

  constructor(
    private readonly cpus: number,
    /** Each CPU has its own, so that the order in which they are settled does not matter. */
    stream: (cpu: number) => RandomStream,
    private readonly kernelNames: KernelNames = linuxNames,
  ) {
    this.random = Array.from({ length: cpus }, (_, cpu) => stream(cpu))
    this.cycles = Array.from({ length: cpus }, () => new Float64Array(256))
    this.samples = Array.from({ length: cpus }, () => new Float64Array(256))
    this.untilSample = new Float64Array(cpus)
    this.charged = new Float64Array(cpus)
  }

  /** Declares a procedure, or finds it. */
  declare(image: string, procedure: string, mode: ModeCode): ProcedureId {
    const name = `${image}\n${procedure}`
    const known = this.byName.get(name)
    if (known !== undefined) return known
    const id = this.procedures.length
    this.procedures.push({ image, procedure, mode })
    this.byName.set(name, id)
    if (id >= this.forgotten.length) this.forgotten = grownFloats(this.forgotten)
    return id
  }

  /** The same of a procedure of the kernel, whose image and names are the tree's. */
  declareKernel(procedure: string, mode: ModeCode): ProcedureId {
    const { image, own } = this.kernelNames
    return this.declare(image, own[procedure] ?? procedure, mode)
  }

  /** The stack that calls `procedure` from `node`. */
  call(node: StackNode, procedure: ProcedureId): StackNode {
    if (node === 0) {
      const root = this.roots[procedure]
      return root === 0 ? this.addRoot(procedure) : root
    }
    let child = this.firstChild[node]
    while (child !== 0 && this.procedure[child] !== procedure) child = this.sibling[child]
    if (child === 0) child = this.add(node, procedure)
    this.calls[child]++
    return child
  }

  private addRoot(procedure: ProcedureId): StackNode {
    const node = this.add(0, procedure)
    while (procedure >= this.roots.length) this.roots = grownInts(this.roots)
    this.roots[procedure] = node
    return node
  }

  private add(parent: StackNode, procedure: ProcedureId): StackNode {
    const node = this.nodes++
    if (node >= this.parent.length) {
      this.parent = grownInts(this.parent)
      this.procedure = grownInts(this.procedure)
      this.firstChild = grownInts(this.firstChild)
      this.sibling = grownInts(this.sibling)
      const mode = new Uint8Array(this.parent.length)
      mode.set(this.mode)
      this.mode = mode
      this.whileSampling = grownFloats(this.whileSampling)
      this.calls = grownFloats(this.calls)
      for (let cpu = 0; cpu < this.cpus; cpu++) {
        this.cycles[cpu] = grownFloats(this.cycles[cpu])
        this.samples[cpu] = grownFloats(this.samples[cpu])
      }
    }
    this.parent[node] = parent
    this.procedure[node] = procedure
    this.sibling[node] = this.firstChild[parent]
    this.firstChild[parent] = node
    this.mode[node] = this.procedures[procedure].mode
    return node
  }

  /** Mode of the innermost procedure of a stack. */
  modeOf(node: StackNode): ModeCode {
    return this.mode[node] as ModeCode
  }

  /** Name of the innermost procedure of a stack. */
  procedureOf(node: StackNode): string | undefined {
    return this.procedures[this.procedure[node]]?.procedure
  }

  /** Charges cycles on a CPU to a stack. Returns how many samples were taken meanwhile. */
  charge(cpu: number, node: StackNode, cycles: number): number {
    this.cycles[cpu][node] += cycles
    this.charged[cpu] += cycles
    return this.isWatched ? this.watched(cpu, node, cycles) : 0
  }

  private watched(cpu: number, node: StackNode, cycles: number): number {
    this.trace?.charged(cpu, node, this.charged[cpu] - cycles, cycles)
    if (!this.samplingOn) return 0
    this.whileSampling[node] += cycles
    let taken = 0
    let left = this.untilSample[cpu] - cycles
    while (left < 0) {
      taken++
      left += shortestPeriod + this.random[cpu].below(longestPeriod - shortestPeriod + 1)
    }
    this.untilSample[cpu] = left
    this.samples[cpu][node] += taken
    return taken
  }

  get isSampling(): boolean {
    return this.samplingOn
  }

  /**
   * Charges the sampler's own handler, which never samples itself: it runs at the priority of its
   * interrupt, and the counter begins anew when it returns. So its cycles are none of those that
   * samples are held against.
   */
  chargeUnseen(cpu: number, node: StackNode, cycles: number): void {
    this.cycles[cpu][node] += cycles
    this.charged[cpu] += cycles
    this.trace?.charged(cpu, node, this.charged[cpu] - cycles, cycles)
  }

  /** Switches the sampler. The first sample comes within one period. */
  setSampling(on: boolean): void {
    if (on && !this.samplingOn) {
      this.everSampled = true
      for (let cpu = 0; cpu < this.cpus; cpu++) {
        this.untilSample[cpu] = this.random[cpu].below(longestPeriod)
      }
    }
    this.samplingOn = on
    this.isWatched = on || this.trace !== undefined
  }

  /** What records from now on; nothing when left out. */
  setTrace(trace?: TraceRecorder): void {
    this.trace = trace
    this.isWatched = this.samplingOn || trace !== undefined
  }

  /** Parent and procedure of each node. */
  get nodeTables(): { readonly parents: Int32Array; readonly procedureOf: Int32Array } {
    const { nodes, parent, procedure } = this
    return { parents: parent.slice(0, nodes), procedureOf: procedure.slice(0, nodes) }
  }

  /** Cycles of each procedure itself, over all CPUs: added up when somebody asks. */
  get selfCycles(): Float64Array {
    const { nodes, procedure } = this
    const sums = this.forgotten.slice(0, this.procedures.length)
    for (const cycles of this.cycles) {
      for (let node = 1; node < nodes; node++) sums[procedure[node]] += cycles[node]
    }
    return sums
  }

  /** Those of each mode, indexed by Mode. */
  byMode(selfCycles: Float64Array): Float64Array {
    const sums = new Float64Array(modes)
    for (let id = 0; id < selfCycles.length; id++) sums[this.procedures[id].mode] += selfCycles[id]
    return sums
  }

  /** Cycles by mode over all CPUs. */
  get cyclesByMode(): Float64Array {
    return this.byMode(this.selfCycles)
  }

  /** Forgets cycles and samples by stack (not the totals that counters read). */
  clearStacks(): void {
    this.forgotten.set(this.selfCycles)
    for (let cpu = 0; cpu < this.cpus; cpu++) {
      this.cycles[cpu].fill(0)
      this.samples[cpu].fill(0)
    }
    this.whileSampling.fill(0)
    this.calls.fill(0)
    this.times.clear()
  }

  /** Running totals by stack. They go on with the run: what is kept of them has to be copied. */
  get totals(): ProfileTotals {
    const { nodes, cycles, samples, whileSampling, calls } = this
    return { nodes, cycles, samples, whileSampling, calls, times: this.times.columns }
  }

  /** The profile of a part of the run. */
  snapshot(clockMHz: number, { fromSeconds, toSeconds, totals }: ProfileWindow): ProfileSnapshot {
    const stacks: ProfileStack[] = []
    for (let node = 1; node < totals.nodes; node++) {
      const cycles = totals.cycles.map((of) => of[node])
      const samples = totals.samples.map((of) => of[node])
      const times = totals.times?.map((of) => of[node] ?? 0) ?? []
      const spent = times.some((value) => value > 0)
      const isEmpty = (of: readonly number[]): boolean => of.every((value) => value === 0)
      if (isEmpty(cycles) && isEmpty(samples) && !spent) continue
      const calls = totals.calls?.[node]
      stacks.push({
        frames: this.framesOf(node),
        cycles,
        samples,
        ...(this.everSampled && { whileSampling: totals.whileSampling[node] }),
        ...(calls && { calls }),
        ...(spent && { times }),
      })
    }
    return {
      clockMHz,
      cpus: this.cpus,
      fromSeconds,
      toSeconds,
      frames: this.procedures.map(({ procedure, image }) => ({ procedure, image })),
      stacks,
      meanPeriod: this.everSampled ? meanSamplingPeriod : 0,
    }
  }

  /** The stacks from this node on, in order; node 0 is the empty one. */
  stacksFrom(first: StackNode): CallStack[] {
    const stacks: CallStack[] = []
    for (let node = first; node < this.nodes; node++) {
      const { image, procedure } = this.procedures[this.procedure[node]]
      stacks.push(
        node === 0
          ? { parent: 0, image: '', procedure: '' }
          : { parent: this.parent[node], image, procedure },
      )
    }
    return stacks
  }

  private framesOf(node: StackNode): number[] {
    const frames: number[] = []
    for (let at = node; at !== 0; at = this.parent[at]) frames.push(this.procedure[at])
    return frames.reverse()
  }
}

function grownInts(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
function grownFloats(array: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2)
  larger.set(array)
  return larger
}
