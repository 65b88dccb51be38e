/**
 * The scenario files in resources/scenarios, built in. A new one is named here; a test holds that
 * none is forgotten.
 */
import { formatAction, parseAction, type TimedAction } from '../../sim/index'
import type { StartRequest } from '../../shared/api'
import { readScenarioFile, type ScenarioFile } from '../../shared/scenario-file'
import proxyCold from '../../../resources/scenarios/proxy-cold.json'
import proxyDay from '../../../resources/scenarios/proxy-day.json'
import sdetOrphans from '../../../resources/scenarios/sdet-orphans.json'
import soakWeek from '../../../resources/scenarios/soak-week.json'
import webFlood from '../../../resources/scenarios/web-flood.json'
import webWakeOne from '../../../resources/scenarios/web-wake-one.json'

const files: Readonly<Record<string, unknown>> = {
  'sdet-orphans': sdetOrphans,
  'web-wake-one': webWakeOne,
  'web-flood': webFlood,
  'proxy-cold': proxyCold,
  'proxy-day': proxyDay,
  'soak-week': soakWeek,
}

let read: ReadonlyMap<string, ScenarioFile> | undefined

/** By id. @throws when a file is wrong: they are part of the program. */
export const demonstrationFiles = (): ReadonlyMap<string, ScenarioFile> =>
  (read ??= new Map(Object.entries(files).map(([id, contents]) => [id, readFile(id, contents)])))

function readFile(id: string, contents: unknown): ScenarioFile {
  const file = readScenarioFile(contents)
  if (!file.ok) throw new Error(`${id}: ${file.error.message}`)
  return file.value
}

/**
 * Title of the demonstration that a run is: it begins with all that the file says. Its seed may be
 * another, and more may be done in it.
 */
export function demonstrationTitle(request: StartRequest): string | undefined {
  const { scenario, parameters, timeline = [] } = request
  const planned = new Set(timeline.map(keyOf))
  const found = [...demonstrationFiles().values()].find(
    (file) =>
      file.scenario === scenario &&
      Object.entries(file.parameters).every(([path, value]) => parameters[path] === value) &&
      file.timeline.every((action) => planned.has(keyOf(action))),
  )
  return found?.title
}

/** The same action may be written in several ways. */
function keyOf({ at, action }: TimedAction): string {
  const parsed = parseAction(action)
  return `${at} ${typeof parsed === 'string' ? action : formatAction(parsed)}`
}
