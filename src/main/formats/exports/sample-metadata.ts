/** What a file of samples says of its run and of its columns, as keys with texts. */
import { runCommand } from './run-command'
import type { Exportable } from './exportable'

export function metadataOf(source: Exportable): ReadonlyMap<string, string> {
  const { about, counters, window } = source
  const json = (value: unknown): string => JSON.stringify(value)
  return new Map([
    ['soakscope.version', about.version],
    ['soakscope.title', about.title],
    ['soakscope.summary', about.summary],
    ['soakscope.scenario', about.scenario],
    ['soakscope.seed', String(about.seed ?? '')],
    ['soakscope.digest', about.digest],
    ['soakscope.parameters', json(about.changed)],
    ['soakscope.actions', json(about.actions)],
    ['soakscope.seconds', String(about.runSeconds)],
    ...(window ? ([['soakscope.window', json(window)]] as const) : []),
    ...(about.remark === undefined ? [] : ([['soakscope.remark', about.remark]] as const)),
    ...(about.noCommand === undefined
      ? ([['soakscope.command', runCommand(source)]] as const)
      : []),
    [
      'soakscope.units',
      json({
        time: 's',
        ...Object.fromEntries(counters.map(({ id, unit }) => [id, unit])),
        samples: '1',
      }),
    ],
    ['soakscope.kinds', json(Object.fromEntries(counters.map(({ id, kind }) => [id, kind])))],
  ])
}
