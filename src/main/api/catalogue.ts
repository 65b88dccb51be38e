/** What there is, for screens and for the command line. */
import { createServer, disturbances, scenarios } from '../../sim/index'
import type { Catalogue, ScenarioInfo } from '../../shared/api'
import { version } from '../version'
import { demonstrationsOf } from './demonstrations'

function infoOf(scenario: (typeof scenarios)[number]): ScenarioInfo {
  const { id, title, citation, parameters, main } = scenario
  const server = createServer({ scenario: id, seed: 1, parameters: {} })
  if (typeof server === 'string') throw new Error(server)
  const { summary, counters } = server
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
    counters: counters.specs,
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

/** Made when it is asked for: a server of each scenario has more memory than most commands need. */
export const catalogue = (): Catalogue => (known ??= made())
