import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { placeKeys, takesKey, viewKeys, type PlaceKeys } from './place-keys'

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
})

describe('a part of the screen', () => {
  it('takes the keys that are listed for it, and no other', () => {
    expect(takesKey('timeline', press('['))).toBe(true)
    expect(takesKey('chart', press('['))).toBe(false)
    expect(takesKey('chart', press('ArrowLeft'))).toBe(true)
    for (const held of ['ctrlKey', 'metaKey', 'altKey']) {
      expect(takesKey('chart', press('ArrowLeft', { [held]: true }))).toBe(false)
    }
  })

  it('lists a key once', () => {
    for (const { keys } of Object.values<PlaceKeys>(placeKeys)) {
      const all = keys.flatMap((row) => row.keys)
      expect(new Set(all).size).toBe(all.length)
    }
  })
})

describe('the page', () => {
  const root = path.resolve(import.meta.dirname, '..')
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(vue|ts)$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => ({ name, text: readFileSync(path.join(root, name), 'utf8') }))

  it('has no handler of keys that takes one that is not listed', () => {
    const handlers = sources.filter(({ text }) => /\bevent\.key\b/.test(text))
    expect(handlers.length).toBeGreaterThan(4)
    for (const { name, text } of handlers)
      expect([name, text.includes('takesKey(')]).toEqual([name, true])
  })

  it('has no view that gives a command a key of which other views know nothing', () => {
    const views = sources.filter(
      ({ name, text }) => name.startsWith('views') && text.includes('useCommands('),
    )
    expect(views.length).toBeGreaterThan(0)
    for (const { name, text } of views) expect([name, /\bkey: '/.test(text)]).toEqual([name, false])
    const used = sources.map(({ text }) => text).join()
    for (const id of Object.keys(viewKeys)) expect(used).toContain(`viewKeys['${id}']`)
  })
})
