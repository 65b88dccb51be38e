/**
 * The descriptors of one process, as get_unused_fd and put_unused_fd of Linux 2.2 keep them: a bitmap with one bit for
 * each descriptor, and always the lowest free one is given out. Switch `fd.alloc`: `one-bitmap` searches that bitmap
 * from its start, word by word (find_first_zero_bit); `two-bitmaps`, the repair in CITI TR 99-4 after Banga, Druschel
 * and Mogul, keeps a second bitmap with one bit for each word that is full, and searches that first.
 * Left out: memory of the descriptor closed last (TR 99-4 says that Linux has it, and that it does not help when open
 * and close alternate), close_on_exec, the files behind the descriptors. Costs: costs.ts.
 */
import type { CacheResidency } from '../machine/cache'
import { cost } from './costs'
import type { Task } from './task'

export type DescriptorVariant = 'one-bitmap' | 'two-bitmaps'

/** What a call returns instead of a descriptor: the negative errno of Linux. */
export const DescriptorError = { badDescriptor: -9, systemFull: -23, processFull: -24 } as const

/** Descriptors that a process may have: NR_OPEN of 2.2, which TR 99-4 calls the limit of until recently. */
export const defaultPerProcess = 1024
/** Open files that the system may have: what TR 99-4 says the limit was extended to. */
export const defaultSystemWide = 4096
/** Descriptors that one select or poll takes, whatever the other limits: vestigial, says TR 99-4. */
export const defaultPolled = 1000

const wordBits = 32
const wordBytes = 4
const fullWord = -1
/** Words at first: 1,024 descriptors, the fd_set of a new files_struct. */
const firstWords = 32

/** Open files of all processes together: nr_files and max_files. */
export class SystemFiles {
  open = 0
  /** Calls that failed with ENFILE. */
  refused = 0

  constructor(readonly limit = defaultSystemWide) {}
}

export interface DescriptorTableOptions {
  readonly variant: DescriptorVariant
  readonly cache: CacheResidency
  /** Cycles to load one line from memory. */
  readonly missCycles: number
  readonly system: SystemFiles
  /** Descriptors that the process may have. */
  readonly perProcess?: number
  /** Descriptors that one select or poll takes. */
  readonly polled?: number
}

export class DescriptorTable {
  private words = new Int32Array(firstWords)
  /** One bit for each full word of `words`; only `two-bitmaps` keeps it. */
  private fullWords = new Int32Array(firstWords / wordBits)
  private readonly variant: DescriptorVariant
  private readonly cache: CacheResidency
  private readonly missCycles: number
  private readonly system: SystemFiles
  private readonly perProcess: number
  private readonly polled: number
  private readonly wordsFootprint: number
  private readonly fullWordsFootprint: number
  /** Descriptors in use. */
  open = 0
  /** Calls that failed with EMFILE. */
  refused = 0
  /** select and poll calls that asked for too many descriptors. */
  pollsRefused = 0
  /** Words of the bitmaps looked at so far. */
  wordsSearched = 0

  constructor(options: DescriptorTableOptions) {
    this.variant = options.variant
    this.cache = options.cache
    this.missCycles = options.missCycles
    this.system = options.system
    this.perProcess = options.perProcess ?? defaultPerProcess
    this.polled = options.polled ?? defaultPolled
    this.wordsFootprint = this.cache.create(firstWords * wordBytes)
    this.fullWordsFootprint = this.cache.create(this.fullWords.length * wordBytes)
  }

  /** The lowest free descriptor, now in use; or EMFILE or ENFILE. */
  allocate(task: Task): number {
    const word = this.variant === 'two-bitmaps' ? this.findInTwo(task) : this.findInOne(task)
    const descriptor =
      word < this.words.length
        ? word * wordBits + firstZero(this.words[word] ?? fullWord)
        : word * wordBits
    // As in sys_open, the process's own limit is looked at before the system's.
    if (descriptor >= this.perProcess) {
      this.refused++
      return DescriptorError.processFull
    }
    if (this.system.open >= this.system.limit) {
      this.system.refused++
      return DescriptorError.systemFull
    }
    if (word >= this.words.length) this.grow(task)
    const used = (this.words[word] ?? 0) | (1 << (descriptor % wordBits))
    this.words[word] = used
    this.cache.invalidate(task.processor, this.wordsFootprint, 1)
    if (this.variant === 'two-bitmaps' && used === fullWord) this.markFull(task, word, true)
    this.open++
    this.system.open++
    return descriptor
  }

  /** Gives a descriptor back. EBADF when it was not in use. */
  release(descriptor: number, task: Task): 0 | typeof DescriptorError.badDescriptor {
    if (!this.isOpen(descriptor)) return DescriptorError.badDescriptor
    const word = Math.floor(descriptor / wordBits)
    const before = this.words[word] ?? 0
    this.words[word] = before & ~(1 << (descriptor % wordBits))
    this.look(task, this.wordsFootprint, 1)
    this.cache.invalidate(task.processor, this.wordsFootprint, 1)
    if (this.variant === 'two-bitmaps' && before === fullWord) this.markFull(task, word, false)
    this.open--
    this.system.open--
    return 0
  }

  isOpen(descriptor: number): boolean {
    if (!(descriptor >= 0 && descriptor < this.words.length * wordBits)) return false
    const word = this.words[Math.floor(descriptor / wordBits)] ?? 0
    return ((word >>> (descriptor % wordBits)) & 1) === 1
  }

  /** Whether one select or poll may be asked about so many descriptors. */
  mayPoll(descriptors: number): boolean {
    if (descriptors <= this.polled) return true
    this.pollsRefused++
    return false
  }

  /** The process has ended: all its descriptors are free, and the table is gone from the caches. */
  dismantle(): void {
    this.system.open -= this.open
    this.open = 0
    this.words.fill(0)
    this.fullWords.fill(0)
    this.cache.release(this.wordsFootprint)
    this.cache.release(this.fullWordsFootprint)
  }

  /** Index of the first word that is not full; one past the last when all are. */
  private findInOne(task: Task): number {
    const word = firstNotFull(this.words)
    this.look(task, this.wordsFootprint, Math.min(word + 1, this.words.length))
    return word
  }

  private findInTwo(task: Task): number {
    const { fullWords } = this
    const upper = firstNotFull(fullWords)
    this.look(task, this.fullWordsFootprint, Math.min(upper + 1, fullWords.length))
    if (upper === fullWords.length) return this.words.length
    this.look(task, this.wordsFootprint, 1)
    return upper * wordBits + firstZero(fullWords[upper] ?? fullWord)
  }

  private markFull(task: Task, word: number, full: boolean): void {
    const upper = Math.floor(word / wordBits)
    const bit = 1 << (word % wordBits)
    const before = this.fullWords[upper] ?? 0
    this.fullWords[upper] = full ? before | bit : before & ~bit
    this.look(task, this.fullWordsFootprint, 1)
    this.cache.invalidate(task.processor, this.fullWordsFootprint, 1)
  }

  /** Charges looking at so many neighbouring words of a bitmap. */
  private look(task: Task, footprint: number, words: number): void {
    this.wordsSearched += words
    const lines = Math.ceil((words * wordBytes) / this.cache.lineBytes)
    const misses = this.cache.touch(task.processor, footprint, lines)
    task.charge(words * cost.bitmapWord + misses * this.missCycles)
  }

  /** expand_fdset(): twice as many descriptors, what was there copied. */
  private grow(task: Task): void {
    task.charge((this.words.length + this.fullWords.length) * wordBytes * cost.copyPerByte)
    this.words = doubled(this.words)
    this.fullWords = doubled(this.fullWords)
    this.cache.resize(this.wordsFootprint, this.words.length * wordBytes)
    this.cache.resize(this.fullWordsFootprint, this.fullWords.length * wordBytes)
  }
}

/** Position of the lowest bit that is 0, in a word that has one. */
const firstZero = (word: number): number => wordBits - 1 - Math.clz32(~word & (word + 1))

function firstNotFull(words: Int32Array): number {
  let at = 0
  while (at < words.length && words[at] === fullWord) at++
  return at
}

function doubled(words: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * words.length)
  larger.set(words)
  return larger
}
