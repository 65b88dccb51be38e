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
  return { id, title, summary, citation, parameters, structures, counters: counters.specs }
}

const withoutDemonstrations: Catalogue = {
  version,
  demonstrations: [],
  scenarios: scenarios.map(infoOf),
  disturbances: disturbances.map(
    ({ id, kind, title, does, watch, watchColumns, source, intensity, scenarios: of }) => ({
      ...{ id, kind, title, does, watch, watchColumns, source, intensity, scenarios: of },
    }),
  ),
}

export const catalogue: Catalogue = {
  ...withoutDemonstrations,
  demonstrations: demonstrationsOf(withoutDemonstrations),
}
