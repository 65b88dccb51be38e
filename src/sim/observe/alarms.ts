/**
 * Alarms: a condition on a counter that has held for a while, looked at with every sample. Spelled
 * `memory.free < 4000 for 1m pause`. It rings once, and again when the condition has been false in
 * between. What then happens beside a mark (`mark`, `notify`, `pause`) is the host's: the run is
 * not changed by it.
 */
import { durationWords, secondsIn } from '../units/duration-words'
import type { Condition } from './condition'
import { conditionIn, conditionWords, holds } from './condition'
import type { CounterLevels } from './counter-levels'

export type AlarmThen = 'mark' | 'notify' | 'pause'

export interface Alarm {
  readonly condition: Condition
  /** Simulated seconds that it has to hold; 0: once. */
  readonly forSeconds: number
  readonly then: AlarmThen
}

/** How an alarm stands. */
export interface AlarmState {
  readonly words: string
  /** Since when its condition holds; undefined when it does not. */
  readonly since: number | undefined
  /** It has held for so long. */
  readonly ringing: boolean
}

const grammar = '<counter> < <value> [for <time>] [mark|notify|pause]'

/** A string is the message for people. */
export function parseAlarm(words: string): Alarm | string {
  const match = /^(.+?)(?:\s+for\s+(\S+))?(?:\s+(mark|notify|pause))?$/.exec(words.trim())
  const [, first = '', duration = '0s', then = 'mark'] = match ?? []
  const condition = conditionIn(first)
  const forSeconds = secondsIn(duration)
  if (!condition || forSeconds === undefined) {
    return `alarm "${words}" is not understood; write ${grammar}, such as memory.free < 4000 for 1m pause`
  }
  return { condition, forSeconds, then: then as AlarmThen }
}

/** The words of an alarm: parseAlarm(alarmWords(a)) is a. */
export function alarmWords({ condition, forSeconds, then }: Alarm): string {
  const held = forSeconds === 0 ? '' : ` for ${durationWords(forSeconds)}`
  return `${conditionWords(condition)}${held}${then === 'mark' ? '' : ` ${then}`}`
}

interface Watched {
  readonly alarm: Alarm
  readonly words: string
  since: number | undefined
  ringing: boolean
}

export class Alarms {
  private readonly watched: Watched[] = []

  constructor(private readonly levels: CounterLevels) {}

  /** Takes the place of one on the same condition. */
  set(alarm: Alarm): void {
    this.remove(alarm.condition)
    const words = alarmWords(alarm)
    this.watched.push({ alarm, words, since: undefined, ringing: false })
  }

  remove(condition: Condition): void {
    const at = this.indexOf(condition)
    if (at >= 0) this.watched.splice(at, 1)
  }

  has(condition: Condition): boolean {
    return this.indexOf(condition) >= 0
  }

  get states(): readonly AlarmState[] {
    return this.watched.map(({ words, since, ringing }) => ({ words, since, ringing }))
  }

  /** Whether any of them pauses. */
  get pauses(): boolean {
    return this.watched.some(({ alarm }) => alarm.then === 'pause')
  }

  /** Looks at the sample of this instant. Returns those that begin to ring. */
  look(at: number): readonly Alarm[] {
    const rang: Alarm[] = []
    for (const one of this.watched) {
      const value = this.levels.read(one.alarm.condition.counter)
      if (value === undefined || !holds(one.alarm.condition, value)) {
        one.since = undefined
        one.ringing = false
        continue
      }
      one.since ??= at
      if (one.ringing || at - one.since < one.alarm.forSeconds) continue
      one.ringing = true
      rang.push(one.alarm)
    }
    return rang
  }

  private indexOf(condition: Condition): number {
    const words = conditionWords(condition)
    return this.watched.findIndex(({ alarm }) => conditionWords(alarm.condition) === words)
  }
}
