/**
 * Actions: a fault, a fix, a parameter or a reboot at a simulated instant. The action log is part
 * of a run. The same words are used on the command line, over the Api and in files:
 * `fault:<id>=<0..1>`, `fix:<id>=on|off`, `set:<path>=<value>`, `reboot`.
 */
export type Action =
  | { readonly kind: 'fault'; readonly id: string; readonly intensity: number }
  | { readonly kind: 'fix'; readonly id: string; readonly on: boolean }
  | { readonly kind: 'set'; readonly path: string; readonly value: string }
  | { readonly kind: 'reboot' }

export interface TimedAction {
  /** Simulated seconds. */
  readonly at: number
  readonly action: string
}

const grammar = 'fault:<id>=<0..1>, fix:<id>=on|off, set:<path>=<value> or reboot'

/** Parses an action's words. Returns the message for people as a string when they are wrong. */
export function parseAction(text: string): Action | string {
  if (text === 'reboot') return { kind: 'reboot' }
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
  }
}
