/** A trace as what each procedure spent in it, by the stacks of its charges. */
import { stackOf, TraceKind, type Trace } from '../../../sim/observe/trace'
import { ChromeTraceReader } from '../../../shared/chrome-trace-file'
import { success, type Result } from '../../../shared/result'
import { decodeTrace, type TraceFile } from '../../../shared/trace-file'
import { choose, wrongWith, type Comparable, type Quantity } from './comparable'
import { eachLine } from './lines'
import { ProfileRows } from './profile-rows'

/** What `run --trace` writes, unpacked. */
export function readTrace(
  path: string,
  bytes: Uint8Array,
  asked: string | undefined,
): Result<Comparable> {
  const read = decodeTrace(bytes)
  if (!read.ok) return wrongWith(path, `is refused: ${read.error.message}`)
  return comparableOf(path, 'a trace', read.value, asked)
}

/** A Chrome trace that we wrote. */
export function readChromeTrace(
  path: string,
  text: string,
  asked: string | undefined,
): Result<Comparable> {
  const reader = new ChromeTraceReader()
  eachLine(text, (line) => void (line !== '' && reader.take(line)))
  const read = reader.end()
  if (!read.ok) return wrongWith(path, `is refused: ${read.error.message}`)
  return comparableOf(path, 'a Chrome trace', read.value, asked)
}

function comparableOf(
  path: string,
  kind: string,
  { origin, trace }: TraceFile,
  asked: string | undefined,
): Result<Comparable> {
  const quantities: Quantity[] = [{ type: 'cycles', unit: 'count' }]
  const chosen = choose(quantities, 0, asked)
  if (!chosen.ok) return wrongWith(path, chosen.error.message)
  const rows = new ProfileRows()
  for (const [node, cycles] of cyclesByNode(trace)) {
    const stack = stackOf(trace, node).flatMap((at) => {
      const frame = trace.procedures[at]
      return frame ? [rows.row(frame.image, frame.procedure)] : []
    })
    rows.begin()
    for (const row of stack) rows.passes(row, cycles)
    const spender = stack.at(-1)
    if (spender) rows.spends(spender, cycles)
    else rows.alone(cycles)
  }
  const { fromSeconds, toSeconds } = trace
  return success({
    path,
    kind,
    quantity: quantities[0],
    quantities,
    rows: rows.rows(),
    total: rows.sum(),
    seconds: toSeconds > fromSeconds ? toSeconds - fromSeconds : undefined,
    vmstat: undefined,
    rounds: undefined,
    origin: new Map([
      ['version', origin.version],
      ['scenario', origin.scenario],
      ['seed', String(origin.seed)],
      ['warm-up', `${fromSeconds} s`],
      ['length', `${toSeconds} s`],
    ]),
    notes: trace.isFull ? ['it had no more room, and ends where that was'] : [],
  })
}

function cyclesByNode({ columns, parents }: Trace): [number, number][] {
  const sums = new Float64Array(parents.length)
  for (let place = 0; place < columns.count; place++) {
    const node = columns.first[place] ?? 0
    if (columns.kind[place] === TraceKind.charge)
      sums[node] = (sums[node] ?? 0) + (columns.cycles[place] ?? 0)
  }
  return [...sums.entries()].filter(([, cycles]) => cycles > 0)
}
