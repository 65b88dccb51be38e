import type { Pace, RunStatus } from '../../../shared/frame'
import { grouped, percent } from '../../format/number'

/**
 * A run counts as behind its pace below this part of it, and as on it again from the second one on.
 */
const behindBelow = 0.9
const onPaceFrom = 0.95
/**
 * So many readings in a row: what is heard of a machine that stumbles for a moment is no answer.
 */
const readingsMin = 3

/** Tells whether a run falls behind the pace that was asked for. Read at even intervals. */
export class BehindWatch {
  private readings = 0
  private pace: Pace | undefined

  read({ pace, phase, speed: delivered }: Pick<RunStatus, 'pace' | 'phase' | 'speed'>): boolean {
    if (pace !== this.pace) this.readings = 0
    this.pace = pace
    const counts = phase === 'running' && pace !== 'max' && delivered > 0
    if (!counts || delivered >= onPaceFrom * pace) this.readings = 0
    else if (delivered < behindBelow * pace) this.readings++
    return this.readings >= readingsMin
  }
}

/** Events by the name of their handler, as they are called in a sentence. */
const kindWords: Readonly<Record<string, string>> = {
  'segment end': 'ends of a stretch of work on a CPU',
  reschedule: 'reschedule interrupts',
  tick: 'timer ticks',
  'timer wake-up': 'wake-ups by a timer',
  'frame arrives': 'frames that arrive',
  'segment at client': 'segments that reach a client',
  'net bottom half': 'runs of the network bottom half',
  'TCP timer': 'TCP timers',
  'disk done': 'disk requests that are done',
  'unplug disk queue': 'unpluggings of the disk queue',
}

/**
 * Why a run is as fast as it is, in sentences: what the model spends its events on. Empty when
 * nothing is known.
 * @param flatOut it goes as fast as it can: only then is what it does a second what it can do.
 */
export function speedReasons(
  {
    eventsPerSecond,
    speed: delivered,
    eventMix,
  }: Pick<RunStatus, 'eventsPerSecond' | 'speed' | 'eventMix'>,
  flatOut: boolean,
): string[] {
  if (!(eventsPerSecond > 0) || !(delivered > 0)) return []
  const each = 1e6 / eventsPerSecond
  const words = [
    `One simulated second of this run is ${round(eventsPerSecond / delivered)} events. ` +
      (flatOut
        ? `This computer works off ${round(eventsPerSecond)} of them a second, ` +
          `${grouped(each, each < 10 ? 1 : 0)} µs each.`
        : `At its pace ${round(eventsPerSecond)} of them are worked off a second.`),
  ]
  const [first, ...rest] = eventMix.map(({ kind, share, procedures }) => {
    const inside = procedures.map((part) => `${part.procedure} ${percent(part.share, 0)}`)
    const of = inside.length > 0 ? ` (${inside.join(', ')})` : ''
    return { share, text: `${kindWords[kind] ?? kind}${of}` }
  })
  if (!first) return words
  const others = rest
    .filter(({ share }) => share >= 0.005)
    .map(({ share, text }) => `${percent(share, 0)} are ${text}`)
  return [
    ...words,
    `${first.share > 0.5 ? 'Most of them' : 'Most often they'}, ${percent(first.share, 0)}, are ${first.text}` +
      `${others.length > 0 ? `; ${others.join('; ')}` : ''}. Seen in the last five seconds.`,
  ]
}

/** What a run that is behind can do: `1.7×`, `0.53×`. */
export const possible = (delivered: number): string =>
  `${grouped(delivered, delivered < 1 ? 2 : delivered < 10 ? 1 : 0)}×`

/** Three figures of a whole number: `410,000`. */
function round(value: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 2)
  return grouped(Math.round(value / step) * step)
}
