/**
 * What `vmstat <interval>` would have printed from the start of a run, header repetition included.
 */
import type { CounterSpec } from '../../sim/observe/counters'
import { Vmstat, VmstatPrinter, type VmstatLayout } from '../../sim/observe/vmstat'
import { ExportFault } from './exports/export-fault'
import type { Samples } from './exports/exportable'

/** Turns samples into the lines of vmstat's output, one sample after the other. */
export class VmstatLines {
  private readonly vmstat: Vmstat
  private readonly printer: VmstatPrinter
  private before: { time: number; values: Float64Array } | undefined

  constructor(specs: readonly CounterSpec[], layout: VmstatLayout = 'procps-2.0') {
    this.vmstat = new Vmstat(specs, layout)
    this.printer = new VmstatPrinter(layout)
  }

  /** The text that a sample adds, line ends included. @param values copied. */
  add(time: number, values: Float64Array): string {
    const row = this.before
      ? this.vmstat.row(this.before.values, values, time - this.before.time)
      : this.vmstat.sinceBoot(values, time)
    this.before = { time, values: values.slice() }
    return this.printer
      .print(row)
      .map((line) => `${line}\n`)
      .join('')
  }
}

/** The file in pieces. */
export async function* vmstatText(
  specs: readonly CounterSpec[],
  rows: Samples,
  layout: VmstatLayout = 'procps-2.0',
): AsyncGenerator<string> {
  const lines = linesFor(specs, layout)
  for await (const { time, values } of rows) yield lines.add(time, values)
}

/** @throws ExportFault where a recording was imported from a file without one of its columns */
function linesFor(specs: readonly CounterSpec[], layout: VmstatLayout): VmstatLines {
  try {
    return new VmstatLines(specs, layout)
  } catch (error) {
    throw new ExportFault(error instanceof Error ? error.message : String(error))
  }
}
