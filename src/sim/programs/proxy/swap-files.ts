/**
 * Which documents Squid has on its disk, and the numbers of their files (store.c, store_dir.c and
 * filemap.c of 28 April 1997, Squid 1.1.8 to 1.1.10 merged). Above 95 % of cache_swap it reduces
 * until there are 90 %: once a second 1,024 entries are scanned, bucket by bucket, and of these the
 * 64 that were used longest ago are released. The number of a file that is released goes on a stack
 * of 128, from which new documents take theirs first, so that most files are written over and not
 * made and removed; a number for which there is no room is free, and its file is unlinked.
 * Left out: expiry, several cache directories, clean-up of the directories.
 */
import type { Document } from './proxy'

/** DefaultSwapHighWaterMark, DefaultSwapLowWaterMark. */
const highMark = 0.95
const lowMark = 0.9
/** store_buckets: the least that there are. */
const buckets = 7951
/** SWAP_LRUSCAN_COUNT, SWAP_LRU_REMOVE_COUNT, FILENO_STACK_SIZE. */
const mostScanned = 1024
const mostReleased = 64
const stackSize = 128

interface Entry {
  readonly document: Document
  readonly file: number
  readonly kilobytes: number
  usedAt: number
  /** Who reads its file: while there is somebody it is locked. */
  readers: number
}

/** What a scan has looked at, compared, and released. */
export interface SwapScan {
  scanned: number
  compared: number
  readonly released: Document[]
  /** Files that are to be unlinked. */
  readonly unlinked: number[]
}

export class SwapFiles {
  private readonly entries = new Map<number, Entry>()
  /** The hash of a document's URL is taken to be its number (assumed). */
  private readonly table: (Entry[] | undefined)[] = []
  private readonly unused: number[] = []
  private readonly taken = new Set<number>()
  /** What the map of numbers suggests: the lowest that has come free, or the next. */
  private suggested = 0
  private bucket = 0
  private uses = 0
  private reduces = false
  /** store_swap_size, KB. */
  kilobytes = 0

  get size(): number {
    return this.entries.size
  }

  has({ id }: Document): boolean {
    return this.entries.has(id)
  }

  /** The file that a document is in, which counts as a use of it; undefined where it has none. */
  use({ id }: Document): number | undefined {
    const entry = this.entries.get(id)
    if (!entry) return undefined
    entry.usedAt = ++this.uses
    return entry.file
  }

  /** From now on somebody reads its file, or no longer does. */
  lock({ id }: Document, by: 1 | -1): void {
    const entry = this.entries.get(id)
    if (entry) entry.readers = Math.max(0, entry.readers + by)
  }

  /** storeGetUnusedFileno() and storeDirMapAllocate(): the number of a file to write. */
  take(): number {
    const number = this.unused.pop()
    if (number !== undefined) return number
    while (this.taken.has(this.suggested)) this.suggested++
    this.taken.add(this.suggested)
    return this.suggested++
  }

  /** storePutUnusedFileno(). Returns whether the file stays, to be written over. */
  put(file: number): boolean {
    if (this.unused.length < stackSize) {
      this.unused.push(file)
      return true
    }
    this.taken.delete(file)
    if (file < this.suggested) this.suggested = file
    return false
  }

  /** A document has been written to a file. */
  add(document: Document, file: number): void {
    const kilobytes = Math.ceil(document.bytes / 1024)
    const entry = { document, file, kilobytes, usedAt: ++this.uses, readers: 0 }
    this.entries.set(document.id, entry)
    ;(this.table[document.id % buckets] ??= []).push(entry)
    this.kilobytes += kilobytes
  }

  /** storeRelease(). Returns the file that is to be unlinked; undefined where there is none. */
  release({ id }: Document): number | undefined {
    const entry = this.entries.get(id)
    if (!entry) return undefined
    this.entries.delete(id)
    const chain = this.table[id % buckets] ?? []
    chain.splice(chain.indexOf(entry), 1)
    this.kilobytes -= entry.kilobytes
    return this.put(entry.file) ? undefined : entry.file
  }

  /** storeGetSwapSpace(), once a second. @param most cache_swap, bytes */
  reclaim(most: number): SwapScan {
    const kilobytes = most / 1024
    const scan: SwapScan = { scanned: 0, compared: 0, released: [], unlinked: [] }
    if (this.kilobytes <= lowMark * kilobytes) this.reduces = false
    if (this.kilobytes > highMark * kilobytes) this.reduces = true
    if (!this.reduces) return scan
    for (const { document } of this.longestAgo(scan)) {
      const file = this.release(document)
      scan.released.push(document)
      if (file !== undefined) scan.unlinked.push(file)
    }
    return scan
  }

  /** Of the entries of the next buckets those used longest ago: they are sorted after each. */
  private longestAgo(scan: SwapScan): readonly Entry[] {
    let oldest: Entry[] = []
    for (let passed = 0; passed < buckets && scan.scanned <= mostScanned; passed++) {
      const chain = this.table[this.bucket] ?? []
      this.bucket = (this.bucket + 1) % buckets
      if (chain.length === 0) continue
      scan.scanned += chain.length
      for (const entry of chain) if (entry.readers === 0) oldest.push(entry)
      scan.compared += oldest.length * (32 - Math.clz32(oldest.length))
      oldest.sort((one, other) => one.usedAt - other.usedAt)
      if (oldest.length > mostReleased) oldest = oldest.slice(0, mostReleased)
    }
    return oldest
  }
}
