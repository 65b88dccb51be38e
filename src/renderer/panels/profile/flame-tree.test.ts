import { describe, expect, it } from 'vitest'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import {
  flameBoxes,
  flameTree,
  matchedShare,
  neighbour,
  nodeAtPath,
  pathOf,
  type FlameTree,
} from './flame-tree'
import { inOrderOfTime, stretchesOf } from './order-of-time'
import { partOf } from './profile-part'

const profile: ProfileSnapshot = {
  clockMHz: 450,
  cpus: 2,
  fromSeconds: 0,
  toSeconds: 10,
  meanPeriod: 63_488,
  frames: [
    { image: 'cc1', procedure: 'main' },
    { image: 'vmlinux', procedure: 'sys_read' },
    { image: 'vmlinux', procedure: 'getblk' },
    { image: 'idle', procedure: 'idle' },
  ],
  stacks: [
    { frames: [0], cycles: [30, 10], samples: [3, 1] },
    { frames: [0, 1], cycles: [5, 15], samples: [1, 1] },
    { frames: [0, 1, 2], cycles: [20, 0], samples: [0, 0] },
    { frames: [0, 2], cycles: [20, 0], samples: [2, 0] },
    { frames: [3], cycles: [25, 75], samples: [2, 7] },
  ],
}
const all = { weight: 'cycles', order: 'name', withIdle: false } as const
const cpu1 = { cpu: 1, process: '' }
const named = (tree: FlameTree, node: number): string =>
  tree.frames[tree.nodes[node]?.frame ?? -1]?.procedure ?? 'root'

describe('the flame graph', () => {
  const tree = flameTree(profile, all)

  it('holds every cycle once, and every box those of what it calls', () => {
    expect(tree.nodes[0]?.total).toBe(100)
    expect(tree.nodes.reduce((sum, node) => sum + node.self, 0)).toBe(100)
    for (const node of tree.nodes) {
      const called = node.children.reduce((sum, child) => sum + (tree.nodes[child]?.total ?? 0), 0)
      expect(node.total).toBe(node.self + called)
    }
    expect(tree.depth).toBe(3)
  })

  it('can leave idle out, show one CPU, or weigh by samples', () => {
    expect(flameTree(profile, { ...all, withIdle: true }).nodes[0]?.total).toBe(200)
    expect(flameTree(partOf(profile, cpu1), all).nodes[0]?.total).toBe(25)
    expect(flameTree(profile, { ...all, weight: 'samples' }).nodes[0]?.total).toBe(8)
  })

  it('places callees from A to Z without gaps inside their caller', () => {
    const main = tree.nodes[0]?.children[0] ?? -1
    expect(tree.nodes[main]?.children.map((node) => named(tree, node))).toEqual([
      'getblk',
      'sys_read',
    ])
    const boxes = flameBoxes(tree, 0, 0)
    expect(boxes.map((box) => [named(tree, box.node), box.left, box.right, box.row])).toEqual([
      ['root', 0, 1, 0],
      ['main', 0, 1, 1],
      ['getblk', 0, 0.2, 2],
      ['sys_read', 0.2, 0.6000000000000001, 2],
      ['getblk', 0.2, 0.4, 3],
    ])
  })

  it('leaves out boxes that are too narrow to be seen', () => {
    expect(flameBoxes(tree, 0, 0.3).map((box) => named(tree, box.node))).toEqual([
      'root',
      'main',
      'sys_read',
    ])
  })

  it('fills the width with the box that was chosen, its callers above it', () => {
    const read = nodeAtPath(tree, ['cc1\nmain', 'vmlinux\nsys_read'])
    const boxes = flameBoxes(tree, read, 0)
    expect(boxes.map((box) => [named(tree, box.node), box.left, box.right])).toEqual([
      ['root', 0, 1],
      ['main', 0, 1],
      ['sys_read', 0, 1],
      ['getblk', 0, 0.5],
    ])
  })

  it('finds a box again by its path, or the nearest caller that is left', () => {
    const read = nodeAtPath(tree, ['cc1\nmain', 'vmlinux\nsys_read'])
    expect(pathOf(tree, read)).toEqual(['cc1\nmain', 'vmlinux\nsys_read'])
    const cpu1Tree = flameTree(partOf(profile, cpu1), all)
    expect(named(cpu1Tree, nodeAtPath(cpu1Tree, ['cc1\nmain', 'vmlinux\ngetblk']))).toBe('main')
    expect(nodeAtPath(tree, [])).toBe(0)
  })

  it('tells the share that a search finds, nested finds counted once', () => {
    expect(matchedShare(tree, (frame) => frame.procedure === 'getblk')).toBeCloseTo(0.4, 12)
    expect(matchedShare(tree, (frame) => frame.image === 'vmlinux')).toBeCloseTo(0.6, 12)
    expect(matchedShare(tree, () => false)).toBe(0)
  })

  it('is walked to the caller, the largest callee and along a level', () => {
    const main = neighbour(tree, 0, 'callee')
    const read = neighbour(tree, main, 'callee')
    expect(named(tree, read)).toBe('sys_read')
    expect(named(tree, neighbour(tree, read, 'left'))).toBe('getblk')
    expect(neighbour(tree, read, 'right')).toBe(read)
    expect(neighbour(tree, read, 'caller')).toBe(main)
    expect(neighbour(tree, 0, 'caller')).toBe(0)
  })

  it('puts callees with most first, or one stretch of time after the other', () => {
    const largest = flameTree(profile, { ...all, order: 'largest' })
    const main = largest.nodes[0]?.children[0] ?? -1
    const names = (of: FlameTree, node: number): string[] =>
      of.nodes[node]?.children.map((child) => named(of, child)) ?? []
    expect(names(largest, main)).toEqual(['sys_read', 'getblk'])

    const cut = [profile, { ...profile, fromSeconds: 10, toSeconds: 20 }]
    const merged = inOrderOfTime(cut) ?? profile
    const tree = flameTree(merged, { ...all, order: 'time' })
    expect(names(tree, 0)).toEqual(['00:00:00', '00:00:10'])
    expect(tree.nodes[0]?.total).toBe(200)
    const [first = -1, second = -1] = tree.nodes[0]?.children ?? []
    expect([names(tree, first), names(tree, second)]).toEqual([['main'], ['main']])
    expect(tree.nodes[second]?.start).toBe(100)
  })

  it('is cut at instants that are kept, into no more than can be told apart', () => {
    expect(stretchesOf(3, 6, 1)).toEqual([
      [3, 4],
      [4, 5],
      [5, 6],
    ])
    const many = stretchesOf(0, 3601, 2)
    expect(many.length).toBeLessThanOrEqual(24)
    expect([many[0]?.[0], many.at(-1)?.[1]]).toEqual([0, 3601])
    expect(many.every(([from]) => from % 2 === 0)).toBe(true)
  })

  it('weighs time without a CPU', () => {
    const stacks = [{ frames: [0, 1], cycles: [5, 0], samples: [0, 0], times: [7, 1, 20, 300] }]
    const tree = flameTree({ ...profile, stacks }, { ...all, weight: 'off-CPU' })
    expect(tree.nodes[0]?.total).toBe(321)
  })

  it('is empty before the first cycle', () => {
    const none = flameTree({ ...profile, stacks: [] }, all)
    expect(flameBoxes(none, 0, 0)).toEqual([])
  })
})
