/** What must hold of page frames, page cache, address spaces and swap between any two events. */
import { frameOf, isInSwap, swapSlotOf } from './address-space'
import type { Kernel } from '../kernel'
import { FrameField, frameRecord, FrameUse, noFrame } from './page-frames'
import { TaskState } from '../sched/task'

const uses = Object.entries(FrameUse)
const nameOf = (use: number): string => uses.find(([, code]) => code === use)?.[0] ?? `use ${use}`

/** How often each frame is mapped, and the slots of swap that somebody needs. */
function mappingsOf(kernel: Kernel, wrong: string[]): { mapped: Uint32Array; slots: Set<number> } {
  const mapped = new Uint32Array(kernel.frames.frames)
  const slots = new Set<number>()
  for (const space of kernel.reclaim.spaces) {
    let resident = 0
    let swapped = 0
    for (const entry of space.entries) {
      if (entry >= 0) {
        mapped[frameOf(entry)]!++
        resident++
      } else if (isInSwap(entry)) {
        swapped++
        if (slots.has(swapSlotOf(entry))) wrong.push(`two pages are in slot ${swapSlotOf(entry)}`)
        slots.add(swapSlotOf(entry))
      }
    }
    if (resident !== space.resident) {
      wrong.push(`space ${space.id} has ${resident} pages, not ${space.resident}`)
    }
    if (space.missing < swapped || space.missing > space.entries.length - resident) {
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

function wrongWithSwap(kernel: Kernel, slots: ReadonlySet<number>, wrong: string[]): void {
  const { swap, frames } = kernel
  let used = 0
  let cached = 0
  for (let slot = 0; slot < swap.slots; slot++) {
    const frame = swap['cachedFrame'][slot]!
    if (swap['used'][slot] !== 0) {
      used++
      if (!slots.has(slot)) wrong.push(`slot ${slot} is in use by nobody`)
    } else if (frame !== noFrame) wrong.push(`unused slot ${slot} has frame ${frame}`)
    if (frame === noFrame) continue
    cached++
    if (frames.useOf(frame) !== FrameUse.swapCache) {
      wrong.push(`frame ${frame} of slot ${slot} is ${nameOf(frames.useOf(frame))}`)
    }
    if (swap['slotOfFrame'].get(frame) !== slot) wrong.push(`frame ${frame} denies slot ${slot}`)
  }
  if (used !== swap.inUse) wrong.push(`${used} slots used, not ${swap.inUse}`)
  if (used !== slots.size) wrong.push(`${slots.size} pages in swap, ${used} slots used`)
  if (cached !== swap['slotOfFrame'].size) wrong.push('the swap cache disagrees with itself')
}

/** One sentence for everything that is wrong with memory; empty when nothing is. */
export function wrongWithMemory(kernel: Kernel): string[] {
  const wrong: string[] = []
  const { frames, buffers, swap } = kernel
  const { mapped, slots } = mappingsOf(kernel, wrong)
  const total = new Int32Array(frames.total.length)
  const reading = [...kernel.processes.all].some(({ state }) => state === TaskState.uninterruptible)
  for (let frame = 0; frame < frames.frames; frame++) {
    const use = frames.useOf(frame)
    const users = frames.usersOf(frame)
    total[use]!++
    const mappings = mapped[frame]!
    const name = `frame ${frame} (${nameOf(use)})`
    const inCache = use === FrameUse.pageCache || use === FrameUse.anonymous ? 0 : 1
    const expected = use === FrameUse.free ? 0 : use === FrameUse.pageCache ? 1 + mappings : inCache
    // A task that reads ahead keeps a use of the page that it wants.
    const inHand = use === FrameUse.pageCache && reading && users === expected + 1
    if (use === FrameUse.anonymous ? users !== mappings || users === 0 : users !== expected) {
      if (inHand) continue
      wrong.push(`${name} has ${users} users and ${mappings} mappings`)
    }
    if (mappings > 0 && use !== FrameUse.anonymous && use !== FrameUse.pageCache) {
      wrong.push(`${name} is mapped`)
    }
    if (buffers['pageOfFrame'][frame]! >= 0 !== (use === FrameUse.buffers)) {
      wrong.push(`${name} disagrees with the buffer cache`)
    }
    if (use === FrameUse.swapCache && !swap['slotOfFrame'].has(frame) && !frames.isLocked(frame)) {
      wrong.push(`${name} has no slot and is not under way`)
    }
  }
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
  wrongWithSwap(kernel, slots, wrong)
  return wrong
}
