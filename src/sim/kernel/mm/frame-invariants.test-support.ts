/** What must hold of page frames, page cache, address spaces and swap between any two events. */
import { frameOf, isGuarded, isInSwap, spaceOf, swapSlotOf } from './address-space'
import type { Kernel } from '../kernel'
import { FrameField, frameRecord, FrameUse, noFrame } from './page-frames'
import type { Task } from '../sched/task'
import { TaskState } from '../sched/task'

const uses = Object.entries(FrameUse)
const nameOf = (use: number): string => uses.find(([, code]) => code === use)?.[0] ?? `use ${use}`

interface Mappings {
  /** How often each frame is mapped. */
  readonly mapped: Uint32Array
  /** How many processes have their page in each slot of swap. */
  readonly slots: Uint32Array
}

function mappingsOf(kernel: Kernel, wrong: string[]): Mappings {
  const mapped = new Uint32Array(kernel.frames.frames)
  const slots = new Uint32Array(kernel.swap.slots)
  for (const space of kernel.reclaim.spaces) {
    let resident = 0
    let swapped = 0
    for (const entry of space.entries.slice(0, space.size)) {
      if (entry >= 0) {
        mapped[frameOf(entry)]!++
        resident++
      } else if (isInSwap(entry)) {
        swapped++
        slots[swapSlotOf(entry)]!++
      }
    }
    if (resident !== space.resident) {
      wrong.push(`space ${space.id} has ${resident} pages, not ${space.resident}`)
    }
    if (space.missing < swapped || space.missing > space.size - resident) {
      wrong.push(`space ${space.id} misses ${space.missing} pages; ${swapped} are in swap`)
    }
  }
  return { mapped, slots }
}

function wrongWithPageCache(kernel: Kernel, wrong: string[]): void {
  const { pages, frames } = kernel
  const hashed = new Map<number, string>()
  for (let bucket = 0; bucket < pages['hashed'].buckets; bucket++) {
    for (const [slot, index, frame] of pages['hashed'].entriesOf(bucket)) {
      if (hashed.has(frame)) wrong.push(`frame ${frame} is hashed twice`)
      hashed.set(frame, `${slot}:${index}`)
      if (frames.useOf(frame) !== FrameUse.pageCache) {
        wrong.push(`frame ${frame} in the page cache is ${nameOf(frames.useOf(frame))}`)
      }
    }
  }
  if (new Set(hashed.values()).size !== hashed.size) wrong.push('two frames hold the same page')
  if (hashed.size !== pages.pages) wrong.push(`${hashed.size} pages hashed, not ${pages.pages}`)
  if (hashed.size !== frames.total[FrameUse.pageCache]) {
    wrong.push(`${frames.total[FrameUse.pageCache]} frames of cache for ${hashed.size} pages`)
  }
  const owned = new Set<number>()
  pages['owners'].forEach((inode, slot) => {
    if (!inode) return
    let count = 0
    for (let frame = inode.firstPage; frame !== noFrame; count++) {
      const at = frame * frameRecord
      if (owned.has(frame)) {
        wrong.push(`frame ${frame} is on two owners' lists`)
        break
      }
      owned.add(frame)
      const key = `${slot}:${frames.records[at + FrameField.index]}`
      if (hashed.get(frame) !== key) {
        wrong.push(`frame ${frame} is page ${key}, but hashed as ${hashed.get(frame)}`)
      }
      frame = frames.records[at + FrameField.ownerNext]!
    }
    if (count !== inode.pages) {
      wrong.push(`inode of slot ${slot} has ${count} pages, not ${inode.pages}`)
    }
  })
  if (owned.size !== hashed.size) wrong.push(`${hashed.size - owned.size} pages have no owner`)
}

/**
 * Tasks in the middle of a fault or of finding pages: each may have a slot and a frame in hand that
 * nothing else tells of.
 */
function handsIn(kernel: Kernel): number {
  const tasks = [...kernel.processes.all]
  return tasks.filter((task) => task.freeing || spaceOf(task)?.faulting === true).length
}

function wrongWithSwap(kernel: Kernel, { mapped, slots }: Mappings, wrong: string[]): void {
  const { swap, frames } = kernel
  let used = 0
  let cached = 0
  let inHand = 0
  for (let slot = 0; slot < swap.slots; slot++) {
    const users = swap.map.usersOf(slot)
    const frame = swap['cachedFrame'][slot]!
    const expected = slots[slot]! + (frame === noFrame ? 0 : 1)
    if (users > 0) used++
    inHand += Math.max(0, users - expected)
    if (users < expected) wrong.push(`slot ${slot} has ${users} users, not ${expected}`)
    if (frame === noFrame) continue
    cached++
    if (frames.useOf(frame) !== FrameUse.swapCache) {
      wrong.push(`frame ${frame} of slot ${slot} is ${nameOf(frames.useOf(frame))}`)
    }
    if (swap.slotOf(frame) !== slot) wrong.push(`frame ${frame} denies slot ${slot}`)
  }
  if (inHand > handsIn(kernel)) wrong.push(`${inHand} users of slots are unknown`)
  if (used !== swap.inUse) wrong.push(`${used} slots used, not ${swap.inUse}`)
  if (cached !== frames.total[FrameUse.swapCache]) {
    wrong.push(`${frames.total[FrameUse.swapCache]} frames of swap cache for ${cached} slots`)
  }
  for (const space of kernel.reclaim.spaces) {
    for (const entry of space.entries.slice(0, space.size)) {
      if (entry < 0 || isGuarded(entry)) continue
      const isAnonymous = frames.useOf(entry) === FrameUse.anonymous
      if (isAnonymous && mapped[entry]! > 1) wrong.push(`shared frame ${entry} can be written to`)
      if (swap.isCached(entry)) wrong.push(`frame ${entry} can be written to and is in swap`)
    }
  }
}

/** A task that has been woken keeps its use until it runs. */
const mayWaitForPage = ({ state, lockDepth }: Task): boolean =>
  state === TaskState.uninterruptible || lockDepth > 0

const isSwap = (use: number): boolean => use === FrameUse.swapCache

/** One sentence for everything that is wrong with memory; empty when nothing is. */
export function wrongWithMemory(kernel: Kernel): string[] {
  const wrong: string[] = []
  const { frames, buffers } = kernel
  const mappings = mappingsOf(kernel, wrong)
  const { mapped } = mappings
  const total = new Int32Array(frames.total.length)
  let swapInHand = 0
  let cacheInHand = 0
  for (let frame = 0; frame < frames.frames; frame++) {
    const use = frames.useOf(frame)
    const users = frames.usersOf(frame)
    total[use]!++
    const name = `frame ${frame} (${nameOf(use)})`
    const isMapped = use === FrameUse.anonymous || use === FrameUse.pageCache || isSwap(use)
    // Its cache is a user, and what is on its way to swap or back is one more.
    const ownUsers = use === FrameUse.free || use === FrameUse.anonymous ? 0 : 1
    const underWay = frames.isLocked(frame) && (isSwap(use) || use === FrameUse.anonymous) ? 1 : 0
    const expected = mapped[frame]! + ownUsers + underWay
    if (isSwap(use) && users > expected) swapInHand += users - expected
    else if (use === FrameUse.pageCache && users > expected) cacheInHand += users - expected
    else if (users !== expected) {
      wrong.push(`${name} has ${users} users and ${mapped[frame]} mappings`)
    }
    if (use !== FrameUse.free && users === 0) wrong.push(`${name} has no user`)
    if (mapped[frame]! > 0 && !isMapped) wrong.push(`${name} is mapped`)
    if (buffers['pageOfFrame'][frame]! >= 0 !== (use === FrameUse.buffers)) {
      wrong.push(`${name} disagrees with the buffer cache`)
    }
  }
  // A task keeps a use of the one page of a file that it waits for, or reads ahead behind.
  const waiting = [...kernel.processes.all].filter(mayWaitForPage).length
  if (cacheInHand > waiting) wrong.push(`${cacheInHand} users of the page cache are unknown`)
  if (swapInHand > handsIn(kernel)) wrong.push(`${swapInHand} users of swap cache are unknown`)
  for (const [name, use] of uses) {
    if (total[use] !== frames.total[use]) {
      wrong.push(`${total[use]} frames are ${name}, not ${frames.total[use]}`)
    }
  }
  if (frames.free !== total[FrameUse.free]) wrong.push(`${frames.free} frames on the free list`)
  const free = new Set(frames['freeList'].subarray(0, frames.free))
  if (free.size !== frames.free) wrong.push('a frame is on the free list twice')
  for (const frame of free) {
    if (frames.useOf(frame) !== FrameUse.free) wrong.push(`frame ${frame} is free and in use`)
  }
  wrongWithPageCache(kernel, wrong)
  wrongWithSwap(kernel, mappings, wrong)
  return wrong
}
