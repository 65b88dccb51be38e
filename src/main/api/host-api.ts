/**
 * The one implementation of the Api's calls; every shell hands its pages' calls to it through
 * `answerCall`.
 */
import type { ApiCall, ApiCalls, Catalogue, SaveKind } from '../../shared/api'
import { apiCalls, type CallArguments } from '../../shared/ipc-contract'
import { parseArguments, preview } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'
import { parseScenarioFile } from '../../shared/scenario-file'
import type { RunRequest } from '../runs/protocol'
import type { RunSupervisor, ScreenKey } from '../runs/supervisor'
import { statisticsOf } from '../runs/window-statistics'
import { checkAction, checkStart, findScenario } from './checks'
import type { Desktop } from './desktop'
import { recordingCalls } from './recording-calls'
import { SaveCourse } from './save-course'
import { fileOf, type Saver } from './saving'

/**
 * @param screen who calls, as a run that it begins is told to the others.
 * @param desktop where folders are shown and thrown away; a browser has none.
 */
export function hostApi(
  supervisor: RunSupervisor,
  catalogue: Catalogue,
  saver: Saver,
  screen: ScreenKey,
  desktop?: Desktop,
): ApiCalls {
  const course = new SaveCourse(saver)
  const { save } = course
  /** Asks the run for something that changes it, and answers with its status. */
  const control = async (request: RunRequest) => {
    const done = await supervisor.ask(request)
    return done.ok ? supervisor.status() : done
  }
  return {
    catalogue: () => Promise.resolve({ ok: true, value: catalogue }),
    async start(request) {
      const checked = checkStart(catalogue, request)
      return checked.ok ? supervisor.start(checked.value, undefined, screen) : checked
    },
    async openScenario(text) {
      const file = parseScenarioFile(text)
      const checked = file.ok ? checkStart(catalogue, file.value) : file
      if (checked.ok) return supervisor.start(checked.value, undefined, screen)
      const { code, message } = checked.error
      return failure(code, `scenario file: ${message}`)
    },
    runAgain: () => supervisor.runAgain(screen),
    status: () => Promise.resolve(supervisor.status()),
    pace: (pace) => control({ call: 'pace', pace }),
    pause: () => control({ call: 'pause' }),
    resume: () => control({ call: 'resume' }),
    step: (step) => control({ call: 'step', step }),
    runUntil: (until) => control({ call: 'runUntil', until }),
    cancelUntil: () => control({ call: 'cancelUntil' }),
    slowMotion: (on) => control({ call: 'slowMotion', on }),
    async act(words) {
      const status = supervisor.status()
      if (!status.ok) return status
      const scenario = findScenario(catalogue, status.value.scenario)
      if (!scenario.ok) return scenario
      const action = checkAction(catalogue, scenario.value, status.value.parameters, words)
      return action.ok ? control({ call: 'act', action: action.value }) : action
    },
    clearFaults: () => control({ call: 'clearFaults' }),
    snapshot: (structure, of) => supervisor.ask({ call: 'snapshot', structure, of }),
    async range(request) {
      const run = supervisor.current()
      return run.ok ? run.value.range(request) : run
    },
    async profile(window) {
      const run = supervisor.current()
      if (!run.ok) return run
      return window ? run.value.profileBetween(window) : run.value.ask({ call: 'profile' })
    },
    async statistics(window) {
      const run = supervisor.current()
      return run.ok ? statisticsOf(run.value, run.value.counters, window) : run
    },
    traceState: () => supervisor.traces.state(),
    forgetTrace: () => supervisor.traces.forget(),
    async save(kind: SaveKind, window) {
      const run = supervisor.current()
      if (!run.ok) return run
      const takeTrace = async () => {
        const taken = await supervisor.traces.take()
        return taken.ok ? success(taken.value.trace) : taken
      }
      const exactly = window && (await supervisor.past.profileOf(run.value, window))
      const file = await fileOf(run.value, kind, catalogue, window, takeTrace, exactly)
      return file.ok ? save(file.value) : file
    },
    saveState: () => Promise.resolve(success(course.state())),
    cancelSave() {
      course.callOff()
      return Promise.resolve(success(null))
    },
    goToChapter: (request) => supervisor.goToChapter(request, screen),
    forgetChapter: () => supervisor.forgetChapter(),
    cancelAside: () => supervisor.cancelAside(),
    ...recordingCalls({ supervisor, catalogue, screen, save, desktop }),
    history: () => Promise.resolve(supervisor.history()),
  }
}

/**
 * Parses what a page asks for, and answers it. Never throws: a bug is answered and reported too.
 */
export async function answerCall(
  api: ApiCalls,
  call: string,
  args: unknown,
  reportError: (error: unknown) => void,
): Promise<Result<unknown>> {
  if (!isApiCall(call)) return failure('bad-argument', `there is no call ${preview(call)}`)
  try {
    const parsed = parseArguments(call, args)
    if (!parsed.ok) return parsed
    return await dispatch(api, call, parsed.value)
  } catch (error) {
    reportError(error)
    const message = error instanceof Error ? error.message : String(error)
    return failure('refused', `Soakscope failed at ${call}: ${message}`)
  }
}

function dispatch<C extends ApiCall>(
  api: ApiCalls,
  call: C,
  args: CallArguments<C>,
): Promise<Result<unknown>> {
  // TypeScript cannot see that a call and its own arguments belong together.
  const method = api[call] as (...args: CallArguments<C>) => Promise<Result<unknown>>
  return method(...args)
}

const isApiCall = (call: string): call is ApiCall => (apiCalls as readonly string[]).includes(call)
