/** The profile of a part of a recording, added up from its intervals. */
import type { TimeWindow } from '../../shared/api'
import { failure, success, type Result } from '../../shared/result'
import {
  meanSamplingPeriod,
  type ProfileFrame,
  type ProfileSnapshot,
} from '../../sim/observe/profile'
import { profileIntervalSeconds } from '../runs/run-tracer'
import { BatchRooms } from './arrow/columns'
import type { LogReader } from './log-reader'

/** Deeper stacks, and more of them, no model of ours makes. */
const stacksMax = 200_000
const depthMax = 200

const names = ['to', 'from', 'stack', 'cpu', 'cycles', 'samples', 'cycles.whileSampling']

interface Stacks {
  readonly frames: readonly ProfileFrame[]
  readonly parent: readonly number[]
  readonly frame: readonly number[]
}

/** The logs of a profile: its intervals, and the one that was not over when the run ended. */
export interface ProfileLogs {
  readonly profile: LogReader
  readonly part: LogReader
  readonly stacks: LogReader
}

/** Failure `out-of-range` when nothing is kept of it. */
export function readProfile(
  logs: ProfileLogs,
  { cpus, clockMHz }: { readonly cpus: number; readonly clockMHz: number },
  window: TimeWindow,
): Result<ProfileSnapshot> {
  const sums = new Map<number, { cycles: number[]; samples: number[]; whileSampling: number }>()
  let begin = Infinity
  let end = -Infinity
  let sampled = false
  const { from, to } = spanOf(logs, window)
  for (const [batch, values] of intervalsOf(logs, from, to)) {
    const [ends, begins, stacks, cpuOf, cycles, samples, whileSampling] = values
    for (let row = 0; row < batch.rows; row++) {
      const [until, since] = [Number(ends?.[row]), Number(begins?.[row])]
      const middle = (until + since) / 2
      if (!(middle >= from && middle < to)) continue
      begin = Math.min(begin, since)
      end = Math.max(end, until)
      const stack = Number(stacks?.[row])
      const cpu = Number(cpuOf?.[row])
      if (cpu >= cpus) continue
      let sum = sums.get(stack)
      if (!sum) {
        const none = (): number[] => new Array<number>(cpus).fill(0)
        sums.set(stack, (sum = { cycles: none(), samples: none(), whileSampling: 0 }))
      }
      sum.cycles[cpu] = (sum.cycles[cpu] ?? 0) + Number(cycles?.[row])
      sum.samples[cpu] = (sum.samples[cpu] ?? 0) + Number(samples?.[row])
      sum.whileSampling += Number(whileSampling?.[row])
      sampled ||= sum.whileSampling > 0
    }
  }
  if (sums.size === 0) {
    return failure('out-of-range', 'no profile is kept of this part of the run; choose another')
  }
  const tree = stacksIn(logs.stacks)
  const stacks = [...sums].flatMap(([stack, { cycles, samples, whileSampling }]) => {
    const frames = framesOf(tree, stack)
    if (frames.length === 0) return []
    return [{ frames, cycles, samples, ...(sampled ? { whileSampling } : {}) }]
  })
  const meanPeriod = sampled ? meanSamplingPeriod : 0
  const span = { fromSeconds: begin, toSeconds: end }
  return success({ clockMHz, cpus, ...span, frames: tree.frames, stacks, meanPeriod })
}

/**
 * Rows of the intervals that end after one instant, until those that begin at another; of the one
 * that was not over only while the profile has not passed it.
 */
function* intervalsOf(
  { profile, part }: ProfileLogs,
  after: number,
  before: number,
): ReturnType<LogReader['columns']> {
  const rooms = new BatchRooms()
  for (const rows of profile.columns(after, Infinity, names, rooms)) {
    yield rows
    if (rows[0].place.to >= before) return
  }
  for (const rows of part.columns(after, Infinity, names, rooms)) {
    if (Number(rows[1][1]?.[0]) >= profile.to) yield rows
  }
}

/**
 * An interval belongs to the window that has the larger part of it; a short window has the one in
 * which its middle lies, or that is nearest to it.
 */
function spanOf(logs: ProfileLogs, { from, to }: TimeWindow): TimeWindow {
  if (to - from >= profileIntervalSeconds) return { from, to }
  const middle = (from + to) / 2
  let nearest = profileIntervalSeconds / 2
  let found = { from: middle, to: middle }
  for (const [{ rows }, [ends, begins]] of intervalsOf(logs, middle - nearest, middle + nearest)) {
    for (let row = 0; row < rows; row++) {
      const [until, since] = [Number(ends?.[row]), Number(begins?.[row])]
      const distance = Math.max(since - middle, middle - until)
      if (distance >= nearest) continue
      nearest = distance
      const its = (until + since) / 2
      found = { from: its, to: its + (until - since) / 4 }
    }
  }
  return found
}

function stacksIn(log: LogReader): Stacks {
  const frames: ProfileFrame[] = []
  const frameNumbers = new Map<string, number>()
  const parent: number[] = []
  const frame: number[] = []
  const names = ['stack', 'parent', 'procedure', 'image']
  for (const [batch, values] of log.columns(-Infinity, Infinity, names)) {
    for (let row = 0; row < batch.rows && parent.length < stacksMax; row++) {
      const stack = Number(values[0]?.[row])
      if (!(stack > 0 && stack < stacksMax)) continue
      const procedure = String(values[2]?.[row])
      const image = String(values[3]?.[row])
      const name = `${image}\n${procedure}`
      let number = frameNumbers.get(name)
      if (number === undefined) {
        number = frames.push({ procedure, image }) - 1
        frameNumbers.set(name, number)
      }
      parent[stack] = Number(values[1]?.[row])
      frame[stack] = number
    }
  }
  return { frames, parent, frame }
}

/** Root first. Empty for a stack that is not known. */
function framesOf({ parent, frame }: Stacks, stack: number): number[] {
  const frames: number[] = []
  for (let at = stack; at > 0 && frames.length < depthMax;) {
    const here = frame[at]
    if (here === undefined) return []
    frames.push(here)
    const next = parent[at] ?? 0
    at = next < at ? next : 0
  }
  return frames.reverse()
}
