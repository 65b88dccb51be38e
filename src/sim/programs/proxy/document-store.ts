/**
 * What a proxy keeps of documents: Squid those in memory, in pages of 4 KB, of which the ones not
 * asked for longest go when there are more than cache_mem; CERN files on the disk, of which the
 * oldest go when there are more than it may have (Squid's are swap-files.ts).
 * Left out: expiry, the index in a file, the swap log's clean-up.
 */
import type { Document } from './proxy'

/** DefaultMemMaxSize and SM_PAGE_SIZE. */
const memoryBytes = 8 << 20
const pageBytes = 4096

/** Documents by id, the one used longest ago first. */
class Documents {
  private readonly known = new Map<number, Document>()
  bytes = 0

  constructor(private readonly sizeOf: (document: Document) => number) {}

  has({ id }: Document): boolean {
    return this.known.has(id)
  }

  /** Puts it behind all others. */
  use(document: Document): void {
    if (this.known.delete(document.id)) this.bytes -= this.sizeOf(document)
    this.known.set(document.id, document)
    this.bytes += this.sizeOf(document)
  }

  drop(document: Document): void {
    if (this.known.delete(document.id)) this.bytes -= this.sizeOf(document)
  }

  /** Takes those used longest ago out, while there is more than so much. */
  *beyond(bytes: number): Generator<Document, void> {
    for (const document of this.known.values()) {
      if (this.bytes <= bytes) return
      this.known.delete(document.id)
      this.bytes -= this.sizeOf(document)
      yield document
    }
  }

  get size(): number {
    return this.known.size
  }
}

const pages = ({ bytes }: Document): number => Math.ceil(bytes / pageBytes) * pageBytes

export class DocumentStore {
  private readonly memory = new Documents(pages)
  private readonly disk = new Documents(({ bytes }) => bytes)

  inMemory(document: Document): boolean {
    if (!this.memory.has(document)) return false
    this.memory.use(document)
    return true
  }

  keepInMemory(document: Document): void {
    this.memory.use(document)
    for (const gone of this.memory.beyond(memoryBytes)) void gone
  }

  dropFromMemory(document: Document): void {
    this.memory.drop(document)
  }

  onDisk(document: Document): boolean {
    if (!this.disk.has(document)) return false
    this.disk.use(document)
    return true
  }

  /** A file is written. Returns those whose files go for it. */
  keepOnDisk(document: Document, most: number): Document[] {
    this.disk.use(document)
    return [...this.disk.beyond(most)]
  }

  get files(): number {
    return this.disk.size
  }
}
