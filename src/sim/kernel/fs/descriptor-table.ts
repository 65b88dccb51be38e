/**
 * The descriptors of one process (files_struct), as get_unused_fd and put_unused_fd of Linux 2.2 keep them: a bitmap
 * with one bit for each descriptor, and always the lowest free one is given out. Switch `kernel.fd.alloc`: `one-bitmap`
 * searches that bitmap from its start, word by word (find_first_zero_bit); `two-bitmaps`, the repair in CITI TR 99-4
 * after Banga, Druschel and Mogul, keeps a second bitmap with one bit for each word that is full, and searches that
 * first. The switch may be thrown while processes run: the second bitmap goes stale, and is made anew from the first
 * when it is next searched.
 * Left out: memory of the descriptor closed last (TR 99-4 says that Linux has it, and that it does not help when open
 * and close alternate), close_on_exec, the page that the array of files takes. Costs: those of the core.
 */
import type { CacheResidency } from '../../machine/cache'
import type { Costs } from '../../machine/core'
import type { OpenFile } from './files'
import type { Task, TaskFiles } from '../sched/task'

export const descriptorVariants = ['one-bitmap', 'two-bitmaps'] as const
export type DescriptorVariant = (typeof descriptorVariants)[number]

export type Descriptor = number

/** What a call returns instead of a descriptor: the negative errno of Linux. */
export const DescriptorError = {
  noSuchFile: -2,
  badDescriptor: -9,
  systemFull: -23,
  processFull: -24,
} as const

/** Descriptors that a process may have: NR_OPEN of 2.2, which TR 99-4 calls the limit of until recently. */
export const defaultPerProcess = 1024
/** Descriptors that one select or poll takes, whatever the other limits: vestigial, says TR 99-4. */
export const defaultPolled = 1000

const wordBits = 32
const wordBytes = 4
const fullWord = -1
/** Words at first: 1,024 descriptors, the fd_set of a new files_struct. */
const firstWords = 32
const noFootprint = -1

/** What the tables of all processes share: the switch, the limits, and what has been counted. */
export class DescriptorGround {
  alloc: DescriptorVariant = 'one-bitmap'
  /** Descriptors that a process may have. */
  perProcess = defaultPerProcess
  /** Descriptors that one select or poll takes. */
  polled = defaultPolled
  /** Calls that failed with EMFILE. */
  refused = 0
  /** select and poll calls that asked for too many descriptors. */
  pollsRefused = 0
  /** Words of the bitmaps that searches for a free descriptor have looked at. */
  wordsSearched = 0

  constructor(
    readonly cache: CacheResidency,
    /** Cycles to load one line from memory. */
    readonly missCycles: number,
    readonly cost: Costs,
  ) {}
}

/** What the last search looked at: words of the second bitmap, then words of the first from one on. */
export interface DescriptorSearch {
  readonly fullWords: number
  readonly from: number
  readonly words: number
}

export class DescriptorTable implements TaskFiles {
  /** Plain numbers of 32 bits: a typed array costs the host more to make, and each fork makes a table. */
  private words: number[]
  /** One bit for each full word of `words`; nothing unless `keepsFull`. */
  private fullWords: number[]
  private keepsFull: boolean
  private readonly wordsFootprint: number
  private fullWordsFootprint = noFootprint
  /** The file behind each descriptor. */
  readonly files: (OpenFile | undefined)[] = []
  /** Descriptors in use. */
  open = 0
  private searchedFull = 0
  private searchedFrom = 0
  private searchedWords = 0

  /** @param parent whose bitmaps are copied; left out, all descriptors are free. */
  constructor(
    private readonly ground: DescriptorGround,
    parent?: DescriptorTable,
  ) {
    this.keepsFull = parent ? parent.keepsFull : ground.alloc === 'two-bitmaps'
    this.words = parent ? parent.words.slice() : zeros(firstWords)
    this.fullWords = parent?.keepsFull ? parent.fullWords.slice() : zeros(this.upperLength)
    this.wordsFootprint = ground.cache.create(this.words.length * wordBytes)
  }

  /** As init left them: standard input, output and error are one file. */
  openStandard(file: OpenFile): void {
    for (const descriptor of [0, 1, 2]) this.files[descriptor] = file
    this.words[0] = 0b111
    this.open = 3
    file.users = 3
  }

  /** copy_files(): what a child begins with. The bitmaps are copied, the files shared. */
  copy(task: Task): DescriptorTable {
    const child = new DescriptorTable(this.ground, this)
    const words = this.words.length + this.fullWords.length
    task.charge(
      words * wordBytes * this.ground.cost.copyPerByte + this.open * this.ground.cost.shareFile,
    )
    for (let descriptor = 0; descriptor < this.files.length; descriptor++) {
      const file = this.files[descriptor]
      if (file) file.users++
      child.files.push(file)
    }
    child.open = this.open
    return child
  }

  /** get_unused_fd(): the lowest free descriptor, now in use; or EMFILE. */
  allocate(task: Task): Descriptor | typeof DescriptorError.processFull {
    const { ground } = this
    const word = ground.alloc === 'two-bitmaps' ? this.findInTwo(task) : this.findInOne(task)
    const descriptor =
      word < this.words.length
        ? word * wordBits + firstZero(this.words[word] ?? fullWord)
        : word * wordBits
    if (descriptor >= ground.perProcess) {
      ground.refused++
      return DescriptorError.processFull
    }
    if (word >= this.words.length) this.grow(task)
    const used = (this.words[word] ?? 0) | (1 << (descriptor % wordBits))
    this.words[word] = used
    ground.cache.invalidate(task.processor, this.wordsFootprint, 1)
    if (this.keepsFull && used === fullWord) this.markFull(task, word, true)
    this.open++
    return descriptor
  }

  /** put_unused_fd(): gives a descriptor back. EBADF when it was not in use. */
  release(descriptor: Descriptor, task: Task): 0 | typeof DescriptorError.badDescriptor {
    if (!this.isOpen(descriptor)) return DescriptorError.badDescriptor
    const word = Math.floor(descriptor / wordBits)
    const before = this.words[word] ?? 0
    this.words[word] = before & ~(1 << (descriptor % wordBits))
    this.look(task, this.wordsFootprint, 1)
    this.ground.cache.invalidate(task.processor, this.wordsFootprint, 1)
    if (this.keepsFull && before === fullWord) this.markFull(task, word, false)
    this.files[descriptor] = undefined
    this.open--
    return 0
  }

  isOpen(descriptor: number): boolean {
    if (!(descriptor >= 0 && descriptor < this.words.length * wordBits)) return false
    const word = this.words[Math.floor(descriptor / wordBits)] ?? 0
    return ((word >>> (descriptor % wordBits)) & 1) === 1
  }

  /** Whether one select or poll may be asked about so many descriptors. */
  mayPoll(descriptors: number): boolean {
    if (descriptors <= this.ground.polled) return true
    this.ground.pollsRefused++
    return false
  }

  /** exit_files(): walks the bitmap for what is open. Whoever calls it puts the files themselves. */
  walk(task: Task): void {
    this.look(task, this.wordsFootprint, this.words.length)
  }

  /** The process has ended: the table is gone from the caches. */
  dismantle(): void {
    const { cache } = this.ground
    this.open = 0
    this.words.length = 0
    this.files.length = 0
    cache.release(this.wordsFootprint)
    if (this.fullWordsFootprint !== noFootprint) cache.release(this.fullWordsFootprint)
  }

  /** Copies of the bitmaps, the second one empty unless it is kept, and what the last search looked at. Changes nothing. */
  bitmaps(): { words: Int32Array; fullWords: Int32Array; searched: DescriptorSearch } {
    return {
      words: Int32Array.from(this.words),
      fullWords: Int32Array.from(this.fullWords),
      searched: {
        fullWords: this.searchedFull,
        from: this.searchedFrom,
        words: this.searchedWords,
      },
    }
  }

  /** Index of the first word that is not full; one past the last when all are. */
  private findInOne(task: Task): number {
    if (this.keepsFull) {
      this.keepsFull = false
      this.fullWords = zeros(0)
    }
    const word = firstNotFull(this.words)
    this.searchedFull = 0
    this.searchedFrom = 0
    this.searchedWords = Math.min(word + 1, this.words.length)
    this.ground.wordsSearched += this.searchedWords
    this.look(task, this.wordsFootprint, this.searchedWords)
    return word
  }

  private findInTwo(task: Task): number {
    if (!this.keepsFull) this.rebuild(task)
    const { fullWords } = this
    const upper = firstNotFull(fullWords)
    const found = upper < fullWords.length
    this.searchedFull = found ? upper + 1 : upper
    this.searchedFrom = found
      ? upper * wordBits + firstZero(fullWords[upper] ?? fullWord)
      : this.words.length
    this.searchedWords = found ? 1 : 0
    this.ground.wordsSearched += this.searchedFull + this.searchedWords
    this.look(task, this.fullFootprint, this.searchedFull)
    if (found) this.look(task, this.wordsFootprint, 1)
    return this.searchedFrom
  }

  /** The second bitmap, anew from the first. */
  private rebuild(task: Task): void {
    this.ground.wordsSearched += this.words.length
    this.look(task, this.wordsFootprint, this.words.length)
    this.keepsFull = true
    this.fullWords = zeros(this.upperLength)
    this.words.forEach((word, index) => {
      if (word === fullWord) this.fullWords[Math.floor(index / wordBits)] |= 1 << (index % wordBits)
    })
  }

  /** Words of the second bitmap. */
  private get upperLength(): number {
    return this.keepsFull ? this.words.length / wordBits : 0
  }

  /** Made when it is first needed: few processes ever have a second bitmap. */
  private get fullFootprint(): number {
    if (this.fullWordsFootprint === noFootprint) {
      this.fullWordsFootprint = this.ground.cache.create(this.fullWords.length * wordBytes)
    }
    return this.fullWordsFootprint
  }

  private markFull(task: Task, word: number, full: boolean): void {
    const upper = Math.floor(word / wordBits)
    const bit = 1 << (word % wordBits)
    const before = this.fullWords[upper] ?? 0
    this.fullWords[upper] = full ? before | bit : before & ~bit
    this.look(task, this.fullFootprint, 1)
    this.ground.cache.invalidate(task.processor, this.fullFootprint, 1)
  }

  /** Charges looking at so many neighbouring words of a bitmap. */
  private look(task: Task, footprint: number, words: number): void {
    const { cache, missCycles } = this.ground
    const lines = Math.ceil((words * wordBytes) / cache.lineBytes)
    const misses = cache.touch(task.processor, footprint, lines)
    task.charge(words * this.ground.cost.bitmapWord + misses * missCycles)
  }

  /** expand_fdset(): twice as many descriptors, what was there copied. */
  private grow(task: Task): void {
    task.charge(
      (this.words.length + this.fullWords.length) * wordBytes * this.ground.cost.copyPerByte,
    )
    this.words = doubled(this.words)
    this.fullWords = doubled(this.fullWords)
    const { cache } = this.ground
    cache.resize(this.wordsFootprint, this.words.length * wordBytes)
    if (this.fullWordsFootprint !== noFootprint) {
      cache.resize(this.fullWordsFootprint, this.fullWords.length * wordBytes)
    }
  }
}

/** Position of the lowest bit that is 0, in a word that has one. */
const firstZero = (word: number): number => wordBits - 1 - Math.clz32(~word & (word + 1))

function firstNotFull(words: readonly number[]): number {
  let at = 0
  while (at < words.length && words[at] === fullWord) at++
  return at
}

const zeros = (count: number): number[] => new Array<number>(count).fill(0)

const doubled = (words: readonly number[]): number[] => [...words, ...zeros(words.length)]
