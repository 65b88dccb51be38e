import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = import.meta.dirname
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(path.join(folder, name), 'utf8'))

const keys = sources.flatMap((text) =>
  [...text.matchAll(/^\s+key: '([^']+)',$/gm)].map(([, key]) => key),
)

describe('the keys of commands', () => {
  it('each stand for one command', () => {
    // A key inside `...(condition ? { key } : {})` belongs to whoever has it now.
    expect(keys.length).toBeGreaterThan(20)
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
  })

  it('can be pressed: Alt, which makes characters on many keyboards, is in none', () => {
    expect(keys.filter((key) => key?.includes('Alt'))).toEqual([])
  })
})
