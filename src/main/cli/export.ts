/** `soakscope export`: a recording, or a window of it, in any format. */
import { resolve } from 'node:path'
import { scenarios, type Trace } from '../../sim/index'
import { exportKinds, isOfTrace } from '../../shared/api'
import { instantWithMs } from '../../shared/instant-text'
import { success } from '../../shared/result'
import { exportableRecording } from '../api/exportable-recording'
import { unknownName } from '../api/nearest'
import { ExportFault } from '../formats/exports/export-fault'
import { keptTracesIn, readKeptTrace } from '../recordings/kept-traces'
import { Recording } from '../recordings/recording'
import { keepYoungGeneration } from '../runs/young-generation'
import { planExport, planWindow } from './export-options'
import { openOutputs } from './output'
import { complain, RunError, type Terminal, UsageError } from './terminal'

export interface ExportWords {
  readonly out: string
  readonly format?: string
  readonly window?: string
  /** A trace that is kept with the recording. */
  readonly trace?: string
}

export async function exportRecording(
  folder: string,
  words: ExportWords,
  terminal: Terminal,
): Promise<void> {
  keepYoungGeneration()
  const { path, format } = planned(words)
  const opened = await Recording.open(resolve(folder))
  if (!opened.ok) throw new UsageError(`<recording>: ${opened.error.message}`)
  const recording = opened.value
  if (recording.seconds === 0 && !isOfTrace(format.kind)) {
    throw new RunError(`<recording>: nothing to export: ${recording.whyEmpty}`)
  }
  const window = words.window === undefined ? undefined : planWindow('--window', words.window)
  if (window && window.from >= recording.seconds) {
    const end = `which has ${recording.seconds} s`
    throw new UsageError(`--window: ${words.window ?? ''} lies after the recording, ${end}`)
  }
  if (words.trace !== undefined && !isOfTrace(format.kind)) {
    throw new UsageError('--trace: it is for FILE.trace.json or FILE.trace.gz; --out names another')
  }
  const trace = isOfTrace(format.kind) ? await keptTrace(recording.folder, words.trace) : undefined
  const { out } = openOutputs({ out: { argument: '--out', path } }, [], terminal)
  if (!out) return
  try {
    const source = exportableRecording(recording, { scenarios }, window)
    const pieces = format.write({
      ...source,
      ...(trace && { trace: () => Promise.resolve(success(trace)) }),
    })
    for await (const piece of pieces) {
      await out.pass(piece)
      if (!out.isWanted) return
    }
    await out.keep()
  } catch (error) {
    if (!(error instanceof ExportFault)) throw error
    for (const part of recording.missing) complain(terminal, `${folder}: ${part}`)
    throw new RunError(`--out ${path}: ${error.message}`)
  } finally {
    await out.drop()
  }
  for (const part of recording.missing) complain(terminal, `${folder}: ${part}`)
  const { wholeAfter } = recording
  const end = Math.min(wholeAfter, window?.to ?? Infinity, recording.seconds)
  if (end <= (window?.from ?? 0) || isOfTrace(format.kind)) return
  const rows = `single samples are kept from ${instantWithMs(wholeAfter)} on`
  const kept = Number.isFinite(wholeAfter) ? rows : 'no single sample is kept'
  complain(
    terminal,
    `${folder}: up to ${instantWithMs(end)} its rows are of 10 s and more; ${kept}`,
  )
}

/** @throws UsageError that says which there are */
async function keptTrace(folder: string, name: string | undefined): Promise<Trace> {
  const names = keptTracesIn(folder).map((kept) => kept.name)
  if (names.length === 0) {
    const way = 'take one in the Trace view, or run it again with --record and --trace'
    throw new UsageError(`--out: a recording has no trace in it but those that are kept; ${way}`)
  }
  if (name === undefined) {
    throw new UsageError(`--trace: name the trace that is meant: ${names.join(', ')}`)
  }
  const read = await readKeptTrace(folder, name)
  if (!read.ok) {
    throw new UsageError(`--trace: ${read.error.message}; there are ${names.join(', ')}`)
  }
  return read.value.trace
}

function planned({ out, format }: ExportWords) {
  if (format === undefined) return planExport('--out', out)
  const known = exportKinds.find((kind) => kind === format)
  if (!known) throw new UsageError(`--format: ${unknownName('format', format, exportKinds)}`)
  return planExport('--out', `${known}:${out}`)
}
