import type { ProfileFrame, ProfileSnapshot } from '../../../sim/observe/profile'

/** A procedure, and the cycles that went through it. */
export interface Call {
  readonly frame: ProfileFrame
  readonly cycles: number
}

/** What a profile says of one procedure: cycles itself and those of its callees are its total. */
export interface Calls {
  readonly frame: ProfileFrame
  /** Cycles with it on the stack, and those in itself. */
  readonly total: number
  readonly self: number
  readonly byCpu: readonly number[]
  /** Times that it was called; 0 where calls are not counted, as of interrupts. */
  readonly entered: number
  /** Who called it, and whom it called, with the cycles that it had meanwhile; most first. */
  readonly callers: readonly Call[]
  readonly callees: readonly Call[]
}

/**
 * Callers and callees of a procedure. Where it calls itself, its outermost call counts for callers
 * and total, its innermost one for callees. Undefined when it is not in the profile.
 */
export function callsOf(
  { frames, stacks, cpus }: ProfileSnapshot,
  { image, procedure }: ProfileFrame,
): Calls | undefined {
  const own = frames.findIndex((frame) => frame.image === image && frame.procedure === procedure)
  const frame = frames[own]
  if (!frame) return undefined
  const callers = new Map<number, number>()
  const callees = new Map<number, number>()
  const byCpu = new Array<number>(cpus).fill(0)
  let [total, self, entered] = [0, 0, 0]
  for (const stack of stacks) {
    const first = stack.frames.indexOf(own)
    if (first < 0) continue
    const last = stack.frames.lastIndexOf(own)
    const cycles = stack.cycles.reduce((sum, value) => sum + value, 0)
    total += cycles
    stack.cycles.forEach((value, cpu) => (byCpu[cpu] = (byCpu[cpu] ?? 0) + value))
    const caller = stack.frames[first - 1]
    if (caller !== undefined) callers.set(caller, (callers.get(caller) ?? 0) + cycles)
    if (last === stack.frames.length - 1) entered += stack.calls ?? 0
    const callee = stack.frames[last + 1]
    if (callee === undefined) self += cycles
    else callees.set(callee, (callees.get(callee) ?? 0) + cycles)
  }
  const listed = (of: ReadonlyMap<number, number>): Call[] =>
    [...of]
      .map(([index, cycles]) => ({ frame: frames[index] ?? frame, cycles }))
      .filter(({ cycles }) => cycles > 0)
      .sort((a, b) => b.cycles - a.cycles)
  return { frame, total, self, byCpu, entered, callers: listed(callers), callees: listed(callees) }
}
