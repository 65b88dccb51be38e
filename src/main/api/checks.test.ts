import { describe, expect, it } from 'vitest'
import { createServer, parseAction, type Parameter } from '../../sim/index'
import type { Result } from '../../shared/result'
import { syntheticCatalogue as catalogue } from '../runs/synthetic-catalogue.test-support'
import { catalogue as makeCatalogue } from './catalogue'
import { checkAction, checkParameters, checkStart, countersOf, findScenario } from './checks'
import { nearest } from './nearest'

const real = makeCatalogue()

const scenario = catalogue.scenarios[0]
if (!scenario) throw new Error('the catalogue is empty')
const told = (result: Result<unknown>): string =>
  result.ok ? `ok ${JSON.stringify(result.value)}` : `${result.error.code}: ${result.error.message}`

describe('a scenario', () => {
  it('is found by its id, and an unknown one is named with what was probably meant', () => {
    expect(findScenario(catalogue, 'synthetic').ok).toBe(true)
    expect(told(findScenario(catalogue, 'syntetic'))).toBe(
      'unknown-scenario: there is no scenario "syntetic"; did you mean synthetic?',
    )
    expect(told(findScenario(catalogue, 'zzz'))).toBe(
      'unknown-scenario: there is no scenario "zzz"; there is synthetic',
    )
  })
})

describe('parameters', () => {
  const check = (path: string, value: number | string): string =>
    told(checkParameters(scenario, { [path]: value }))

  it('are taken as numbers, as text, and with their own unit', () => {
    expect(check('load.size', 8)).toBe('ok {"load.size":8}')
    expect(check('load.size', '8')).toBe('ok {"load.size":8}')
    expect(check('load.size', '8MB')).toBe('ok {"load.size":8}')
    expect(check('kernel.mode', 'orphan')).toBe('ok {"kernel.mode":"orphan"}')
  })
  it('with an unknown path are refused', () => {
    expect(check('load.sise', 8)).toBe(
      'unknown-path: there is no parameter of synthetic "load.sise"; did you mean load.size?',
    )
    expect(check('__proto__', 8)).not.toContain('ok')
  })
  it('out of range, in another unit, not whole or not numbers are refused with what would be right', () => {
    const wanted = 'load.size is a whole number from 1 to 64 MB, not'
    expect(check('load.size', 65)).toBe(`out-of-range: ${wanted} 65`)
    expect(check('load.size', -1)).toBe(`out-of-range: ${wanted} -1`)
    expect(check('load.size', '8kB')).toBe(`bad-argument: ${wanted} "8kB"`)
    expect(check('load.size', '1.5')).toBe(`bad-argument: ${wanted} "1.5"`)
    expect(check('load.size', 'many')).toBe(`bad-argument: ${wanted} "many"`)
    expect(check('load.size', '')).toBe(`bad-argument: ${wanted} ""`)
    expect(check('load.size', Number.NaN)).toContain(wanted)
    expect(check('kernel.mode', 'lose')).toBe(
      'out-of-range: kernel.mode is one of recycle, orphan, not "lose"',
    )
  })
})

describe('actions', () => {
  const check = (words: string): string => told(checkAction(catalogue, scenario, {}, words))

  it('that the scenario knows are taken', () => {
    expect(check('fault:leak=0.5')).toBe('ok "fault:leak=0.5"')
    expect(check('fix:patch=on')).toBe('ok "fix:patch=on"')
    expect(check('set:load.size=8MB')).toBe('ok "set:load.size=8"')
    expect(check('reboot')).toBe('ok "reboot"')
  })
  it('that are of a workload are taken where the run has it', () => {
    const [sdet] = real.scenarios
    if (!sdet) throw new Error('the catalogue is empty')
    const fix = 'fix:wake-one=on'
    expect(told(checkAction(real, sdet, {}, fix))).toBe(
      'refused: fix wake-one needs web or web2; this run has sdet',
    )
    expect(told(checkAction(real, sdet, { 'httpd.processes': 20 }, fix))).toBe(`ok "${fix}"`)
  })
  it('that it does not know are refused', () => {
    expect(check('fault:leek=1')).toBe(
      'unknown-action: there is no fault "leek"; did you mean leak?',
    )
    expect(check('fix:leak=on')).toBe('unknown-action: there is no fix "leak"; there is patch')
    expect(check('explode')).toContain('unknown-action: action "explode" is not understood; write')
    expect(check('fault:leak=2')).toContain('a number from 0 to 1, not "2"')
    expect(check('set:load.size=1000')).toContain('out-of-range')
    expect(check('set:nosuch=1')).toContain('unknown-path')
    expect(check('set:throw.at=5')).toContain(
      'refused: throw.at cannot change while the run goes on',
    )
  })
})

describe('a run to start', () => {
  const plain = { scenario: 'synthetic', seed: 3, parameters: {} }
  const check = (...timeline: [at: number, action: string][]) =>
    checkStart(catalogue, { ...plain, timeline: timeline.map(([at, action]) => ({ at, action })) })

  it('has its timeline in order of time; what is at one instant stays in its own', () => {
    expect(check([9, 'reboot'], [2, 'fix:patch=on'], [9, 'fix:patch=off'], [0, 'reboot'])).toEqual({
      ok: true,
      value: {
        ...plain,
        timeline: [
          { at: 0, action: 'reboot' },
          { at: 2, action: 'fix:patch=on' },
          { at: 9, action: 'reboot' },
          { at: 9, action: 'fix:patch=off' },
        ],
      },
    })
    expect(checkStart(catalogue, plain)).toEqual({ ok: true, value: { ...plain, timeline: [] } })
  })
  it('is refused for its scenario, its parameters, or an action, which is named by its place', () => {
    expect(told(checkStart(catalogue, { ...plain, scenario: 'x' }))).toContain('unknown-scenario')
    expect(told(checkStart(catalogue, { ...plain, parameters: { x: 1 } }))).toContain(
      'unknown-path',
    )
    expect(told(check([9, 'reboot'], [2, 'fix:pitch=on']))).toBe(
      'unknown-action: timeline[1].action: there is no fix "pitch"; did you mean patch?',
    )
    expect(told(check([1, 'set:throw.at=5']))).toContain('cannot change while the run goes on')
  })
})

describe('the nearest word', () => {
  it('is one that is a typing error away, or none', () => {
    expect(nearest('sdte', ['sdet', 'squid'])).toBe('sdet')
    expect(nearest('apache', ['sdet', 'squid'])).toBeUndefined()
  })
})

describe('the counters of a run', () => {
  it('are those of its server, whichever run was asked for before', () => {
    const sdet = findScenario(real, 'sdet')
    if (!sdet.ok) throw new Error(sdet.error.message)
    const runs = [{}, { 'httpd.processes': 5 }, { 'yield.threads': 2 }]
    const wanted = runs.map((parameters) => {
      const server = createServer({ scenario: 'sdet', seed: 1, parameters })
      if (typeof server === 'string') throw new Error(server)
      return server.counters.specs.map(({ id }) => id)
    })
    expect(new Set(wanted.map((ids) => ids.join())).size).toBe(3)
    for (const at of [0, 1, 1, 2, 0, 2, 1])
      expect(countersOf(sdet.value, runs[at] ?? {})).toEqual(wanted[at])
  })
})

describe('every action of every scenario', () => {
  /** What a parameter may be given as, right and wrong. */
  const tried = (parameter: Parameter): string[] =>
    parameter.type === 'choice'
      ? [...parameter.choices, 'nosuch', '']
      : [
          ...[parameter.min, parameter.max, parameter.min - 1, parameter.max + 1, NaN, Infinity],
          ...[(parameter.min + parameter.max) / 2, parameter.min + 0.5],
        ].flatMap((value) => [`${value}`, `${value}${parameter.unit}`, `0${value}`])

  it('that passes the checks is taken by the server, whatever was done before', () => {
    let passed = 0
    for (const scenario of real.scenarios) {
      const server = createServer({ scenario: scenario.id, seed: 1, parameters: {} })
      if (typeof server === 'string') throw new Error(server)
      const words = [
        ...scenario.parameters.flatMap((parameter) =>
          tried(parameter).map((value) => `set:${parameter.path}=${value}`),
        ),
        ...real.disturbances.flatMap(({ kind, id }) =>
          kind === 'fault'
            ? ['0', '0.5', '1', '2', '-1', 'x'].map((intensity) => `fault:${id}=${intensity}`)
            : [`fix:${id}=on`, `fix:${id}=off`, `fix:${id}=1`],
        ),
        ...['reboot', 'fault:nosuch=1', 'fix:nosuch=on', 'set:nosuch=1'],
      ]
      for (const text of words) {
        const checked = checkAction(real, scenario, {}, text)
        if (!checked.ok) continue
        const action = parseAction(checked.value)
        if (typeof action === 'string') throw new Error(`${scenario.id}: ${text}: ${action}`)
        passed++
        expect([scenario.id, text, server.act(action)]).toEqual([scenario.id, text, undefined])
      }
    }
    expect(passed).toBeGreaterThan(100)
  })
})
