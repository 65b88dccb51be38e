import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { catalogue } from '../api/catalogue'
import { runProgram } from './program'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soakscope-outside-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const inFolder = (name: string): string => join(folder, name)

/** What wrong usage is told with: one line. */
async function complaint(...args: readonly string[]): Promise<string> {
  let err = ''
  const terminal = {
    out: () => undefined,
    err: (text: string) => void (err += text),
    settled: () => Promise.resolve(),
    interactive: false,
  }
  const code = await runProgram(args, { catalogue, out: folder, terminal })
  expect(code).toBe(2)
  expect(err).toMatch(/^soakscope: [^\n]+\n$/)
  return err.slice('soakscope: '.length, -1)
}

describe('what comes from outside', () => {
  const start = '{"soakscope":"scenario","version":1,"scenario":"sdet"'
  const fault = async (contents: string | Buffer): Promise<string> => {
    writeFileSync(inFolder('x.json'), contents)
    const line = await complaint('run', inFolder('x.json'))
    return line.replace(`<scenario>: ${inFolder('x.json')}: `, '')
  }

  it('is a scenario file whose fault is named with its place, and not with an argument', async () => {
    expect(await fault(`${start},"for":0}`)).toBe('for is longer than 0 s, not 0')
    expect(await fault(`${start},"seed":1,"seed":2}`)).toContain('seed is there twice')
    expect(await fault(Buffer.from(`\uFEFF${start}}`, 'utf16le'))).toContain('is UTF-16; save it')
    expect(await fault(Buffer.from(`\uFEFF${start}}`, 'utf16le').swap16())).toContain('UTF-16')
    const latin = Buffer.from(`${start},\n"title":"caf\u00e9"}`, 'latin1')
    expect(await fault(latin)).toContain('this one is not, in its line 2')
    expect(await fault(' r  b   swpd   free   buff  cache\n 1 0 0 2 3 4\n')).toContain(
      'it is a vmstat log of Linux, which soakscope import takes, no scenario file',
    )
  })

  it('is shown escaped: arguments, paths, and what is in files', async () => {
    const raw = /[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u
    for (const args of [
      ['run', 'sd\u001b[2Jet'],
      ['run', '/tmp/\u001b]0;x\u0007\n/none.json'],
      ['run', 'sdet', '--\u202efoo'],
      ['run', 'sdet', '--set', 'a\u009b=\u2028'],
      ['run', 'sdet', '--json', inFolder('no\u001bne/x')],
      ['compare', '/none/\u001b[31m', '/none/b'],
    ]) {
      const line = await complaint(...args)
      expect(line).not.toMatch(raw)
      expect(line).toMatch(/\\x|\\u/)
    }
    expect(await fault(`${start},"\u202ekey\u009b":1}`)).toContain('\\u202ekey\\x9b')
    expect(await fault(`${start},"timeline":[{"at":"\u202e"}]}`)).toContain('\\u202e')
  })
})
