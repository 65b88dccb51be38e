/**
 * Collapsed stacks: one line per stack, frames from root to leaf joined by `;`, then its cycles on
 * all CPUs. A frame reads `procedure (image)`. Equal stacks are merged; lines are in order of their
 * text. The format has no place for remarks, so a window of a run stands in a frame of its own, at
 * the root of each stack.
 */
import type { ProfileSnapshot } from '../../sim/observe/profile'

const linesPerPiece = 512

/**
 * The file in pieces. Stacks that spent no whole cycle are left out: readers want positive
 * integers.
 */
export function* collapsedStacks(profile: ProfileSnapshot, isWindow = false): Generator<string> {
  const { fromSeconds, toSeconds } = profile
  const root = isWindow ? [`[simulated ${fromSeconds} s to ${toSeconds} s]`] : []
  const names = profile.frames.map(({ procedure, image }) => plain(`${procedure} (${image})`))
  const cyclesOf = new Map<string, number>()
  for (const stack of profile.stacks) {
    const line = [...root, ...stack.frames.map((frame) => names[frame] ?? '?')].join(';')
    const cycles = stack.cycles.reduce((sum, spent) => sum + spent, 0)
    cyclesOf.set(line, (cyclesOf.get(line) ?? 0) + cycles)
  }
  const lines = [...cyclesOf]
    .map(([line, cycles]) => [line, Math.round(cycles)] as const)
    .filter(([, cycles]) => cycles > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  for (let from = 0; from < lines.length; from += linesPerPiece) {
    yield lines
      .slice(from, from + linesPerPiece)
      .map(([line, cycles]) => `${line} ${BigInt(cycles)}\n`)
      .join('')
  }
}

/** `;` separates frames and a line break ends a stack, so neither can be in a name. */
const plain = (name: string): string => name.replace(/[;\r\n]/g, '_')
