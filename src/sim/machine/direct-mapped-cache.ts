/**
 * A direct-mapped cache, as the board caches of Alpha workstations were: a line has one place, by
 * its physical address, and whoever is loaded there last has it. So a page of memory competes with
 * the pages of its colour alone, of which there are as many as pages fit in the cache. Kept is how
 * many lines of each page are expected to be resident. Colours go round from page to page, as they
 * are needed: Digital UNIX places pages so that what a process works on does not push itself out.
 * Left out: which lines of a page are touched (evenly), the levels nearer to the core.
 */
import type { Residency } from './residency'

/** Pages of Alpha. */
const pageBytes = 8192
/** Fewer lines of a page than this are none. */
const negligible = 1 / 64

interface Page {
  readonly colour: number
  /** Lines of the footprint in it. */
  lines: number
  /** Expected to be resident, by CPU. */
  readonly held: number[]
  /** Expected to have been pushed out: another line is in their place. */
  readonly lost: number[]
}

interface Footprint {
  lines: number
  readonly pages: Page[]
  /** Where the next touch of some lines begins. */
  next: number
}

export class DirectMappedCache implements Residency {
  private readonly footprints: (Footprint | undefined)[] = []
  private readonly released: number[] = []
  missed = 0
  /** Pages with resident lines, by CPU and colour. */
  private readonly resident: Page[][][]
  private readonly colours: number
  private readonly pageLines: number
  private nextColour = 0

  /** @throws RangeError unless there are CPUs, and a page at least in the cache */
  constructor(
    readonly cpus: number,
    readonly cacheBytes: number,
    readonly lineBytes: number,
  ) {
    this.colours = Math.floor(cacheBytes / pageBytes)
    this.pageLines = Math.floor(pageBytes / lineBytes)
    if (!(cpus >= 1 && this.colours >= 1 && this.pageLines >= 1)) {
      throw new RangeError(`no cache of ${cacheBytes} bytes in lines of ${lineBytes} bytes`)
    }
    this.resident = Array.from({ length: cpus }, () =>
      Array.from({ length: this.colours }, () => []),
    )
  }

  get cacheLines(): number {
    return this.colours * this.pageLines
  }

  get inUse(): number {
    return this.footprints.length - this.released.length
  }

  create(bytes: number): number {
    const index = this.released.pop() ?? this.footprints.length
    this.footprints[index] = { lines: 0, pages: [], next: 0 }
    this.resize(index, bytes)
    return index
  }

  release(index: number): void {
    this.resize(index, 0)
    this.footprints[index] = undefined
    this.released.push(index)
  }

  resize(index: number, bytes: number): void {
    if (!(bytes >= 0)) throw new RangeError(`a footprint is at least 0 bytes, not ${bytes}`)
    const footprint = this.at(index)
    const { pages } = footprint
    const lines = Math.ceil(bytes / this.lineBytes)
    if (lines === footprint.lines) return
    const from = Math.floor(Math.min(lines, footprint.lines) / this.pageLines)
    footprint.lines = lines
    const wanted = Math.ceil(footprint.lines / this.pageLines)
    while (pages.length > wanted) this.empty(pages.pop() as Page)
    while (pages.length < wanted) {
      this.nextColour = (this.nextColour + 1) % this.colours
      const none = new Array<number>(this.cpus).fill(0)
      pages.push({ colour: this.nextColour, lines: 0, held: none, lost: [...none] })
    }
    for (let at = from; at < pages.length; at++) {
      const page = pages[at]
      page.lines = Math.min(this.pageLines, lines - at * this.pageLines)
      for (let cpu = 0; cpu < this.cpus; cpu++) this.keep(page, cpu, page.lines)
    }
  }

  private at(index: number): Footprint {
    const footprint = this.footprints[index]
    if (!footprint) throw new RangeError(`there is no footprint ${index}`)
    return footprint
  }

  use(cpu: number, index: number): number {
    let missed = 0
    for (const page of this.at(index).pages) missed += this.load(page, cpu, page.lines)
    return missed
  }

  read(cpu: number, index: number, lines: number): void {
    this.missed = this.touch(cpu, index, lines)
  }

  touch(cpu: number, index: number, lines: number): number {
    const footprint = this.at(index)
    const { pages } = footprint
    if (pages.length === 0 || lines <= 0) return 0
    const share = Math.min(1, lines / footprint.lines)
    if (lines >= pages.length) {
      let missed = 0
      for (const page of pages) missed += this.load(page, cpu, page.lines * share)
      return missed
    }
    // A few lines are in as many pages, others at each time.
    let missed = 0
    for (let left = Math.ceil(lines); left > 0; left--) {
      footprint.next = (footprint.next + 1) % pages.length
      missed += this.load(pages[footprint.next], cpu, lines / Math.ceil(lines))
    }
    return missed
  }

  /** So many lines of a page are touched: the share of them that is not resident is loaded. */
  private load(page: Page, cpu: number, lines: number): number {
    const held = page.held[cpu]
    const missed = lines * (1 - held / page.lines)
    if (missed < negligible) return 0
    const back = missed * Math.min(1, page.lost[cpu] / (page.lines - held))
    page.lost[cpu] -= back
    this.pushOut(page, cpu, back, missed - back)
    page.held[cpu] = held + missed
    return missed
  }

  /**
   * Lines that come back push one out each; lines that are new go to places that are held by
   * others as often as places are where this page holds nothing.
   */
  private pushOut(page: Page, cpu: number, back: number, fresh: number): void {
    const neighbours = this.resident[cpu][page.colour]
    let others = 0
    for (const other of neighbours) if (other !== page) others += other.held[cpu]
    const taken = back + (fresh * others) / (this.pageLines - page.held[cpu])
    const left = others > taken ? 1 - taken / others : 0
    let kept = 0
    for (const other of neighbours) {
      if (other === page) continue
      const before = other.held[cpu]
      const after = before * left < negligible ? 0 : before * left
      other.held[cpu] = after
      other.lost[cpu] = Math.min(other.lines - after, other.lost[cpu] + before - after)
      if (after > 0) neighbours[kept++] = other
    }
    // Setting the length would give the array's room back, and take it anew, at every miss.
    neighbours[kept++] = page
    while (neighbours.length > kept) neighbours.pop()
  }

  invalidate(cpu: number, index: number, lines = Infinity): void {
    const { pages, lines: size } = this.at(index)
    const kept = lines < size ? 1 - lines / size : 0
    for (const page of pages) {
      for (let other = 0; other < this.cpus; other++) {
        if (other !== cpu) this.keep(page, other, page.held[other] * kept)
      }
    }
  }

  warm(cpu: number, index: number): number {
    const { pages, lines } = this.at(index)
    return lines === 0 ? 0 : pages.reduce((sum, { held }) => sum + held[cpu], 0) / lines
  }

  /** Lines of one colour that are resident. */
  residentOf(cpu: number, colour: number): number {
    return this.resident[cpu][colour].reduce((sum, { held }) => sum + held[cpu], 0)
  }

  /** No more than so many lines of a page stay. */
  private keep(page: Page, cpu: number, lines: number): void {
    page.held[cpu] = Math.min(page.held[cpu], lines)
    page.lost[cpu] = Math.min(page.lost[cpu], page.lines - page.held[cpu])
    if (page.held[cpu] > 0) return
    const neighbours = this.resident[cpu][page.colour]
    const index = neighbours.indexOf(page)
    if (index >= 0) neighbours.splice(index, 1)
  }

  private empty(page: Page): void {
    for (let cpu = 0; cpu < this.cpus; cpu++) this.keep(page, cpu, 0)
  }
}
