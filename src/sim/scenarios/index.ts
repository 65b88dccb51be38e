/** Every scenario, in the order in which they are listed. */
import { sdetScenario } from './sdet'
import { webScenario } from './web'
import type { Scenario } from './scenario'

export const scenarios: readonly Scenario[] = [sdetScenario, webScenario]
