/**
 * What `vmstat <interval>` would have printed from the start of a run, header repetition included.
 */
import type { CounterSpec } from '../../sim/observe/counters'
import { Vmstat, VmstatPrinter, type VmstatLayout } from '../../sim/observe/vmstat'
import { failure, success, type Result } from '../../shared/result'
import { ExportFault } from './exports/export-fault'
import type { Samples } from './exports/exportable'

/** Turns samples into the lines of vmstat's output, one sample after the other. */
export class VmstatLines {
  private readonly printer: VmstatPrinter
  private before: { time: number; values: Float64Array } | undefined

  constructor(private readonly vmstat: Vmstat) {
    this.printer = new VmstatPrinter(vmstat.layout)
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
  const vmstat = vmstatOf(specs, layout)
  if (!vmstat.ok) throw new ExportFault(vmstat.error.message)
  const lines = new VmstatLines(vmstat.value)
  for await (const { time, values } of rows) yield lines.add(time, values)
}

/** Failure where a recording was imported from a file without one of its columns. */
export function vmstatOf(
  specs: readonly CounterSpec[],
  layout: VmstatLayout = 'procps-2.0',
): Result<Vmstat> {
  try {
    return success(new Vmstat(specs, layout))
  } catch (error) {
    return failure('refused', error instanceof Error ? error.message : String(error))
  }
}
