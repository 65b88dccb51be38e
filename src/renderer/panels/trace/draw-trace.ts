/** Draws the lanes of a trace: frames, CPUs with wake-ups between them, locks, disk, run queue. */
import type { ChartTheme } from '../../charts/theme'
import type { Stay } from '../../../sim/observe/trace-stays'
import { modes, modesBetween, upTo, type CpuLane, type Spans } from './trace-picture'
import type { TracePicture } from './trace-picture'
import type { LaneName } from './trace-readout'
import { ticksOf, type Span } from './trace-view'

export interface TraceDrawing {
  readonly picture: TracePicture
  readonly shown: Span
  readonly selected: Stay | undefined
}

/** Width of the names of lanes, in pixels. */
export const namesPx = 84
const axisPx = 18
const narrowPx = 14
const queueLeastPx = 56
const gapPx = 8
/** Most wake-ups that are drawn; of more, every second, third … one. */
const arrowsMax = 600
/** Most that get a head; heads of more hide what they lie on. */
const headsMax = 120
const headPx = 5

/** Where each lane is, in pixels from the top. */
export interface Layout {
  readonly packets: number
  readonly cpus: readonly { readonly top: number; readonly height: number }[]
  readonly locks: number
  readonly disk: number
  readonly queue: number
  readonly width: number
  readonly height: number
}

export function layoutOf(cpus: number, width: number, height: number): Layout {
  const packets = axisPx + 2
  const first = packets + 2 * narrowPx + gapPx
  const below = 3 * narrowPx + 2 * gapPx + queueLeastPx
  const each = Math.max(14, Math.min(110, (height - first - below) / cpus - gapPx))
  const lanes = Array.from({ length: cpus }, (_, cpu) => ({
    top: first + cpu * (each + gapPx),
    height: each,
  }))
  const locks = first + cpus * (each + gapPx)
  const disk = locks + 2 * narrowPx
  return { packets, cpus: lanes, locks, disk, queue: disk + narrowPx + gapPx, width, height }
}

/** What is drawn so far down. */
export function laneAt({ packets, cpus, locks, disk, queue }: Layout, y: number): LaneName {
  if (y < packets + narrowPx) return 'frames in'
  if (y < packets + 2 * narrowPx + gapPx / 2) return 'frames out'
  const cpu = cpus.findIndex(({ top, height }) => y < top + height + gapPx / 2)
  if (cpu >= 0) return cpu
  if (y < locks + narrowPx) return 'kernel lock'
  if (y < disk) return 'queue lock'
  return y < queue ? 'disk' : 'run queue'
}

/** Colours of modes, by Mode. */
const modeColours = [
  '--mode-user',
  '--mode-system',
  '--mode-spin',
  '--s7',
  '--mode-idle',
  '--mode-idle',
]
const cpuColours = ['--s7', '--s1', '--s6', '--s3', '--s2', '--s4', '--s5', '--s8']
/** In which order modes are stacked in a column. */
const order = [3, 2, 1, 0]

export function drawTrace(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  layout: Layout,
  { picture, shown, selected }: TraceDrawing,
): void {
  const { width, height } = layout
  const scale = (width - namesPx) / (shown.to - shown.from)
  const x = (at: number): number => namesPx + (at - shown.from) * scale
  const colour = (name: string): string => theme.colour(name)
  g.clearRect(0, 0, width, height)
  g.font = `10.5px ${theme.numbers}`
  g.textBaseline = 'middle'

  g.textAlign = 'center'
  for (const { at, label } of ticksOf(shown, picture.from, picture.trace.clockMHz, width / 110)) {
    g.fillStyle = colour('--line')
    g.fillRect(x(at), axisPx, 1, height - axisPx)
    g.fillStyle = colour('--text-faint')
    g.fillText(label, Math.min(width - 34, Math.max(namesPx + 4, x(at))), axisPx / 2)
  }
  g.textAlign = 'left'
  const name = (words: string, y: number): void => {
    g.fillStyle = colour('--text-dim')
    g.fillText(words, 8, y)
  }
  const spans = (of: Spans, top: number, fill: (record: number) => string): void => {
    let drawnTo = -1
    for (let at = 0; at < of.from.length; at++) {
      if (of.to[at]! < shown.from) continue
      if (of.from[at]! > shown.to) break
      const left = Math.max(namesPx, x(of.from[at]!))
      const right = Math.max(left + 1, Math.min(width, x(of.to[at]!)))
      // What lies within a pixel that is drawn already is not seen.
      if (right - drawnTo < 0.5) continue
      g.fillStyle = colour(fill(of.record[at]!))
      g.fillRect(left, top + 1, right - left, narrowPx - 2)
      drawnTo = right
    }
  }
  const { columns } = picture.trace
  name('frames in', layout.packets + narrowPx / 2)
  name('out', layout.packets + narrowPx * 1.5)
  spans(picture.packetsIn, layout.packets, () => '--s6')
  spans(picture.packetsOut, layout.packets + narrowPx, () => '--s1')
  const lockNames = ['kernel lock', 'queue lock']
  picture.locks.forEach((of, lock) => {
    const top = layout.locks + lock * narrowPx
    name(lockNames[lock] ?? '', top + narrowPx / 2)
    spans(of, top, (record) => cpuColours[columns.cpu[record]! % cpuColours.length]!)
  })
  name('disk', layout.disk + narrowPx / 2)
  spans(picture.disk, layout.disk, (record) => (columns.first[record] === 1 ? '--s3' : '--s2'))

  drawCpus(g, theme, layout, { picture, shown, selected }, x)
  drawWakes(g, theme, layout, { picture, shown, selected }, x)
  drawQueue(g, theme, layout, picture, shown, x)
}

function drawCpus(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  { cpus, width }: Layout,
  { picture, shown, selected }: TraceDrawing,
  x: (at: number) => number,
): void {
  const text = theme.colour('--text-dim')
  picture.cpus.forEach((lane, cpu) => {
    const { top, height } = cpus[cpu]!
    g.fillStyle = text
    g.fillText(`CPU ${cpu}`, 8, top + height / 2)
    g.fillStyle = theme.colour(cpuColours[cpu % cpuColours.length]!)
    g.fillRect(56, top + height / 2 - 4, 8, 8)
    g.fillStyle = theme.colour('--mode-idle')
    g.fillRect(namesPx, top, width - namesPx, height)
    const first = Math.max(0, upTo(lane.from, shown.from) - 1)
    const last = upTo(lane.from, shown.to)
    if (last - first > 2 * (width - namesPx)) {
      drawColumns(g, theme, lane, { left: namesPx, right: width, top, height }, shown)
    } else {
      for (let at = first; at < last; at++) {
        const mode = lane.mode[at]!
        if (mode >= 4) continue
        const left = Math.max(namesPx, x(lane.from[at]!))
        const right = Math.min(width, x(lane.from[at + 1] ?? lane.end))
        g.fillStyle = theme.colour(modeColours[mode]!)
        g.fillRect(left, top, Math.max(0.5, right - left - 0.25), height)
      }
      nameStays(g, theme, picture, cpu, { top, height, width }, shown, x)
    }
    if (selected?.cpu === cpu) {
      const left = Math.max(namesPx, x(selected.chosenFrom))
      const right = Math.min(width, Math.max(left + 2, x(selected.to)))
      g.strokeStyle = theme.colour('--text')
      g.lineWidth = 2
      if (right > namesPx && left < width) g.strokeRect(left, top - 1, right - left, height + 2)
    }
  })
}

/** Of each column of pixels how much of it went into which mode. */
export function drawColumns(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  lane: CpuLane,
  { left, right, top, height }: { left: number; right: number; top: number; height: number },
  shown: Span,
): void {
  const sums = new Float64Array(modes)
  const perPixel = (shown.to - shown.from) / (right - left)
  for (let pixel = left; pixel < right; pixel++) {
    const from = shown.from + (pixel - left) * perPixel
    modesBetween(lane, from, from + perPixel, sums)
    let y = top
    for (const mode of order) {
      const high = (sums[mode]! / perPixel) * height
      if (high < 0.2) continue
      g.fillStyle = theme.colour(modeColours[mode]!)
      g.fillRect(pixel, y, 1, high)
      y += high
    }
  }
}

function nameStays(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  { cpus, nameOf }: TracePicture,
  cpu: number,
  { top, height, width }: { top: number; height: number; width: number },
  shown: Span,
  x: (at: number) => number,
): void {
  g.save()
  g.font = `600 10.5px ${theme.numbers}`
  g.fillStyle = theme.colour('--ground')
  for (const stay of cpus[cpu]!.stays) {
    if (stay.to < shown.from || stay.pid < 0) continue
    if (stay.from > shown.to) break
    const left = Math.max(namesPx, x(stay.from))
    const right = Math.min(width, x(stay.to))
    g.fillRect(left - 0.5, top, 1, height)
    const words = nameOf(stay.pid)
    if (right - left > words.length * 6.6 + 6) g.fillText(words, left + 4, top + height / 2)
  }
  g.restore()
}

function drawWakes(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  { cpus, width }: Layout,
  { picture, shown, selected }: TraceDrawing,
  x: (at: number) => number,
): void {
  const { columns } = picture.trace
  const visible = picture.woken.filter(
    ({ wokenBy, from }) => from >= shown.from && columns.at[wokenBy]! <= shown.to,
  )
  const step = Math.max(1, Math.ceil(visible.length / arrowsMax))
  const withHeads = visible.length <= headsMax
  const line = ({ wokenBy, cpu, from }: Stay, hasHead: boolean): void => {
    const waker = cpus[columns.cpu[wokenBy]!]!
    const woken = cpus[cpu]!
    const down = woken.top >= waker.top
    const [fromX, toX] = [x(columns.at[wokenBy]!), x(from)]
    const fromY = down ? waker.top + waker.height : waker.top
    const toY = down ? woken.top : woken.top + woken.height
    g.moveTo(fromX, fromY)
    g.lineTo(toX, toY)
    if (!hasHead) return
    const angle = Math.atan2(toY - fromY, toX - fromX)
    for (const side of [-1, 1]) {
      const along = angle + side * 0.5
      g.moveTo(toX, toY)
      g.lineTo(toX - headPx * Math.cos(along), toY - headPx * Math.sin(along))
    }
  }
  g.save()
  g.beginPath()
  g.rect(namesPx, 0, width - namesPx, 10_000)
  g.clip()
  g.beginPath()
  for (let at = 0; at < visible.length; at += step) line(visible[at]!, withHeads)
  // Modes are bright in one theme and dark in the other: a line is seen on both by its edge.
  stroked(g, theme, '--text', 0.8, 0.6)
  if (selected && selected.wokenBy >= 0) {
    g.beginPath()
    line(selected, true)
    stroked(g, theme, '--text', 2, 1)
  }
  g.restore()
}

/** A line with an edge in the colour of the ground. */
function stroked(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  colour: string,
  width: number,
  alpha: number,
): void {
  g.globalAlpha = alpha
  g.strokeStyle = theme.colour('--ground')
  g.lineWidth = 2.5 * width
  g.stroke()
  g.strokeStyle = theme.colour(colour)
  g.lineWidth = width
  g.stroke()
  g.globalAlpha = 1
}

function drawQueue(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  { queue, width, height }: Layout,
  { runnable }: TracePicture,
  shown: Span,
  x: (at: number) => number,
): void {
  const queuePx = Math.max(queueLeastPx, height - queue - gapPx)
  const bottom = queue + queuePx - 6
  const y = (of: number): number => bottom - (of / Math.max(1, runnable.most)) * (queuePx - 14)
  g.fillStyle = theme.colour('--text-dim')
  g.fillText('run queue', 8, queue + queuePx / 2 - 6)
  g.fillStyle = theme.colour('--text-faint')
  g.fillText(`of ${runnable.most}`, 8, queue + queuePx / 2 + 8)
  strokeQueue(g, theme, runnable, shown, { left: namesPx, right: width, x, y })
}

/** A line of the run queue's length. */
export function strokeQueue(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  { at, value }: TracePicture['runnable'],
  shown: Span,
  to: {
    readonly left: number
    readonly right: number
    readonly x: (at: number) => number
    readonly y: (value: number) => number
  },
): void {
  const { x, y } = to
  let index = Math.max(0, upTo(at, shown.from) - 1)
  g.beginPath()
  g.moveTo(to.left, y(value[index] ?? 0))
  let pixel = to.left
  let highest = value[index] ?? 0
  /** Of many changes within a pixel the highest is drawn, and the last, which stays. */
  const levelTo = (next: number): void => {
    const stays = y(value[index - 1] ?? 0)
    g.lineTo(pixel, y(highest))
    g.lineTo(pixel, stays)
    g.lineTo(next, stays)
    pixel = next
  }
  for (index++; index < at.length && at[index]! <= shown.to; index++) {
    const next = x(at[index]!)
    if (next - pixel < 0.5) highest = Math.max(highest, value[index]!)
    else {
      levelTo(next)
      highest = value[index]!
    }
  }
  levelTo(to.right)
  g.strokeStyle = theme.colour('--s3')
  g.lineWidth = 1.4
  g.stroke()
}
