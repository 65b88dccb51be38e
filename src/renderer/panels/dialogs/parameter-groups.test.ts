import { describe, expect, it } from 'vitest'
import { scenarios } from '../../../sim/index'
import { defaultsOf, type Parameters } from '../../../sim/parameters/parameters'
import { parameterGroups, whySilent } from './parameter-groups'

function of(id: string) {
  const scenario = scenarios.find((candidate) => candidate.id === id)
  if (!scenario) throw new Error(`there is no ${id}`)
  const values = (chosen: Parameters) => ({ ...defaultsOf(scenario.parameters, chosen), ...chosen })
  return {
    groups: (chosen: Parameters = {}, words = '', changed: readonly string[] = []) =>
      parameterGroups(scenario, values(chosen), (path) => changed.includes(path), words),
    why: (path: string, chosen: Parameters = {}) => {
      const parameter = scenario.parameters.find((candidate) => candidate.path === path)
      return parameter && whySilent(parameter, values(chosen))
    },
  }
}
type Groups = ReturnType<ReturnType<typeof of>['groups']>
const names = (groups: Groups): string[] => groups.map(({ name }) => name)
const paths = (groups: Groups): string[] =>
  groups.flatMap(({ parameters }) => parameters.map(({ path }) => path))

describe('parameters of a new run', () => {
  it('are those of the main workload, what can be beside it, kernel, machine and profiler', () => {
    expect(names(of('sdet').groups())).toEqual([
      ...['sdet', 'beside it', 'kernel', 'machine', 'profiler'],
    ])
    expect(names(of('yield').groups())).toEqual([
      ...['yield', 'beside it', 'kernel', 'machine', 'profiler'],
    ])
    const [, beside] = of('sdet').groups()
    expect(beside?.parameters.map(({ path }) => path)).toEqual([
      ...['httpd.processes', 'yield.threads', 'httpd2.processes', 'proxy.port'],
    ])
  })

  it('of another workload come when there is some of it, and none above how much', () => {
    const sdet = of('sdet')
    const alone = paths(sdet.groups())
    const both = paths(sdet.groups({ 'httpd.processes': 20 }))
    expect(alone).not.toContain('load.connections')
    expect(both).toEqual(expect.arrayContaining(['load.connections', 'kernel.accept.wakeup']))
    const above = (list: string[]) => list.slice(0, list.indexOf('httpd.processes'))
    expect(above(both)).toEqual(above(alone))
  })

  it('of what a kernel has not come with the kernel that has it', () => {
    const proxy = of('proxy')
    expect(paths(proxy.groups())).not.toContain('kernel.poll')
    expect(proxy.why('kernel.poll')).toBe('says nothing without kernel=linux-2.2')
    expect(paths(proxy.groups({ kernel: 'linux-2.2' }))).toContain('kernel.poll')
  })

  it('are found by words in path or description, also those that say nothing now, which says why', () => {
    const sdet = of('sdet')
    expect(paths(sdet.groups({}, 'ROUND trip'))).toEqual([
      ...['load.rttMs', 'load2.rttMs', 'proxy.originRttMs', 'proxy.rttMs'],
    ])
    expect(sdet.groups({}, 'no such thing')).toEqual([])
    expect(sdet.why('load.rttMs')).toBe('says nothing while httpd.processes is 0')
    expect(sdet.why('load.rttMs', { 'httpd.processes': 20 })).toBeUndefined()
    expect(of('yield').why('kernel.fd.alloc')).toBe(
      'says nothing while sdet.scripts and httpd.processes and httpd2.processes and proxy.port are 0',
    )
  })

  it('that were changed stay in sight', () => {
    expect(paths(of('sdet').groups({}, '', ['load.rate']))).toContain('load.rate')
  })
})
