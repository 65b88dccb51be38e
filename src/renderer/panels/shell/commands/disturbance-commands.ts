import type { Disturbance } from '../../../../shared/api'
import type { Parameter } from '../../../../sim/parameters/parameters'
import { rangeText, readParameter } from '../../../format/parameter'
import type { Command } from '../../../stores/commands'
import { useLiveStore } from '../../../stores/live'
import { runGoes } from './run-commands'

/** Disturbances with a key of their own: Shift with 1 to 9, in the order of the drawer. */
export const disturbanceKey = (index: number): string | undefined =>
  index < 9 ? `Shift+${index + 1}` : undefined

/** Faults and fixes on and off, and the load that can be changed. */
export function disturbanceCommands(): Command[] {
  const live = useLiveStore()
  return [
    {
      id: 'faults.clear',
      title: 'Clear all faults',
      words: 'heal all off none repair',
      group: 'Faults and fixes',
      key: 'Shift+Backspace',
      enabled: runGoes() && Object.keys(live.faults).length > 0,
      run: () => void live.clearFaults(),
    },
    ...live.disturbances.map(toggleCommand),
    ...live.knobs.map(parameterCommand),
  ]
}

function toggleCommand(disturbance: Disturbance, index: number): Command {
  const live = useLiveStore()
  const { id, kind, title, alsoCalled, does, watch } = disturbance
  const on = kind === 'fault' ? (live.faults[id] ?? 0) > 0 : live.fixes.includes(id)
  const key = disturbanceKey(index)
  return {
    id: `${kind}.${id}`,
    title: `${kind === 'fault' ? 'Fault' : 'Fix'}: ${title}`,
    group: 'Faults and fixes',
    words: [id, ...alsoCalled].join(' '),
    detail: `${does} ${watch}`,
    ...(key && { key }),
    enabled: runGoes(),
    on,
    run: () =>
      void live.act(kind === 'fault' ? { kind, id, intensity: on ? 0 : 1 } : { kind, id, on: !on }),
  }
}

function parameterCommand(parameter: Parameter): Command {
  const live = useLiveStore()
  const now = live.parameters[parameter.path] ?? parameter.default
  return {
    id: `set.${parameter.path}`,
    title: `Set ${parameter.path}…`,
    group: 'Load',
    detail: parameter.help,
    enabled: runGoes(),
    run: () => undefined,
    ask: {
      label: `${parameter.path}: ${parameter.help}`,
      hint: rangeText(parameter),
      initial: String(now),
      ...(parameter.type === 'choice' && { choices: parameter.choices }),
      answer: (text) => {
        const read = readParameter(parameter, text)
        if ('problem' in read) return read.problem
        void live.act({ kind: 'set', path: parameter.path, value: String(read.value) })
        return undefined
      },
    },
  }
}
