/** `run.json` of a run that begins. */
import type { CounterSpec } from '../../sim/observe/counters'
import type { StartRequest } from '../../shared/api'
import type { RunFacts } from '../../shared/frame'
import type { RunMachine } from '../runs/protocol'
import { demonstrationTitle } from '../api/demonstration-files'
import { version } from '../version'
import { recordingVersion, type RunFile } from './run-file'

export interface Beginnings {
  readonly facts: RunFacts
  readonly request: StartRequest
  readonly machine: RunMachine
  /** Simulated seconds between samples. */
  readonly every: number
  /** How far it is to go, where that is known. */
  readonly goal?: number | undefined
  readonly warmup?: number | undefined
  readonly origin?: RunFile['origin'] | undefined
}

export function newRunFile(beginnings: Beginnings): RunFile {
  const { facts, request, machine, every, goal, warmup, origin } = beginnings
  const counters = facts.counters.map(({ id, unit, kind, help }: CounterSpec) => ({
    id,
    unit,
    kind,
    help,
  }))
  return {
    soakscope: 'recording',
    version: recordingVersion,
    model: version,
    title: demonstrationTitle(request) ?? facts.title,
    summary: facts.summary,
    scenario: request.scenario,
    seed: request.seed,
    parameters: { ...request.parameters },
    timeline: (request.timeline ?? []).map(({ at, action }) => ({ at, action })),
    counters,
    structures: [...facts.structures],
    machine: { ...machine },
    every,
    begun: new Date().toISOString(),
    name: '',
    notes: '',
    kept: false,
    tags: [],
    ...(origin ? { origin } : {}),
    ...(goal === undefined ? {} : { goal }),
    ...(warmup === undefined ? {} : { warmup }),
    state: 'recording',
    reason: '',
    seconds: 0,
    events: 0,
    digest: '',
    actions: 0,
  }
}
