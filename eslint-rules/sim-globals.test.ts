import { describe, expect, it } from 'vitest'
import { messagesOf } from './lint-snippet.test-support'

async function restricted(file: string, code: string): Promise<boolean> {
  const messages = await messagesOf(file, code)
  return messages.some(({ ruleId }) => ruleId?.startsWith('no-restricted-'))
}

const hostBound = [
  'export const a = Date.now()',
  'export const a = new Date(0)',
  'export const a = performance.now()',
  'export const a = Math.random()',
  'export const a = Math["random"]()',
  'export const { random } = Math',
  'setTimeout(() => undefined, 1)',
  'setInterval(() => undefined, 1)',
  'setImmediate(() => undefined)',
  'queueMicrotask(() => undefined)',
  'export const a = Promise.resolve(1)',
  'export async function a() { return 1 }',
  'export const a = async () => 1',
  "export const a = import('./b')",
  'export const a = process.env',
  'export const a = window.innerWidth',
  'export const a = document.title',
  "export const a = fetch('x')",
  'export const a = new Intl.NumberFormat()',
  'export const a = (1).toLocaleString()',
  "export const a = 'a'.localeCompare('b')",
  'export const a = globalThis',
]
const spread = 'export const a = (b: number) => ({ ...{ b, c: 1 }, d: 2 })'
const approximated = [
  'export const a = Math.log(2)',
  'export const a = Math.exp(2)',
  'export const a = Math.pow(2, 0.5)',
  'export const a = Math.sin(2)',
  'export const a = 2 ** 0.5',
  'export const a = 3 ** 2',
  'const x = 0.5; export const a = 2 ** x',
]

describe('src/sim: a run depends on nothing of its host', () => {
  it.each([...hostBound, ...approximated])('refuses: %s', async (code) => {
    expect(await restricted('src/sim/kernel/a.ts', code)).toBe(true)
  })

  it.each([
    'export const a = Math.floor(Math.sqrt(2))',
    'export function* a() { yield 1 }',
    'export const a = { process: 1 }.process',
    'export const a = new Float64Array(8)',
    'export const a = 2 ** 53',
    'export const a = 2 ** -32',
    'const wordBits = 32; export const a = 2 ** wordBits',
  ])('accepts: %s', async (code) => {
    expect(await restricted('src/sim/kernel/a.ts', code)).toBe(false)
  })

  it.each(approximated)('accepts in the random streams alone: %s', async (code) => {
    expect(await restricted('src/sim/engine/random.ts', code)).toBe(false)
  })

  it.each(hostBound)('refuses in the random streams too: %s', async (code) => {
    expect(await restricted('src/sim/engine/random.ts', code)).toBe(true)
  })

  it.each([
    'src/sim/kernel/a.ts',
    'src/sim/engine/random.ts',
    'src/main/a.ts',
    'src/renderer/a.ts',
  ])('refuses an object spread into another to save lines, in %s', async (file) => {
    expect(await restricted(file, spread)).toBe(true)
    const chosen = 'export const a = (b: number) => ({ ...(b > 0 && { b }), d: 2 })'
    expect(await restricted(file, chosen)).toBe(false)
  })

  it('leaves the host its clock', async () => {
    expect(await restricted('src/main/runs/pace.ts', 'export const a = Date.now()')).toBe(false)
  })
})
