import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createServer, instant, parseAction } from '../../sim/index'
import { catalogue } from './catalogue'
import { demonstrationTitle } from './demonstration-files'

const folder = path.resolve(import.meta.dirname, '../../../resources/scenarios')
const { demonstrations, scenarios } = catalogue()

describe('the demonstrations', () => {
  it('are all the files of their folder, and none is called like a scenario', () => {
    const files = readdirSync(folder).map((name) => path.basename(name, '.json'))
    expect(demonstrations.map(({ id }) => id).sort()).toEqual(files.sort())
    for (const { id } of scenarios) expect(files).not.toContain(id)
  })

  it('give their titles to runs that begin with all they say, and to no others', () => {
    for (const { title, request } of demonstrations) {
      const more = { at: 1, action: 'note:by hand' }
      expect(demonstrationTitle(request)).toBe(title)
      expect(
        demonstrationTitle({ ...request, seed: 99, timeline: [more, ...request.timeline] }),
      ).toBe(title)
      expect(
        demonstrationTitle({ ...request, timeline: request.timeline.slice(1) }),
      ).toBeUndefined()
    }
    const flood = demonstrations.find(({ id }) => id === 'web-flood')!.request
    const changed = { ...flood.parameters, 'load.rate': 300 }
    expect(demonstrationTitle({ ...flood, parameters: changed })).toBeUndefined()
  })

  it.each(demonstrations.map((demonstration) => [demonstration.id, demonstration] as const))(
    '%s says what it is, and its server takes every parameter and every action',
    (_id, { title, about, request, forSeconds = 0 }) => {
      expect([title, about]).not.toContain('')
      expect(request.timeline.length).toBeGreaterThan(0)
      expect(request.timeline.at(-1)?.at).toBeLessThan(forSeconds)
      const server = createServer(request)
      if (typeof server === 'string') throw new Error(server)
      server.advance(instant(1e8))
      for (const { action } of request.timeline) {
        const parsed = parseAction(action)
        expect(typeof parsed === 'string' ? parsed : server.act(parsed)).toBeUndefined()
      }
    },
  )
})
