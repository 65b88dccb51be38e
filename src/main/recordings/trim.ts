/**
 * A part of a recording as a recording of its own: the same instants, the same stacks, and every
 * row, profile and digest that lies in it. What was done before it stays, so that it can be run.
 */
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { TimeWindow } from '../../shared/api'
import { instantWithMs } from '../../shared/instant-text'
import { failure, success, type Result } from '../../shared/result'
import { writerTag } from '../formats/part-files'
import { reasonOf } from '../formats/place'
import { loadZstd, type Zstd } from '../formats/zstd'
import { BatchLog, type LogKind } from './batch-log'
import { keptTracesIn } from './kept-traces'
import { logKinds, tiersOf } from './log-kinds'
import { LogReader } from './log-reader'
import type { Recording } from './recording'
import { isDone, writeRunFile, type RunFile } from './run-file'
import { segmentsIn, tailName } from './segment-files'

/** Instants closer than this are one. */
const same = 1e-6
/** The coarsest row that may end just before the part. */
const lookBack = 2 * Math.max(...tiersOf)

type Cells = readonly (number | string)[]
/** Whether a row of a log is in the part. */
type Keeps = (cells: Cells) => boolean

/**
 * Writes the part into a folder that is not there yet, and gives what it became: it begins and
 * ends with samples that are kept. Failure `out-of-range` when nothing of it is, `cannot-write`.
 */
export async function trimRecording(
  recording: Recording,
  { from, to }: TimeWindow,
  folder: string,
): Promise<Result<TimeWindow>> {
  const { seconds, run, digests } = recording
  const base = instantBefore(recording, from)
  const end = instantBefore(recording, to)
  if (!(end > base)) {
    const has = `it has samples from 0 to ${instantWithMs(seconds)}`
    return failure('out-of-range', `there is no sample of that part in the recording; ${has}`)
  }
  const profile = await recording.profileBetween({ from: base, to: end })
  const span = profile.ok ? profile.value : { fromSeconds: 0, toSeconds: 0 }
  const isWhole = base >= recording.wholeAfter - same
  const within = ([at]: Cells): boolean => Number(at) >= base - same && Number(at) <= end + same
  const keeps = {
    samples: within,
    // A row that begins before the part is of more than the part, but for the one it begins with.
    tier:
      (length: number): Keeps =>
      (cells) =>
        within(cells) &&
        (Number(cells[0]) - length >= base - same ||
          (!isWhole && Math.abs(Number(cells[0]) - base) < same)),
    profile: ([until, since]: Cells) =>
      Number(since) >= span.fromSeconds - same && Number(until) <= span.toSeconds + same,
    all: () => true,
    // What was done before makes the run what it is.
    events: ([, at, kind]: Cells) =>
      Number(at) <= end + same && (Number(at) >= base - same || isDone(String(kind))),
    digests: ([at]: Cells) => Number(at) <= end + same,
  }
  const part = join(dirname(folder), `.${basename(folder)}.${writerTag()}.part`)
  try {
    mkdirSync(part)
    const zstd = await loadZstd()
    const kinds = logKinds(run)
    copyLog(recording.folder, part, kinds.stacks, keeps.all, zstd)
    copyLog(recording.folder, part, kinds.events, keeps.events, zstd)
    copyLog(recording.folder, part, kinds.samples, keeps.samples, zstd)
    kinds.tiers.forEach((kind, tier) =>
      copyLog(recording.folder, part, kind, keeps.tier(tiersOf[tier] ?? 0), zstd),
    )
    copyLog(recording.folder, part, kinds.profile, keeps.profile, zstd)
    if (span.toSeconds > recording.logs.profile.to) copyPart(recording.folder, part, kinds.part)
    copyLog(recording.folder, part, kinds.digests, keeps.digests, zstd)
    for (const { name, fromSeconds } of keptTracesIn(recording.folder)) {
      if (within([fromSeconds])) copyFileSync(join(recording.folder, name), join(part, name))
    }
    // Where it ends between two digests that were kept, nobody knows the one of its end.
    const last =
      Math.abs(end - run.seconds) < same
        ? run
        : (digests.find(({ at }) => Math.abs(at - end) < same) ?? { events: 0, digest: '' })
    const stands = { seconds: end, events: last.events, digest: last.digest }
    const of = { recording: basename(recording.folder).slice(-300), from: base, to: end }
    const actions = recording.marks.filter(
      ({ at, kind }) => isDone(kind) && at <= end + same,
    ).length
    writeRunFile(part, { ...run, ...asPart(run), ...stands, actions, part: of })
    renameSync(part, folder)
    return success({ from: base, to: end })
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    return failure('cannot-write', `cannot write the part into ${folder}: ${reasonOf(error)}`)
  }
}

/** Nobody has said anything of it yet, and nothing of it is under way. */
const asPart = (run: RunFile): Partial<RunFile> => ({
  name: `${run.name || run.title}, a part`.slice(0, 200),
  notes: '',
  kept: false,
  tags: [...run.tags],
  state: 'ended',
  reason: '',
})

/** The newest kept sample or row that ends at or before an instant; 0 where there is none. */
function instantBefore(recording: Recording, at: number): number {
  const { samples } = recording.rangeNow({ from: Math.max(0, at - lookBack), to: at, rows: 4096 })
  return samples.time.findLast((time) => time <= at + same) ?? 0
}

/** Batch by batch: a recording may be larger than memory. @throws an error with a code */
function copyLog(from: string, to: string, kind: LogKind, keeps: Keeps, zstd: Zstd): void {
  const { name, columns } = kind
  const reader = new LogReader(from, name, columns, segmentsIn(from).get(name) ?? [], zstd)
  const log = new BatchLog(to, { ...kind, tail: false }, zstd)
  const names = columns.map((column) => column.name)
  let begun = false
  for (const [batch, values] of reader.columns(-Infinity, Infinity, names)) {
    const kept: Cells[] = []
    for (let row = 0; row < batch.rows; row++) {
      const cells = values.map((column) => column[row] ?? 0)
      if (keeps(cells)) kept.push(cells)
      else if (!begun && kept.length === 0) passOver(log, cells)
    }
    begun ||= kept.length > 0
    // A batch may be in another order, and a log is written in the order of its first column.
    kept.sort((a, b) => Number(a[0]) - Number(b[0]))
    for (const cells of kept) {
      log.add(cells)
      if (log.isFull) log.flush()
    }
  }
  log.close()
}

/** What the last interval had so far is one file. @throws an error with a code */
function copyPart(from: string, to: string, { name }: LogKind): void {
  copyFileSync(join(from, tailName(name)), join(to, tailName(name)))
}

/** What came before the first row says how much that one grew. */
function passOver(log: BatchLog, cells: Cells): void {
  const [at = 0] = cells
  if (Number(at) < log.skipTo) return
  log.skipTo = Number(at)
  log.add(cells)
}
