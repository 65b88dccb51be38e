/**
 * Reads collapsed stacks: frames from root to leaf joined by `;`, a blank, and a count after the
 * last one. Lines that are none are counted and named. Frames that read `procedure (image)`
 * throughout are taken apart, as that is what we write.
 */
import { success, type Result } from '../../../shared/result'
import { choose, FileFault, notComparable, wrongWith, type Comparable } from './comparable'
import { eachLine } from './lines'
import { ProfileRows, type Row } from './profile-rows'

/** Lines that are named, of those that are no stacks. */
const namedMax = 5
/** Counts are 64-bit numbers elsewhere; more digits would become infinite. */
const countMax = 2 ** 63

interface Lines {
  stacks: number
  comments: number
  blank: number
  bad: number
  /** Numbers of the first that are no stacks, comments included. */
  readonly named: number[]
}

export function readCollapsed(
  path: string,
  text: string,
  asked: string | undefined,
  rows = new ProfileRows(),
): Result<Comparable> {
  const chosen = choose([], 0, asked)
  if (!chosen.ok) return wrongWith(path, `${chosen.error.message}, as collapsed stacks never do`)
  const lines: Lines = { stacks: 0, comments: 0, blank: 0, bad: 0, named: [] }
  const span = windowIn(text)
  const withImages = namesImages(text)
  const rowOf = new Map<string, Row>()
  const row = (frame: string): Row => {
    const found = rowOf.get(frame)
    if (found) return found
    const made = withImages ? splitRow(rows, frame) : rows.row('', frame || '(no name)')
    rowOf.set(frame, made)
    return made
  }
  try {
    eachLine(text, (line, number) => {
      const stack = stackIn(line)
      if (stack) {
        lines.stacks++
        return addStack(rows, row, span ? withoutWindow(stack) : stack)
      }
      if (line.trim() === '') return void lines.blank++
      if (isComment(line)) lines.comments++
      else lines.bad++
      if (lines.named.length < namedMax) lines.named.push(number)
    })
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    return wrongWith(path, `is collapsed stacks, and ${error.message}`)
  }
  if (lines.stacks === 0) return notComparable(path, 'text of a kind that is not known here')
  if (lines.bad > lines.stacks) {
    const few = `text of which only ${lines.stacks} lines end in a count`
    return notComparable(path, `${few} and ${lines.bad} do not`)
  }
  return success({
    path,
    kind: 'collapsed stacks',
    quantity: undefined,
    quantities: [],
    rows: rows.rows(),
    total: rows.sum(),
    seconds: span && span.to > span.from ? span.to - span.from : undefined,
    vmstat: undefined,
    rounds: undefined,
    origin: new Map(
      span
        ? [
            ['warm-up', `${span.from} s`],
            ['length', `${span.to} s`],
          ]
        : [],
    ),
    notes: notesOn(lines),
  })
}

function addStack(rows: ProfileRows, row: (frame: string) => Row, { frames, count }: Stack): void {
  rows.begin()
  // Not split at once: a line may have a hundred million frames.
  for (let from = 0; ;) {
    const end = frames.indexOf(';', from)
    const frame = row(frames.slice(from, end < 0 ? undefined : end))
    rows.passes(frame, count)
    if (end < 0) return rows.spends(frame, count)
    from = end + 1
  }
}

interface Stack {
  readonly frames: string
  readonly count: number
}

function stackIn(line: string): Stack | undefined {
  const trimmed = line.trimEnd()
  const at = Math.max(trimmed.lastIndexOf(' '), trimmed.lastIndexOf('\t'))
  const words = trimmed.slice(at + 1)
  const frames = trimmed.slice(0, Math.max(at, 0)).trim()
  if (frames === '' || words.length > 400 || !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(words))
    return undefined
  const count = Number(words)
  // `# total 14` is a comment with a number at its end.
  return Math.abs(count) <= countMax && !isComment(line) ? { frames, count } : undefined
}

/** The frame that names the window, at the root of each stack of ours. */
const ofWindow = /^\[simulated (\d+(?:\.\d+)?) s to (\d+(?:\.\d+)?) s\];/

function windowIn(text: string): { from: number; to: number } | undefined {
  const [, from, to] = ofWindow.exec(text) ?? []
  return from === undefined ? undefined : { from: Number(from), to: Number(to) }
}

const withoutWindow = ({ frames, count }: Stack): Stack => ({
  frames: frames.replace(ofWindow, ''),
  count,
})

const isComment = (line: string): boolean => /^\s*(#|\/\/)(\s|$)/.test(line)

/** Whether every frame of the first stacks reads `procedure (image)`. */
function namesImages(text: string): boolean {
  let [seen, all] = [0, true]
  eachLine(text.slice(0, 1_000_000), (line) => {
    const stack = stackIn(line)
    if (!stack || !all) return
    seen++
    const { frames } = windowIn(line) ? withoutWindow(stack) : stack
    all = frames.split(';').every((frame) => withImage.test(frame))
  })
  return all && seen > 0
}

const withImage = /^(.+) \(([^()]+)\)$/

function splitRow(rows: ProfileRows, frame: string): Row {
  const [, procedure, image] = withImage.exec(frame) ?? []
  return procedure === undefined || image === undefined
    ? rows.row('', frame || '(no name)')
    : rows.row(image, procedure)
}

function notesOn({ stacks, comments, blank, bad, named }: Lines): string[] {
  const notes = []
  if (comments + bad > 0) {
    const all = stacks + comments + blank + bad
    const more = comments + bad > named.length ? ' …' : ''
    const kinds = comments > 0 ? ` (comments: ${comments})` : ''
    const which = `${named.length === 1 ? 'line' : 'lines'} ${named.join(', ')}${more}`
    notes.push(
      `${comments + bad} of its ${all} lines are no stacks and are left out: ${which}${kinds}`,
    )
  }
  if (blank > 0) notes.push(`${blank} of its lines ${blank === 1 ? 'is' : 'are'} blank`)
  return notes
}
