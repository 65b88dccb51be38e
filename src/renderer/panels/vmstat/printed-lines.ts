import { instantText } from '../../format/clock'
import { cellsOf, columns, groupStarts, lineOf, type TerminalRow } from './vmstat-rows'
import { tintLevel, type VmstatBaseline } from './vmstat-tint'

/** Lines that can be scrolled back to. */
export const scrollback = 600
/**
 * Lines on the page while nobody scrolls back: every line costs time whenever a new one moves it.
 */
const inSight = 60

/** How lines are tinted: what they are measured against, and from when on. */
export interface Tint {
  readonly baseline: VmstatBaseline
  /** Simulated seconds: what was printed before is not measured. */
  readonly from: number
}

/**
 * The lines on the page. They live outside of Vue: a line is a few elements that are made once and
 * never change but for their tint.
 */
export class PrintedLines {
  private lines: TerminalRow[] = []
  /** How many of the newest of them are on the page. */
  private drawn = 0
  private tint: Tint | undefined
  private marked: Element | undefined
  private readonly lineOfElement = new WeakMap<Element, TerminalRow>()
  private readonly pattern = patternOfALine()

  constructor(private readonly body: HTMLElement) {}

  get count(): number {
    return this.lines.length
  }
  get all(): readonly TerminalRow[] {
    return this.lines
  }
  /** Simulated seconds of the newest line; -1 before there is one. */
  get newest(): number {
    return this.lines.at(-1)?.at ?? -1
  }

  clear(): void {
    this.lines = []
    this.drawn = 0
    this.tint = undefined
    this.marked = undefined
    this.body.replaceChildren()
  }

  append(lines: readonly TerminalRow[]): void {
    this.body.append(this.elementsOf(lines))
    this.lines.push(...lines)
    this.drawn += lines.length
    this.lines.splice(0, this.lines.length - scrollback)
    for (; this.drawn > inSight; this.drawn--) this.body.firstChild?.remove()
  }

  /** Whoever scrolls back finds every line there. */
  drawAll(): void {
    if (this.drawn >= this.lines.length) return
    this.body.prepend(this.elementsOf(this.lines.slice(0, this.lines.length - this.drawn)))
    this.drawn = this.lines.length
  }

  /** Tints what is printed, and from now on what will be. */
  measureAgainst(tint: Tint | undefined): void {
    this.tint = tint
    this.lines.forEach((line, index) => this.paint(this.elementOf(index), line))
  }

  /** Marks the line of an instant, if there is one. */
  mark(at: number | undefined): void {
    this.marked?.classList.remove('marked')
    this.marked = undefined
    const first = this.lines[0]
    if (at === undefined || !first || at < first.at || at > this.newest) return
    let low = 0
    let high = this.lines.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.lines[middle]?.at ?? 0) < at) low = middle + 1
      else high = middle
    }
    this.marked = this.elementOf(low)
    this.marked?.classList.add('marked')
  }

  /** The line that an event happened on. */
  lineAt(event: Event): TerminalRow | undefined {
    const element = event.target instanceof Element ? event.target.closest('.row') : undefined
    return element ? this.lineOfElement.get(element) : undefined
  }

  /** The lines that a selection touches. */
  within(selection: Selection): TerminalRow[] {
    return this.lines.filter((_, index) => {
      const element = this.elementOf(index)
      return element !== undefined && selection.containsNode(element, true)
    })
  }

  /** The element of a printed line, if it is on the page. */
  private elementOf(index: number): Element | undefined {
    return this.body.children[index - this.lines.length + this.drawn]
  }

  private elementsOf(lines: readonly TerminalRow[]): DocumentFragment {
    const made = document.createDocumentFragment()
    for (const line of lines) {
      const element = this.pattern.cloneNode(true) as HTMLElement
      element.dataset['at'] = instantText(line.at)
      cellsOf(lineOf(line.row)).forEach((text, i) => {
        const cell = element.children[i]
        if (cell) cell.textContent = text.trim()
      })
      this.paint(element, line)
      this.lineOfElement.set(element, line)
      made.append(element)
    }
    return made
  }

  private paint(element: Element | undefined, { at, row }: TerminalRow): void {
    if (!element) return
    const measured = this.tint && at >= this.tint.from ? this.tint.baseline : undefined
    columns.forEach((column, i) => {
      const level = measured ? tintLevel(measured, column, row[column]) : 0
      const cell = element.children[i]
      if (level > 0) cell?.setAttribute('data-tint', String(level))
      else if (cell?.hasAttribute('data-tint')) cell.removeAttribute('data-tint')
    })
  }
}

function patternOfALine(): HTMLElement {
  const pattern = document.createElement('div')
  pattern.className = 'row'
  for (const column of columns) {
    const cell = document.createElement('span')
    if (groupStarts.has(column)) cell.className = 'start'
    cell.append('')
    pattern.append(cell)
  }
  return pattern
}
