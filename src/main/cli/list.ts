/** `soakscope list` and `soakscope describe`: what there is, and every parameter of a scenario. */
import { experiments, wordsOf, type Parameter } from '../../sim/index'
import { defaultsOf } from '../../sim/parameters/parameters'
import type { Catalogue, ScenarioInfo } from '../../shared/api'
import { findScenario } from '../api/checks'
import { unknownName } from '../api/nearest'
import { exportFormats } from '../formats/exports/formats'
import { table } from './table'
import { type Terminal, UsageError } from './terminal'

interface Listing {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly json: unknown
}

const listings: Readonly<Record<string, (catalogue: Catalogue) => Listing>> = {
  scenarios: ({ scenarios }) => ({
    columns: ['id', 'title', 'summary'],
    rows: scenarios.map(({ id, title, summary }) => [id, title, summary]),
    json: scenarios.map(({ id, title, summary, citation }) => ({ id, title, summary, citation })),
  }),
  demonstrations: ({ demonstrations }) => ({
    columns: ['id', 'scenario', 'title'],
    rows: demonstrations.map(({ id, request, title }) => [id, request.scenario, title]),
    json: demonstrations.map(({ request, ...demonstration }) => ({ ...demonstration, ...request })),
  }),
  faults: (catalogue) => disturbancesOf(catalogue, 'fault'),
  fixes: (catalogue) => disturbancesOf(catalogue, 'fix'),
  counters: ({ scenarios }) => {
    const counters = [
      ...new Map(
        scenarios.flatMap((scenario) => scenario.counters.map((spec) => [spec.id, spec] as const)),
      ).values(),
    ]
    return {
      columns: ['id', 'unit', 'kind', 'help'],
      rows: counters.map(({ id, unit, kind, help }) => [id, unit, kind, help]),
      json: counters,
    }
  },
  experiments: () => ({
    columns: ['id', 'title', 'source'],
    rows: experiments.map(({ id, title, source }) => [id, title, source]),
    json: experiments.map(({ id, title, source }) => ({ id, title, source })),
  }),
  formats: () => ({
    columns: ['format', 'endings', 'what', 'opens in'],
    rows: exportFormats.map(({ kind, endings, title, opens }) => [
      kind,
      endings.map((ending) => `.${ending}`).join(' '),
      title,
      opens,
    ]),
    json: exportFormats.map(({ kind, endings, title, opens, mediaType }) => ({
      format: kind,
      endings,
      title,
      opens,
      mediaType,
    })),
  }),
}
export const listable = Object.keys(listings)

function disturbancesOf({ disturbances }: Catalogue, kind: 'fault' | 'fix'): Listing {
  const some = disturbances.filter((disturbance) => disturbance.kind === kind)
  return {
    columns: ['id', 'workloads', 'with', 'title', 'does'],
    rows: some.map(({ id, workloads, where, title, does }) => [
      id,
      workloads.join(','),
      where ? wordsOf(where) : '',
      title,
      does,
    ]),
    json: some,
  }
}

export function list(catalogue: Catalogue, what: string, json: boolean, terminal: Terminal): void {
  const listing = Object.hasOwn(listings, what) ? listings[what]?.(catalogue) : undefined
  if (!listing) throw new UsageError(`<what>: ${unknownName('list of', what, listable)}`)
  if (json) return print(terminal, listing.json)
  terminal.out(
    table(
      listing.columns.map((title) => ({ title })),
      listing.rows,
    ),
  )
}

export function describe(
  catalogue: Catalogue,
  id: string,
  json: boolean,
  terminal: Terminal,
): void {
  const found = findScenario(catalogue, id)
  if (!found.ok) throw new UsageError(`<scenario>: ${found.error.message}`)
  const { title, summary, citation } = found.value
  // The kernel and the machine of the scenario bring defaults of their own.
  const begins = defaultsOf(found.value.parameters, {})
  const { parameters } = found.value
  if (json) return print(terminal, { ...withoutCounters(found.value), begins })
  terminal.out(`${id}: ${title}\n${summary}\n${citation}\n\n`)
  terminal.out(
    table(
      ['path', 'value', 'unit', 'range', 'live', 'help', 'source'].map((heading) => ({
        title: heading,
      })),
      parameters.map((parameter) => [
        parameter.path,
        String(begins[parameter.path]),
        parameter.type === 'number' ? parameter.unit : '',
        rangeOf(parameter),
        parameter.live ? 'yes' : 'no',
        parameter.help,
        parameter.source,
      ]),
    ),
  )
}

function withoutCounters({ counters: _counters, ...scenario }: ScenarioInfo): object {
  return scenario
}

const rangeOf = (parameter: Parameter): string =>
  parameter.type === 'choice'
    ? parameter.choices.join(' | ')
    : `${parameter.min} … ${parameter.max}${parameter.integer ? '' : ' (fractions)'}`

function print(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, undefined, 2)}\n`)
}
