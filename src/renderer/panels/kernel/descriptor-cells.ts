import type { DescriptorTableSnapshot } from '../../../sim/observe/structures'
import { counted, grouped } from '../../format/number'

/** How the bits of a descriptor bitmap become cells, word by word; everything in CSS pixels. */
export interface DescriptorLayout {
  /** Words that are drawn: fewer than there are when they would be too small to be seen. */
  readonly words: number
  readonly wordsPerRow: number
  readonly rows: number
  /** From one cell to the next, from one word to the next in its row, and from row to row. */
  readonly pitch: number
  readonly wordPitch: number
  readonly rowPitch: number
}

const wordBits = 32
const largestPitch = 15
/** Smaller cells cannot be told apart. */
const smallestPitch = 3
const wordGap = 6
/** Cells are higher than wide where there is room, up to so many times. */
const tallest = 2

function laidOut(
  words: number,
  wordsPerRow: number,
  pitch: number,
  rowRoom: number,
): DescriptorLayout {
  return {
    words,
    wordsPerRow,
    rows: Math.ceil(words / wordsPerRow),
    pitch,
    wordPitch: wordBits * pitch + wordGap,
    rowPitch: Math.min(tallest * pitch, rowRoom),
  }
}

/**
 * The largest cells with which the whole bitmap fits; when none do, the smallest, and the first
 * words of it.
 */
export function descriptorLayout(words: number, width: number, height: number): DescriptorLayout {
  let best: DescriptorLayout | undefined
  for (let perRow = 1; perRow <= Math.max(1, words); perRow++) {
    const room = (width - (perRow - 1) * wordGap) / (perRow * wordBits)
    const rowRoom = Math.floor(height / Math.ceil(words / perRow))
    const pitch = Math.min(largestPitch, Math.floor(room * 2) / 2, rowRoom)
    if (pitch < smallestPitch || pitch <= (best?.pitch ?? 0)) continue
    best = laidOut(words, perRow, pitch, rowRoom)
  }
  if (best) return best
  const perRow = Math.max(1, Math.floor((width + wordGap) / (wordBits * smallestPitch + wordGap)))
  const fit = Math.min(words, perRow * Math.max(1, Math.floor(height / smallestPitch)))
  return laidOut(fit, perRow, smallestPitch, smallestPitch)
}

/** Upper left corner of a descriptor's cell. */
export function cellOf(layout: DescriptorLayout, descriptor: number): { x: number; y: number } {
  const word = Math.floor(descriptor / wordBits)
  return {
    x: (word % layout.wordsPerRow) * layout.wordPitch + (descriptor % wordBits) * layout.pitch,
    y: Math.floor(word / layout.wordsPerRow) * layout.rowPitch,
  }
}

/** The descriptor at a position, or -1 beside them. */
export function descriptorAt(layout: DescriptorLayout, x: number, y: number): number {
  const column = Math.floor(x / layout.wordPitch)
  const bit = Math.floor((x - column * layout.wordPitch) / layout.pitch)
  const word = Math.floor(y / layout.rowPitch) * layout.wordsPerRow + column
  const isCell =
    x >= 0 && y >= 0 && column < layout.wordsPerRow && bit < wordBits && word < layout.words
  return isCell ? word * wordBits + bit : -1
}

export const isOpen = ({ words }: DescriptorTableSnapshot, descriptor: number): boolean =>
  (((words[Math.floor(descriptor / wordBits)] ?? 0) >>> (descriptor % wordBits)) & 1) === 1

export function openDescriptors(snapshot: DescriptorTableSnapshot): number {
  let open = 0
  for (const word of snapshot.words) {
    for (let left = word; left !== 0; left &= left - 1) open++
  }
  return open
}

/** A descriptor in one line. */
export function describeDescriptor(snapshot: DescriptorTableSnapshot, descriptor: number): string {
  if (descriptor < 0 || descriptor >= snapshot.words.length * wordBits) return ''
  const name = snapshot.files[descriptor]
  const taken = isOpen(snapshot, descriptor)
  const beyond = descriptor >= snapshot.perProcess
  const said = [
    `descriptor ${grouped(descriptor)}`,
    taken ? name || 'reserved, no file yet' : beyond ? 'beyond the limit of the process' : 'free',
    `bit ${descriptor % wordBits} of word ${grouped(Math.floor(descriptor / wordBits))}`,
  ]
  return said.join(' · ')
}

/** What the last search looked at: slots, words of one bitmap, or of the two levels of a tree. */
export function describeSearch(snapshot: DescriptorTableSnapshot): string {
  const { searched, words, wordsPerFull } = snapshot
  if (searched.slots !== undefined) {
    return `${grouped(searched.slots)} of ${counted(words.length * wordBits, 'slot')}`
  }
  if (wordsPerFull > 1) {
    const [looked, there] = [searched.words / wordsPerFull, words.length / wordsPerFull]
    const upper = counted(searched.fullWords, 'upper word')
    return `${upper}, then ${grouped(looked)} of ${grouped(there)} lower ones`
  }
  const first = `${grouped(searched.words)} of ${counted(words.length, 'word')}`
  return searched.fullWords > 0
    ? `${counted(searched.fullWords, 'word')} of full words, then ${first}`
    : first
}

/** What is said while no descriptor is pointed at. */
export function describeTable(snapshot: DescriptorTableSnapshot, drawn: number): string {
  const { process, words } = snapshot
  if (!process) return ''
  const cut = drawn < words.length ? ` · the first ${counted(drawn, 'word')} drawn` : ''
  const whose = `${process.command}, pid ${process.pid}, `
  const most =
    snapshot.processes === 1
      ? 'is the only process with descriptors'
      : `has most descriptors of ${grouped(snapshot.processes)} processes`
  return whose + most + cut
}
