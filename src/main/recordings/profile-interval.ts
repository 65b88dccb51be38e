/** A whole profile as one interval of a recording, with the stacks that it names. */
import type { CallStack, ProfileSnapshot } from '../../sim/observe/profile'
import { packDifferences } from '../runs/packed-differences'
import type { RunTrace } from '../runs/run-tracer'

/** The empty stack. */
const root: CallStack = { parent: 0, procedure: '', image: '' }

/** @throws RangeError when an amount is no whole number */
export function traceOfProfile(profile: ProfileSnapshot): RunTrace {
  const { cpus, frames, fromSeconds: from, toSeconds: to } = profile
  const nodes: CallStack[] = [root]
  const places = new Map<string, number>()
  const nodeOf = (parent: number, frame: number): number => {
    const key = `${parent} ${frame}`
    const found = places.get(key)
    if (found !== undefined) return found
    const { procedure, image } = frames[frame] ?? root
    const node = nodes.push({ parent, procedure, image }) - 1
    places.set(key, node)
    return node
  }
  const of = profile.stacks.map((stack) => stack.frames.reduce(nodeOf, 0))
  const columns = Array.from({ length: 2 * cpus + 1 }, () => new Float64Array(nodes.length))
  profile.stacks.forEach(({ cycles, samples, whileSampling = 0 }, at) => {
    const node = of[at] ?? 0
    for (let cpu = 0; cpu < cpus; cpu++) {
      columns[cpu]![node]! += cycles[cpu] ?? 0
      columns[cpus + cpu]![node]! += samples[cpu] ?? 0
    }
    columns[2 * cpus]![node]! += whileSampling
  })
  const packed = packDifferences(columns, [], nodes.length)
  const interval = { from, to, nodes: nodes.length, packed }
  return { firstStack: 0, stacks: nodes, profile: [interval], digests: [] }
}
