/** What there is, for screens and for the command line. */
import { describeServer, disturbances, scenarios } from '../../sim/index'
import type { Catalogue, ScenarioInfo } from '../../shared/api'
import { version } from '../version'
import { demonstrationsOf } from './demonstrations'

function infoOf(scenario: (typeof scenarios)[number]): ScenarioInfo {
  const { id, title, citation, parameters, main } = scenario
  const description = describeServer({ scenario: id, seed: 1, parameters: {} })
  if (typeof description === 'string') throw new Error(description)
  const { summary, counters } = description
  const { structures } = main
  const workloads = scenario.workloads.map(({ id: workload, presence }) => ({
    id: workload,
    presence,
  }))
  return {
    id,
    title,
    summary,
    citation,
    workloads,
    parameters,
    structures,
    counters,
  }
}

function made(): Catalogue {
  const withoutDemonstrations: Catalogue = {
    version,
    demonstrations: [],
    scenarios: scenarios.map(infoOf),
    disturbances: disturbances.map(({ sets: _sets, ...disturbance }) => disturbance),
  }
  return { ...withoutDemonstrations, demonstrations: demonstrationsOf(withoutDemonstrations) }
}

let known: Catalogue | undefined

/** Made when it is asked for: describing each scenario takes more than most commands do. */
export const catalogue = (): Catalogue => (known ??= made())
