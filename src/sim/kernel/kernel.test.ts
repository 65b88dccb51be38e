import { describe, expect, it } from 'vitest'
import { Sdet } from '../programs/sdet'
import { BufferList } from './fs/buffer-heads'
import { liveBuffers } from './fs/buffer-invariants.test-support'
import { lostIn } from './fs/file-system-invariants.test-support'
import { wrongWith } from './kernel-invariants.test-support'
import { FrameUse } from './mm/page-frames'
import type { Scheduler } from './sched/scheduler'
import { Scheduler22 } from './sched/scheduler-linux-2.2'
import type { SmallMachine, SmallMachineOptions } from './small-machine.test-support'
import { pass, smallMachine } from './small-machine.test-support'

interface Load {
  readonly m: SmallMachine
  readonly failed: () => number
  readonly rounds: () => number
}

/** A machine under SDET, whose scripts compute little. */
function underSdet(
  scripts: number,
  options: SmallMachineOptions,
  onRound: (m: SmallMachine) => void = () => {},
): Load {
  const m = smallMachine({ cpus: 4, ...options })
  let failed = 0
  let rounds = 0
  const sdet = new Sdet(
    m.engine,
    m.kernel,
    () => scripts,
    () => 0.05,
    () => 0,
    {
      roundBegan: () => {},
      scriptEnded: (_seconds, hasFailed) => {
        if (hasFailed) failed++
      },
      roundEnded: () => {
        rounds++
        onRound(m)
      },
    },
    [],
  )
  sdet.boot()
  return { m, failed: () => failed, rounds: () => rounds }
}

describe('a kernel under load is sound at every instant', () => {
  it.each<[string, number, SmallMachineOptions, number]>([
    ['with memory to spare', 6, { memoryMB: 64 }, 4],
    ['on one CPU', 3, { memoryMB: 64, cpus: 1 }, 4],
    ['short of memory, with swap', 10, { memoryMB: 24 }, 12],
    ['with orphaned buffers', 6, { memoryMB: 32, bforget: 'orphan' }, 12],
    ['with orphaned buffers that are held', 6, { memoryMB: 32, bforget: 'orphan-held' }, 12],
    ['with next to no swap', 16, { memoryMB: 18, swapMB: 1 }, 12],
  ])('%s', (_name, scripts, options, seconds) => {
    const { m } = underSdet(scripts, options)
    const looks = 12
    for (let look = 0; look < looks; look++) {
      pass(m, seconds / looks + look * 1e-5)
      expect(wrongWith(m.kernel)).toEqual([])
    }
    const { swap, memory, buffers } = m.kernel
    // Ten shells of 38 pages sleep while their tools run: half of that goes out and comes back.
    if (options.memoryMB === 24) {
      expect(Math.min(swap.pagesOut, swap.pagesIn)).toBeGreaterThan((10 * 38) / 2)
    }
    if (options.swapMB === 1) expect(memory.faults.kills).toBeGreaterThan(0)
    expect(buffers.orphaned > 0).toBe(options.bforget !== undefined)
    expect(buffers.heldOrphans > 0).toBe(options.bforget === 'orphan-held')
  })
})

/** Slots of the run queue that tasks have. */
function slotsIn(scheduler: Scheduler): number {
  if (!(scheduler instanceof Scheduler22)) throw new Error('a kernel with another scheduler')
  return scheduler.slotsInUse
}

describe('rounds on a healthy machine', () => {
  it('leave nothing behind: memory, files and tables are the same after each', () => {
    const after: Record<string, unknown>[] = []
    const nodes: number[] = []
    const load = underSdet(5, { memoryMB: 64 }, ({ kernel, engine }) => {
      const { frames, buffers, fs, processes, dispatcher, cache, swap } = kernel
      nodes.push(load.m.tree['nodes'])
      after.push({
        anonymous: frames.total[FrameUse.anonymous],
        kernel: frames.total[FrameUse.kernel],
        swapCache: frames.total[FrameUse.swapCache],
        processes: processes.all.size,
        spaces: kernel.reclaim.spaces.size,
        enrolled: dispatcher.scheduler.enrolled,
        slots: slotsIn(dispatcher.scheduler),
        footprints: cache.inUse,
        blocks: fs.blocks.inUse,
        inodes: kernel.inodeCache.cached,
        dentries: kernel.dentries.cached,
        handlers: engine['handlers'].length,
        waitQueues: [...buffers['waiters'].values(), ...kernel.pageIo['waiters'].values()].filter(
          ({ length }) => length === 0,
        ).length,
        swapUsed: swap.inUse,
        lost: lostIn(kernel),
      })
    })
    for (let tenths = 0; load.rounds() < 7; tenths++) {
      expect(tenths).toBeLessThan(300)
      pass(load.m, 0.1)
    }
    expect(load.failed()).toBe(0)
    // A round takes the stacks of the one before it; what it adds comes from interrupts and waits.
    expect(nodes[6]).toBeLessThan(1.01 * nodes[3]!)
    expect(nodes[3]).toBeLessThan(1.05 * nodes[0]!)
    // The first rounds bring programs and directories into memory.
    const settled = after[3]
    expect(after.slice(3, 7)).toEqual([settled, settled, settled, settled])
    expect(settled).toMatchObject({ processes: 4, swapUsed: 0, lost: { blocks: 0, inodes: 0 } })
  })

  it('keep the buffer cache at a working set: what is in use are the bitmaps that ext2 holds', () => {
    const sizes: number[] = []
    const load = underSdet(4, { memoryMB: 64 }, ({ kernel }) => sizes.push(kernel.buffers.buffers))
    while (load.rounds() < 6) pass(load.m, 0.2)
    expect(sizes[5]).toBeLessThan(1.1 * sizes[2]!)
    const { buffers } = load.m.kernel
    const inUse = liveBuffers(load.m.kernel).filter((buffer) => buffers.usersOf(buffer) > 0)
    expect(inUse.length).toBeGreaterThan(0)
    expect(inUse.length).toBeLessThanOrEqual(8 + 4 * 3)
  })
})

describe('rounds with orphaned buffers that are held', () => {
  it('lose buffers in each, for good, until memory is short and blocks are read again', () => {
    const lost: number[] = []
    const reads: number[] = []
    const load = underSdet(6, { memoryMB: 40, bforget: 'orphan-held' }, ({ kernel }) => {
      lost.push(kernel.buffers.orphaned)
      reads.push(kernel.disk.sectorsRead / 2)
    })
    for (let seconds = 0; load.rounds() < 8 && seconds < 60; seconds++) pass(load.m, 1)
    const { kernel } = load.m
    lost.forEach((buffers, round) => {
      if (round > 0) expect(buffers).toBeGreaterThan(lost[round - 1]!)
    })
    expect(kernel.buffers.orphaned).toBeLessThanOrEqual(kernel.frames.total[FrameUse.buffers]! * 4)
    expect(kernel.buffers.length[BufferList.none]).toBe(0)
    expect(reads[reads.length - 1]! - reads[0]!).toBeGreaterThan(0)
    expect(load.failed()).toBe(0)
    expect(wrongWith(kernel)).toEqual([])
  })
})
