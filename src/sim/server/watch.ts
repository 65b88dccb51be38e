/**
 * What somebody says of a run, and what is to be told of it: notes, captions, alarms. They are
 * actions, so that they are there when the run is made again, and change nothing in it.
 */
import type { Action, TimedAction } from '../actions/action'
import { counterNames, formatAction, placeInCaption } from '../actions/action'
import type { Alarm } from '../observe/alarms'
import { Alarms, alarmWords } from '../observe/alarms'
import { CounterLevels } from '../observe/counter-levels'
import type { CounterRegistry } from '../observe/counters'
import type { Marks } from './marks'

export type Remark = Extract<Action, { kind: 'note' | 'caption' | 'alarm' | 'no-alarm' }>

const remarks: readonly string[] = ['note', 'caption', 'alarm', 'no-alarm']
export const isRemark = (action: Action): action is Remark => remarks.includes(action.kind)

export class Watch {
  private readonly levels: CounterLevels
  readonly alarms: Alarms
  private paused: Alarm | undefined

  constructor(
    counters: CounterRegistry,
    private readonly marks: Marks,
  ) {
    this.levels = new CounterLevels(counters)
    this.alarms = new Alarms(this.levels)
  }

  /** A sample was taken at this second. */
  sample(at: number): void {
    this.levels.note(at)
    for (const alarm of this.alarms.look(at)) {
      this.marks.add({ at, kind: 'rang', text: alarmWords(alarm) })
      if (alarm.then === 'pause') this.paused ??= alarm
    }
  }

  /** The first alarm since the last call that says that the run pauses. */
  takePause(): string | undefined {
    const { paused } = this
    this.paused = undefined
    return paused && alarmWords(paused)
  }

  /** The message for people when it cannot be done. */
  refuse(action: Remark, now: number): string | undefined {
    switch (action.kind) {
      case 'note':
        return (action.at ?? 0) > now
          ? `a note at ${action.at} s lies after now, ${now} s`
          : undefined
      case 'caption':
      case 'alarm':
        return this.refuseUnknown(counterNames(action))
      case 'no-alarm':
        return this.alarms.has(action.condition)
          ? undefined
          : `there is no alarm on ${formatAction(action).slice('no-alarm:'.length)}`
    }
  }

  perform(action: Remark): void {
    if (action.kind === 'alarm') this.alarms.set(action.alarm)
    else if (action.kind === 'no-alarm') this.alarms.remove(action.condition)
  }

  /** With the numbers of the last sample where a caption names counters. */
  filledIn(text: string): string {
    return text.replace(placeInCaption, (_, name: string) => {
      const value = this.levels.read(name)
      return value === undefined ? '–' : rounded(value)
    })
  }

  private refuseUnknown(names: readonly string[]): string | undefined {
    const unknown = names.find((name) => !this.levels.has(name))
    return unknown === undefined ? undefined : `there is no counter ${unknown} in this run`
  }
}

/** Into a log in order of time, after what was done at the same instant. */
export function insertAction(log: TimedAction[], done: TimedAction): void {
  const after = log.findIndex(({ at }) => at > done.at)
  log.splice(after < 0 ? log.length : after, 0, done)
}

/** Three digits, and thousands apart: numbers that are said. */
function rounded(value: number): string {
  const digits = Math.floor(Math.abs(value)).toString().length
  const scale = [100, 100, 10][digits] ?? 1
  const text = String(Math.round(value * scale) / scale)
  return text.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',')
}
