/** What there is, for screens and for the command line. */
import { createServer, disturbances, sdetParameters, sdetScenario } from '../../sim/index'
import type { Catalogue, ScenarioInfo } from '../../shared/api'
import { version } from '../version'

function sdet(): ScenarioInfo {
  const server = createServer({ scenario: sdetScenario.id, seed: 1, parameters: {} })
  if (typeof server === 'string') throw new Error(server)
  const { id, title, citation } = sdetScenario
  const { summary, counters } = server
  return { id, title, summary, citation, parameters: sdetParameters, counters: counters.specs }
}

export const catalogue: Catalogue = {
  version,
  scenarios: [sdet()],
  disturbances: disturbances.map(
    ({ id, kind, title, does, watch, watchColumns, source, intensity, scenarios }) => ({
      ...{ id, kind, title, does, watch, watchColumns, source, intensity, scenarios },
    }),
  ),
}
