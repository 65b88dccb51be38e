/** What must hold of the buffer cache between any two events. */
import { BufferBit, BufferList, noBuffer } from './buffer-heads'
import type { Kernel } from '../kernel'
import { FrameUse } from '../mm/page-frames'

const lists = ['clean', 'locked', 'dirty', 'free', 'wiredClean', 'wiredFree'] as const

/** HASHDEV with a table of 32 K buckets, from the text of 2.2.5. */
export const bucketOfBlock = (block: number): number => (0x0801 ^ block) & 32_767

/** Every buffer head in a page of the buffer cache. */
export function liveBuffers(kernel: Kernel): number[] {
  const { buffers, frames } = kernel
  const live: number[] = []
  for (let frame = 0; frame < frames.frames; frame++) {
    const page = buffers['pageOfFrame'][frame]!
    for (let index = 0; page >= 0 && index < buffers.perPage; index++) {
      live.push(page * buffers.perPage + index)
    }
  }
  return live
}

/** One sentence for everything that is wrong with the buffer cache; empty when nothing is. */
export function wrongWithBuffers(kernel: Kernel): string[] {
  const wrong: string[] = []
  const { buffers, frames } = kernel
  const live = liveBuffers(kernel)
  const alive = new Set(live)
  if (alive.size !== live.length) wrong.push('two frames hold the same page of buffers')
  if (live.length !== buffers.buffers) wrong.push(`${live.length} buffers, not ${buffers.buffers}`)
  if (frames.total[FrameUse.buffers]! * buffers.perPage !== live.length) {
    wrong.push(`${frames.total[FrameUse.buffers]} frames for ${live.length} buffers`)
  }

  const listOf = new Map<number, string>()
  lists.forEach((name) => {
    const list = BufferList[name]
    let length = 0
    let previous = noBuffer
    for (let buffer = buffers.head[list]!; buffer !== noBuffer; buffer = buffers.after(buffer)) {
      if (listOf.has(buffer)) {
        wrong.push(`buffer ${buffer} is on two lists, ${listOf.get(buffer)} and ${name}`)
        break
      }
      listOf.set(buffer, name)
      if (!alive.has(buffer)) wrong.push(`buffer ${buffer} on list ${name} has no page`)
      if (buffers.listOf(buffer) !== list) wrong.push(`buffer ${buffer} denies being ${name}`)
      previous = buffer
      length++
    }
    if (previous !== buffers['tail'][list]) wrong.push(`the tail of list ${name} is not its last`)
    if (length !== buffers.length[list]) {
      wrong.push(`list ${name} has ${length} buffers, not ${buffers.length[list]}`)
    }
  })

  const hashedAs = new Map<number, number>()
  const blocks = new Set<number>()
  for (let bucket = 0; bucket < buffers['hashed'].buckets; bucket++) {
    for (const [, block, buffer] of buffers['hashed'].entriesOf(bucket)) {
      if (bucketOfBlock(block) !== bucket) wrong.push(`block ${block} hangs in bucket ${bucket}`)
      if (hashedAs.has(buffer)) wrong.push(`buffer ${buffer} is hashed twice`)
      if (blocks.has(block)) wrong.push(`block ${block} has two buffers`)
      if (!alive.has(buffer)) wrong.push(`buffer ${buffer} of block ${block} has no page`)
      if (buffers.blockOf(buffer) !== block) wrong.push(`buffer ${buffer} is not of block ${block}`)
      hashedAs.set(buffer, block)
      blocks.add(block)
    }
  }

  let orphaned = 0
  let held = 0
  let locked = 0
  for (const buffer of live) {
    const list = listOf.get(buffer)
    const users = buffers.usersOf(buffer)
    const is = (bit: keyof typeof BufferBit): boolean => buffers.has(buffer, BufferBit[bit])
    const name = `buffer ${buffer} of block ${buffers.blockOf(buffer)}`
    if (users < 0) wrong.push(`${name} has ${users} users`)
    if (is('locked')) locked++
    if (is('orphaned')) {
      orphaned++
      if (hashedAs.has(buffer)) wrong.push(`orphaned ${name} is hashed`)
      if (list === undefined) held++
      else if (list !== 'clean') wrong.push(`orphaned ${name} is on list ${list}`)
      if ((users === 0) !== (list === 'clean')) {
        wrong.push(`orphaned ${name} has ${users} users and is on list ${list}`)
      }
      if (is('dirty') || is('locked')) wrong.push(`orphaned ${name} is dirty or locked`)
    } else if (list === 'free' || list === 'wiredFree') {
      if ((list === 'wiredFree') !== buffer < buffers.wired)
        wrong.push(`${name} is on list ${list}`)
      if (hashedAs.has(buffer)) wrong.push(`free ${name} is hashed`)
      if (users !== 0) wrong.push(`free ${name} has ${users} users`)
      if (is('dirty') || is('locked') || is('uptodate')) wrong.push(`free ${name} has content`)
    } else {
      const clean = buffer < buffers.wired ? 'wiredClean' : 'clean'
      const belongs = is('dirty') ? 'dirty' : is('locked') ? 'locked' : clean
      if (list !== belongs) wrong.push(`${name} is ${belongs}, but on list ${list}`)
      if (!hashedAs.has(buffer)) wrong.push(`${name} on list ${list} is not hashed`)
    }
  }
  if (orphaned !== buffers.orphaned) wrong.push(`${orphaned} orphans, not ${buffers.orphaned}`)
  if (held !== buffers.heldOrphans) wrong.push(`${held} held, not ${buffers.heldOrphans}`)
  if (locked !== buffers.locked) wrong.push(`${locked} buffers locked, not ${buffers.locked}`)
  return wrong
}
