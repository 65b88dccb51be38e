/** `soakscope export`: a recording, or a window of it, in any format. */
import { resolve } from 'node:path'
import { exportKinds, isOfTrace, type Catalogue } from '../../shared/api'
import { exportableRecording } from '../api/exportable-recording'
import { unknownName } from '../api/nearest'
import { ExportFault } from '../formats/exports/export-fault'
import { Recording } from '../recordings/recording'
import { planExport, planWindow } from './export-options'
import { openOutputs } from './output'
import { complain, RunError, type Terminal, UsageError } from './terminal'

export interface ExportWords {
  readonly out: string
  readonly format?: string
  readonly window?: string
}

export async function exportRecording(
  catalogue: Catalogue,
  folder: string,
  words: ExportWords,
  terminal: Terminal,
): Promise<void> {
  const { path, format } = planned(words)
  const opened = await Recording.open(resolve(folder))
  if (!opened.ok) throw new UsageError(`<recording>: ${opened.error.message}`)
  const recording = opened.value
  const window = words.window === undefined ? undefined : planWindow('--window', words.window)
  if (window && window.from >= recording.seconds) {
    const end = `which has ${recording.seconds} s`
    throw new UsageError(`--window: ${words.window ?? ''} lies after the recording, ${end}`)
  }
  if (isOfTrace(format.kind)) {
    const way = 'run it again with run --export FILE.trace.json --window FROM..TO'
    throw new UsageError(`--out: a recording has no trace in it; ${way}`)
  }
  const { out } = openOutputs({ out: { argument: '--out', path } }, [], terminal)
  if (!out) return
  try {
    for await (const piece of format.write(exportableRecording(recording, catalogue, window))) {
      out.write(piece)
      await out.settle()
      if (!out.isWanted) return
    }
    await out.keep()
  } catch (error) {
    if (error instanceof ExportFault) throw new RunError(`--out ${path}: ${error.message}`)
    throw error
  } finally {
    await out.drop()
  }
  for (const part of recording.missing) complain(terminal, `${folder}: ${part}`)
}

function planned({ out, format }: ExportWords) {
  if (format === undefined) return planExport('--out', out)
  const known = exportKinds.find((kind) => kind === format)
  if (!known) throw new UsageError(`--format: ${unknownName('format', format, exportKinds)}`)
  return planExport('--out', `${known}:${out}`)
}
