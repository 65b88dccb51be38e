import type { ProfileFrame, ProfileSnapshot, ProfileStack } from '../../../sim/observe/profile'
import { Spends } from '../../../sim/observe/stack-times'

/** A box of the flame graph: a procedure with all the callers above it. */
export interface FlameNode {
  /** Index into the profile's frames; -1 for the root. */
  readonly frame: number
  readonly parent: number
  readonly depth: number
  /** Cycles or samples with this stack, callees included. */
  total: number
  /** Those in the procedure itself. */
  self: number
  /** Left edge in the unit of `total`, counted from the left of the root. */
  start: number
  children: number[]
  /** Its place in its level. */
  place: number
}

export interface FlameTree {
  readonly frames: readonly ProfileFrame[]
  /** The root is node 0. */
  readonly nodes: readonly FlameNode[]
  readonly depth: number
  /** The boxes of each depth, from left to right. */
  readonly levels: readonly (readonly number[])[]
}

/** `off-CPU`: microseconds in which processes had none. */
export type FlameWeight = 'cycles' | 'samples' | 'off-CPU'
/**
 * Callees from the one with most to the one with least; from A to Z, so that a box keeps its place
 * while the run goes on; or stretches of time one after the other, as `inOrderOfTime` has them.
 */
export type FlameOrder = 'largest' | 'name' | 'time'

export interface FlameChoice {
  readonly weight: FlameWeight
  readonly order: FlameOrder
  readonly withIdle: boolean
}

/** Folds the stacks of a profile to a tree. */
export function flameTree(profile: ProfileSnapshot, choice: FlameChoice): FlameTree {
  const nodes: FlameNode[] = [emptyNode(-1, -1, 0)]
  const known = new Map<number, number>()
  const width = profile.frames.length + 1
  let depth = 0
  for (const stack of profile.stacks) {
    const leaf = profile.frames[stack.frames.at(-1) ?? -1]
    if (!choice.withIdle && leaf?.image === 'idle') continue
    const weight = weightOf(stack, choice.weight)
    if (weight <= 0) continue
    let node = 0
    nodes[0]!.total += weight
    for (const frame of stack.frames) {
      const key = node * width + frame
      let child = known.get(key)
      if (child === undefined) {
        child = nodes.length
        const level = nodes[node]!.depth + 1
        nodes.push(emptyNode(frame, node, level))
        nodes[node]!.children.push(child)
        known.set(key, child)
        depth = Math.max(depth, level)
      }
      nodes[child]!.total += weight
      node = child
    }
    nodes[node]!.self += weight
  }
  place(nodes, profile.frames, choice.order)
  return { frames: profile.frames, nodes, depth, levels: levelsOf(nodes) }
}

/** Level by level, each from the callees of the one above: they stand in their order. */
function levelsOf(nodes: readonly FlameNode[]): number[][] {
  const levels: number[][] = []
  for (let level = [0]; level.length > 0; level = level.flatMap((at) => nodes[at]!.children)) {
    for (const [place, node] of level.entries()) nodes[node]!.place = place
    levels.push(level)
  }
  return levels
}

const emptyNode = (frame: number, parent: number, depth: number): FlameNode => ({
  frame,
  parent,
  depth,
  total: 0,
  self: 0,
  start: 0,
  children: [],
  place: 0,
})

function weightOf({ cycles, samples, times = [] }: ProfileStack, weight: FlameWeight): number {
  let sum = 0
  if (weight === 'off-CPU') for (const time of times.slice(Spends.runnable)) sum += time
  else for (const of of weight === 'cycles' ? cycles : samples) sum += of
  return sum
}

function place(nodes: FlameNode[], frames: readonly ProfileFrame[], order: FlameOrder): void {
  const name = (node: number): string => {
    const frame = frames[nodes[node]!.frame]
    return frame ? `${frame.procedure}\n${frame.image}` : ''
  }
  // Children always come after their parents, so one pass from the root is enough.
  for (const node of nodes) {
    const byName = (a: number, b: number): number => (name(a) < name(b) ? -1 : 1)
    const bySize = (a: number, b: number): number => nodes[b]!.total - nodes[a]!.total
    if (order === 'name') node.children.sort(byName)
    // In the order of time the root's are stretches of it, one after the other.
    else if (order === 'largest' || node.depth > 0) {
      node.children.sort((a, b) => bySize(a, b) || byName(a, b))
    }
    let start = node.start
    for (const child of node.children) {
      nodes[child]!.start = start
      start += nodes[child]!.total
    }
  }
}

/** The names from the root to a box: finds it again in the next profile. */
export function pathOf(tree: FlameTree, node: number): string[] {
  const path: string[] = []
  for (let at = node; at > 0; at = tree.nodes[at]?.parent ?? 0) {
    const frame = tree.frames[tree.nodes[at]?.frame ?? -1]
    path.unshift(frame ? `${frame.image}\n${frame.procedure}` : '')
  }
  return path
}

/** The box with a path, or the deepest one on the way to it that there is. */
export function nodeAtPath(tree: FlameTree, path: readonly string[]): number {
  let node = 0
  for (const step of path) {
    const next = tree.nodes[node]?.children.find((child) => {
      const frame = tree.frames[tree.nodes[child]?.frame ?? -1]
      return frame !== undefined && `${frame.image}\n${frame.procedure}` === step
    })
    if (next === undefined) return node
    node = next
  }
  return node
}

export interface FlameBox {
  readonly node: number
  /** Shares of the width, 0–1. */
  readonly left: number
  readonly right: number
  readonly row: number
}

/**
 * The boxes to draw when `zoom` fills the width: its callers over the whole width above it, and
 * what it calls below.
 * @param leastShare boxes narrower than this are left out, and all they call with them
 */
export function flameBoxes(tree: FlameTree, zoom: number, leastShare: number): FlameBox[] {
  const top = tree.nodes[zoom]
  if (!top || top.total <= 0) return []
  const boxes: FlameBox[] = []
  for (let at = top.parent; at >= 0; at = tree.nodes[at]?.parent ?? -1) {
    boxes.unshift({ node: at, left: 0, right: 1, row: tree.nodes[at]?.depth ?? 0 })
  }
  const open = [zoom]
  // The list grows while it is walked: level by level.
  for (const index of open) {
    const node = tree.nodes[index]
    if (!node) continue
    const left = (node.start - top.start) / top.total
    const right = left + node.total / top.total
    if (right - left < leastShare) continue
    boxes.push({ node: index, left, right, row: node.depth })
    for (const child of node.children) open.push(child)
  }
  return boxes
}

/** Share of the root that lies in boxes that match, none of them counted twice. */
export function matchedShare(tree: FlameTree, matches: (frame: ProfileFrame) => boolean): number {
  const root = tree.nodes[0]
  if (!root || root.total <= 0) return 0
  let matched = 0
  const open = [...root.children]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const at = tree.nodes[node]
    const frame = at && tree.frames[at.frame]
    if (!at || !frame) continue
    if (matches(frame)) matched += at.total
    else for (const child of at.children) open.push(child)
  }
  return matched / root.total
}

export type FlameMove = 'caller' | 'callee' | 'left' | 'right'

/**
 * Where the keyboard goes from a box. Stays where it is when there is nothing in that direction.
 */
export function neighbour(tree: FlameTree, node: number, move: FlameMove): number {
  const at = tree.nodes[node]
  if (!at) return 0
  if (move === 'caller') return Math.max(0, at.parent)
  if (move === 'callee') {
    return at.children.reduce(
      (most, child) => (total(tree, child) > total(tree, most) ? child : most),
      at.children[0] ?? node,
    )
  }
  return tree.levels[at.depth]?.[at.place + (move === 'left' ? -1 : 1)] ?? node
}

const total = (tree: FlameTree, node: number): number => tree.nodes[node]?.total ?? 0
