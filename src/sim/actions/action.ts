/**
 * Actions: a fault, a fix, a parameter or a reboot at a simulated instant. The action log is part
 * of a run. The same words are used on the command line, over the Api and in files:
 * `fault:<id>=<0..1>`, `fix:<id>=on|off`, `set:<path>=<value>`, `reboot`; and what changes nothing:
 * `note:<text>`, `caption:<text>`, `alarm:<condition> [for <time>] [mark|notify|pause]`,
 * `no-alarm:<condition>`.
 */
import type { Alarm } from '../observe/alarms'
import { alarmWords, parseAlarm } from '../observe/alarms'
import type { Condition } from '../observe/condition'
import { conditionIn, conditionWords } from '../observe/condition'

export type Action =
  | { readonly kind: 'fault'; readonly id: string; readonly intensity: number }
  | { readonly kind: 'fix'; readonly id: string; readonly on: boolean }
  | { readonly kind: 'set'; readonly path: string; readonly value: string }
  | { readonly kind: 'reboot' }
  /** Of a second that is over when `at` says so; it is logged as done then. */
  | { readonly kind: 'note'; readonly text: string; readonly at?: number }
  /** What is shown large: `{accept.woken/s}` in it is what the counter stands at. */
  | { readonly kind: 'caption'; readonly text: string }
  | { readonly kind: 'alarm'; readonly alarm: Alarm }
  | { readonly kind: 'no-alarm'; readonly condition: Condition }

export interface TimedAction {
  /** Simulated seconds. */
  readonly at: number
  readonly action: string
}

const grammar =
  'fault:<id>=<0..1>, fix:<id>=on|off, set:<path>=<value>, reboot, note:<text>, caption:<text>, ' +
  'alarm:<condition> or no-alarm:<condition>'

/** Parses an action's words. Returns the message for people as a string when they are wrong. */
export function parseAction(text: string): Action | string {
  if (text === 'reboot') return { kind: 'reboot' }
  const said = /^(note|note@(\d+(?:\.\d+)?)|caption|alarm|no-alarm):\s*(\S.*)$/.exec(text)
  if (said) return parseSaid(said[1] ?? '', said[2], said[3] ?? '')
  const match = /^(fault|fix|set):([^=\s]+)=(.+)$/.exec(text)
  if (!match) return `action "${text}" is not understood; write ${grammar}`
  const [, kind, name, value] = match as unknown as [string, string, string, string]
  if (kind === 'fault') {
    const intensity = Number(value)
    if (value.trim() === '' || !(intensity >= 0 && intensity <= 1)) {
      return `intensity of fault ${name} is a number from 0 to 1, not "${value}"`
    }
    return { kind, id: name, intensity }
  }
  if (kind === 'fix') {
    if (value !== 'on' && value !== 'off') return `fix ${name} is on or off, not "${value}"`
    return { kind, id: name, on: value === 'on' }
  }
  return { kind: 'set', path: name, value }
}

/** `{accept.woken/s}` in a caption. */
export const placeInCaption = /\{([^{}\s]+)\}/g

/** The counters, or their rates (`/s`), that an action looks at. */
export function counterNames(action: Action): readonly string[] {
  if (action.kind === 'alarm') return [action.alarm.condition.counter]
  if (action.kind !== 'caption') return []
  return [...action.text.matchAll(placeInCaption)].map(([, name = '']) => name)
}

function parseSaid(kind: string, at: string | undefined, words: string): Action | string {
  const text = words.trim()
  switch (kind) {
    case 'alarm': {
      const alarm = parseAlarm(text)
      return typeof alarm === 'string' ? alarm : { kind, alarm }
    }
    case 'no-alarm': {
      const condition = conditionIn(text)
      return condition ? { kind, condition } : `"${text}" is no condition of an alarm`
    }
    case 'caption':
      return { kind, text }
    default:
      return at === undefined ? { kind: 'note', text } : { kind: 'note', text, at: Number(at) }
  }
}

/** The words of an action: parseAction(formatAction(a)) is a. */
export function formatAction(action: Action): string {
  switch (action.kind) {
    case 'fault':
      return `fault:${action.id}=${action.intensity}`
    case 'fix':
      return `fix:${action.id}=${action.on ? 'on' : 'off'}`
    case 'set':
      return `set:${action.path}=${action.value}`
    case 'reboot':
      return 'reboot'
    case 'note':
      return `note${action.at === undefined ? '' : `@${action.at}`}:${action.text}`
    case 'caption':
      return `caption:${action.text}`
    case 'alarm':
      return `alarm:${alarmWords(action.alarm)}`
    case 'no-alarm':
      return `no-alarm:${conditionWords(action.condition)}`
  }
}
