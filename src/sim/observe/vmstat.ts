/**
 * vmstat: the rows an operator reads, computed from what the kernel counts, in two layouts.
 * `procps-2.0` is the program of 1999 to the character (procps 2.0.x); `procps-ng` is today's.
 * Left out: every option but -n, and 32-bit overflow of the kernel's totals.
 * Widths, rounding and header rule: docs/figures.md §10.
 */
import type { CounterSpec } from './counters'
import { printedVmstat } from './printed-vmstat'
import type { CounterValues, VmstatColumn, VmstatLayout, VmstatRow } from './vmstat-row'

export type { CounterValues, VmstatColumn, VmstatLayout, VmstatRow }

/** Rows between two headers when the height of the window is unknown. */
export const rowsPerHeader = 22
/** Ticks of a second on the kernels there are: i386, and the Alpha. */
const tickRates = [100, 1024]

interface LayoutText {
  /** First header line. */
  readonly groups: string
  /** Columns with their widths, in order. */
  readonly widths: readonly (readonly [VmstatColumn, number])[]
}

const layouts: Readonly<Record<VmstatLayout, LayoutText>> = {
  'procps-2.0': {
    groups: [
      'procs'.padStart(8),
      'memory'.padStart(28),
      'swap'.padStart(8),
      'io'.padStart(12),
      'system'.padStart(11),
      'cpu'.padStart(12),
    ].join(''),
    widths: [
      ['r', 2],
      ['b', 2],
      ['w', 2],
      ['swpd', 6],
      ['free', 6],
      ['buff', 6],
      ['cache', 6],
      ['si', 3],
      ['so', 3],
      ['bi', 5],
      ['bo', 5],
      ['in', 4],
      ['cs', 5],
      ['us', 3],
      ['sy', 3],
      ['id', 3],
    ],
  },
  'procps-ng': {
    groups: 'procs -----------memory---------- ---swap-- -----io---- -system-- -------cpu-------',
    widths: [
      ['r', 2],
      ['b', 2],
      ['swpd', 6],
      ['free', 6],
      ['buff', 6],
      ['cache', 6],
      ['si', 4],
      ['so', 4],
      ['bi', 5],
      ['bo', 5],
      ['in', 4],
      ['cs', 4],
      ['us', 2],
      ['sy', 2],
      ['id', 2],
      ['wa', 2],
      ['st', 2],
      ['gu', 2],
    ],
  },
}

/** The columns of a layout, in order. */
export const vmstatColumns = (layout: VmstatLayout): readonly VmstatColumn[] =>
  layouts[layout].widths.map(([column]) => column)

/** The two header lines of a layout, without line ends. */
export function vmstatHeader(layout: VmstatLayout): readonly [string, string] {
  const { groups, widths } = layouts[layout]
  return [groups, widths.map(([column, width]) => column.padStart(width)).join(' ')]
}

/**
 * A row as printed, without its line end. Values wider than their column push what follows to the
 * right, as `%6u` does; today's vmstat takes the lost places back where a later column has blanks.
 */
export function formatVmstatRow(row: VmstatRow, layout: VmstatLayout): string {
  let tooFarRight = 0
  const cells = layouts[layout].widths.map(([column, declared]) => {
    const digits = String(row[column])
    let width = declared
    if (layout === 'procps-ng') {
      while (tooFarRight > 0 && digits.length < width) {
        width--
        tooFarRight--
      }
      tooFarRight += Math.max(0, digits.length - width)
    }
    return digits.padStart(width)
  })
  return cells.join(' ')
}

/** Counters behind the columns; the ids are those the kernel declares. */
const sources = {
  r: 'processes.runnable',
  b: 'processes.blocked',
  w: 'processes.swapped',
  swpd: 'memory.swapUsed',
  free: 'memory.free',
  buff: 'memory.buffers',
  cache: 'memory.cached',
  si: 'swap.in',
  so: 'swap.out',
  bi: 'blocks.read',
  bo: 'blocks.written',
  in: 'interrupts',
  cs: 'contextSwitches',
  us: 'cpu.user',
  sy: 'cpu.system',
  id: 'cpu.idle',
  idleCycles: 'cycles.idle',
  waitCycles: 'cycles.wait',
} as const
type Source = keyof typeof sources
type Level = 'r' | 'b' | 'w' | 'swpd' | 'free' | 'buff' | 'cache'
type Rate = 'si' | 'so' | 'bi' | 'bo' | 'in' | 'cs'
/** Growth of the processor columns, and of all of them together. */
interface Jiffies {
  readonly us: number
  readonly sy: number
  readonly id: number
  readonly wa: number
  readonly all: number
}

/** As procps 2.0 finds it: the rate of which the ticks of all CPUs in a second are a multiple. */
function hertzOf(ticks: number, seconds: number): number {
  const isMultiple = (rate: number): boolean => {
    const cpus = ticks / seconds / rate
    return Math.abs(cpus - Math.round(cpus)) < 0.02
  }
  return tickRates.find(isMultiple) ?? 100
}

/**
 * Reads vmstat's columns out of samples.
 * `r` counts the tasks in state R. The vmstat of 1999 took 1 off for itself; the modelled machine
 * runs no vmstat, so nothing is subtracted. `id` of `procps-2.0` includes waiting for the disk.
 */
export class Vmstat {
  private readonly at: Readonly<Record<Source, number>>
  /** Where the counters are what another vmstat has printed. */
  private readonly printed

  /**
   * @param specs the counters of a sample, in the order of its values.
   * @throws Error when a counter that vmstat reads is missing.
   */
  constructor(
    specs: readonly CounterSpec[],
    readonly layout: VmstatLayout = 'procps-2.0',
  ) {
    this.printed = printedVmstat(specs)
    const find = (id: string): number => {
      const column = specs.findIndex((spec) => spec.id === id)
      if (column < 0 && !this.printed)
        throw new Error(`vmstat reads counter ${id}, which this run does not have`)
      return column
    }
    this.at = Object.fromEntries(
      Object.entries(sources).map(([name, id]) => [name, find(id)]),
    ) as Record<Source, number>
  }

  /**
   * The first row: averages since boot. As procps 2.0 computes it, a rate is divided by the jiffies
   * of all CPUs, so on four CPUs it shows a quarter of the machine's rate; today's vmstat divides
   * by the uptime.
   * @param values counters now. @param seconds simulated seconds since boot.
   */
  sinceBoot(values: CounterValues, seconds: number): VmstatRow {
    if (this.printed) return this.printed(values, this.layout)
    const ticks = this.jiffies(undefined, values).all
    return this.whole(
      undefined,
      values,
      this.layout === 'procps-2.0'
        ? (total) => share(total * hertzOf(ticks, seconds), ticks)
        : (total) => (seconds > 0 ? Math.floor(total / seconds) : 0),
    )
  }

  /**
   * The row for what happened between two samples.
   * @param seconds simulated seconds between them. @throws RangeError unless it is above 0.
   */
  row(earlier: CounterValues, later: CounterValues, seconds: number): VmstatRow {
    if (!(seconds > 0)) throw new RangeError(`vmstat needs an interval above 0 s, not ${seconds}`)
    return this.whole(earlier, later, (grown) => share(grown, seconds))
  }

  /**
   * The same columns without rounding, over a longer interval: rates per second, processor columns
   * in percent, levels as given (their means over the samples of the interval).
   */
  means(
    earlier: CounterValues,
    later: CounterValues,
    seconds: number,
    levelMeans: CounterValues,
  ): VmstatRow {
    if (this.printed) return this.printed(levelMeans, this.layout)
    const cpu = this.jiffies(earlier, later)
    return this.assemble(
      (name) => levelMeans[this.at[name]] ?? 0,
      (name) => (seconds > 0 ? this.growth(earlier, later, name) / seconds : 0),
      cpu,
      (part) => (100 * part) / cpu.all,
    )
  }

  private whole(
    earlier: CounterValues | undefined,
    later: CounterValues,
    rate: (growth: number) => number,
  ): VmstatRow {
    if (this.printed) return this.printed(later, this.layout)
    const cpu = this.jiffies(earlier, later)
    return this.assemble(
      (name) => Math.floor(later[this.at[name]] ?? 0),
      (name) => rate(this.growth(earlier, later, name)),
      cpu,
      (part) => share(100 * part, cpu.all),
    )
  }

  private assemble(
    level: (name: Level) => number,
    rate: (name: Rate) => number,
    cpu: Jiffies,
    percent: (part: number) => number,
  ): VmstatRow {
    return {
      r: level('r'),
      b: level('b'),
      w: level('w'),
      swpd: level('swpd'),
      free: level('free'),
      buff: level('buff'),
      cache: level('cache'),
      si: rate('si'),
      so: rate('so'),
      bi: rate('bi'),
      bo: rate('bo'),
      in: rate('in'),
      cs: rate('cs'),
      us: percent(cpu.us),
      sy: percent(cpu.sy),
      id: percent(cpu.id),
      wa: percent(cpu.wa),
      // The modelled machine has no hypervisor above it and no guest in it.
      st: 0,
      gu: 0,
    }
  }

  private jiffies(earlier: CounterValues | undefined, later: CounterValues): Jiffies {
    const us = this.growth(earlier, later, 'us')
    const sy = this.growth(earlier, later, 'sy')
    const idle = this.growth(earlier, later, 'id')
    // As today's vmstat does; the one of 1999 divides by zero when no tick has passed.
    if (us + sy + idle === 0) return { us, sy, id: 1, wa: 0, all: 1 }
    if (this.layout === 'procps-2.0') return { us, sy, id: idle, wa: 0, all: us + sy + idle }
    const idleCycles = this.growth(earlier, later, 'idleCycles')
    const waitCycles = this.growth(earlier, later, 'waitCycles')
    const quiet = idleCycles + waitCycles
    const wa = quiet > 0 ? Math.round((idle * waitCycles) / quiet) : 0
    return { us, sy, id: idle - wa, wa, all: us + sy + idle }
  }

  /** What a total grew by, in whole numbers as the kernel keeps it. */
  private growth(earlier: CounterValues | undefined, later: CounterValues, name: Source): number {
    const column = this.at[name]
    return Math.floor(later[column] ?? 0) - Math.floor(earlier?.[column] ?? 0)
  }
}

/** procps's rounding: (x + per/2) / per in whole numbers. */
const share = (x: number, per: number): number => Math.floor((x + per / 2) / per)

/** Turns rows into the lines of a terminal, header repetition included. */
export class VmstatPrinter {
  private rows = 0

  /** @param headerOnce as `vmstat -n` does. */
  constructor(
    readonly layout: VmstatLayout = 'procps-2.0',
    private readonly headerOnce = false,
  ) {}

  /** The lines that this row adds: its headers, if they are due, and itself. */
  print(row: VmstatRow): readonly string[] {
    const due = this.rows === 0 || (!this.headerOnce && this.rows % rowsPerHeader === 0)
    this.rows++
    const line = formatVmstatRow(row, this.layout)
    return due ? [...vmstatHeader(this.layout), line] : [line]
  }
}
