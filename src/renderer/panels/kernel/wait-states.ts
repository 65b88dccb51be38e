import type { WaitQueueEntry, WaitQueueSnapshot } from '../../../sim/observe/structures'
import { mixed } from '../../charts/colour'
import type { ChartTheme } from '../../charts/theme'
import { grouped, percent } from '../../format/number'

export type WaitState = 'awake' | 'nothing' | 'connection' | 'fresh'

/**
 * In the order of the legend. All but the first are asleep, told apart by what their last wake-up
 * brought.
 */
export const waitStates: readonly { readonly id: WaitState; readonly name: string }[] = [
  { id: 'awake', name: 'woken or running' },
  { id: 'nothing', name: 'asleep, woken for nothing' },
  { id: 'connection', name: 'asleep, got a connection' },
  { id: 'fresh', name: 'asleep, not woken yet' },
]

/** What a cell shows. */
export function waitState({ asleep, last }: WaitQueueEntry): WaitState {
  if (!asleep) return 'awake'
  if (last === 'got a connection') return 'connection'
  return last === 'back to sleep' ? 'nothing' : 'fresh'
}

export interface WaitTotals {
  readonly byState: Readonly<Record<WaitState, number>>
  readonly asleep: number
  readonly exclusive: number
}

export function waitTotals(entries: readonly WaitQueueEntry[]): WaitTotals {
  const byState = { awake: 0, nothing: 0, connection: 0, fresh: 0 }
  let asleep = 0
  let exclusive = 0
  for (const entry of entries) {
    byState[waitState(entry)]++
    if (entry.asleep) asleep++
    if (entry.exclusive) exclusive++
  }
  return { byState, asleep, exclusive }
}

export interface WaitColours {
  readonly fill: Readonly<Record<WaitState, string>>
  /** The sign inside a square, which tells states apart without their colours. */
  readonly sign: Readonly<Record<WaitState, string | undefined>>
}

export function waitColours({ colour }: ChartTheme): WaitColours {
  const panel = colour('--panel')
  return {
    fill: {
      fresh: mixed(colour('--line-strong'), panel, 0.75),
      awake: colour('--s2'),
      connection: colour('--s4'),
      nothing: mixed(colour('--s5'), panel, 0.34),
    },
    sign: {
      fresh: undefined,
      awake: undefined,
      connection: panel,
      nothing: colour('--s5'),
    },
  }
}

const rules: Readonly<Record<string, string>> = {
  all: 'wakes everybody',
  exclusive: 'stops after the first exclusive one',
  one: 'wakes one, the last that came',
  'one-fifo': 'wakes one, the first that came',
}

/** What a wake-up rule means; empty for one that has no words here. */
export const ruleWords = (wakeup: string): string => rules[wakeup] ?? ''

const times = (count: number): string => (count === 1 ? 'once' : `${grouped(count)} times`)

const lastWords: Readonly<Record<WaitQueueEntry['last'], string>> = {
  none: '',
  running: '',
  'got a connection': 'got the connection at its last wake-up',
  'back to sleep': 'its last wake-up was for nothing',
}

/** A process of the queue in one line. */
export function describeWaiting(snapshot: WaitQueueSnapshot, index: number): string {
  const entry = snapshot.entries[index]
  if (!entry) return ''
  const { pid, command, asleep, exclusive, woken, wokenForNothing, last } = entry
  const now = asleep ? 'asleep' : last === 'none' ? 'woken, has not run yet' : 'woken or running'
  const wakeUps =
    woken === 0 ? 'not woken yet' : `woken ${times(woken)}, ${grouped(wokenForNothing)} for nothing`
  const place = `${grouped(index + 1)} of ${grouped(snapshot.entries.length)}`
  const said = [wakeUps, now, exclusive ? 'exclusive' : '', lastWords[last], place]
  return `pid ${pid} ${command} · ${said.filter(Boolean).join(' · ')}`
}

/** What is said while no process is pointed at. */
export function describeQueue({ entries, wakeUps, madeRunnable }: WaitQueueSnapshot): string {
  const { asleep, exclusive } = waitTotals(entries)
  const queue = `${grouped(asleep)} of ${grouped(entries.length)} asleep, ${grouped(exclusive)} exclusive`
  if (wakeUps === 0) return queue
  const each = madeRunnable / wakeUps
  return `${queue} · a wake_up makes ${grouped(each, each < 100 ? 1 : 0)} runnable`
}

/** Wake-ups for nothing, and their share of those that have come to their end. */
export function forNothing({ foundConnection, backToSleep }: WaitQueueSnapshot): string {
  const ended = foundConnection + backToSleep
  return ended > 0
    ? `${grouped(backToSleep)} = ${percent(backToSleep / ended)}`
    : grouped(backToSleep)
}
