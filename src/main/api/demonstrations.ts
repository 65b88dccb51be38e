/**
 * The scenario files in resources/scenarios, built in. A new one is named here; a test holds that
 * none is forgotten.
 */
import type { Catalogue, Demonstration } from '../../shared/api'
import { readScenarioFile } from '../../shared/scenario-file'
import proxyCold from '../../../resources/scenarios/proxy-cold.json'
import proxyDay from '../../../resources/scenarios/proxy-day.json'
import sdetOrphans from '../../../resources/scenarios/sdet-orphans.json'
import soakWeek from '../../../resources/scenarios/soak-week.json'
import webFlood from '../../../resources/scenarios/web-flood.json'
import webWakeOne from '../../../resources/scenarios/web-wake-one.json'
import { checkStart } from './checks'

const files: Readonly<Record<string, unknown>> = {
  'sdet-orphans': sdetOrphans,
  'web-wake-one': webWakeOne,
  'web-flood': webFlood,
  'proxy-cold': proxyCold,
  'proxy-day': proxyDay,
  'soak-week': soakWeek,
}

/** @throws when a file is wrong: they are part of the program. */
export function demonstrationsOf(catalogue: Catalogue): readonly Demonstration[] {
  return Object.entries(files).map(([id, contents]) => {
    const file = readScenarioFile(contents)
    const request = file.ok ? checkStart(catalogue, file.value) : file
    if (!file.ok || !request.ok)
      throw new Error(`${id}: ${request.ok ? '' : request.error.message}`)
    const { title, about, forSeconds } = file.value
    return { id, title, about, request: request.value, forSeconds }
  })
}
