import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Profile } from 'pprof-format'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldByProcedure } from '../../../sim/observe/profile'
import { comparableIn } from '../read-profile'
import { formatOf } from './formats'
import { gatheredBytes, scenarioExport } from './exportable.test-support'
import type { Exportable } from './exportable'
import { pprofDifference } from './pprof-difference'

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
/** pprof-format gives what is negative without its sign. */
const signed = (value: number | bigint | undefined): number =>
  Number(BigInt.asIntN(64, BigInt(value ?? 0)))
const decode = (bytes: Uint8Array): Profile => Profile.decode(gunzipSync(bytes))

async function cyclesByName(source: Exportable): Promise<Map<string, number>> {
  const profile = await source.profile()
  if (!profile.ok) throw new Error(profile.error.message)
  return new Map(
    foldByProcedure(profile.value).map(({ image, procedure, cycles }) => [
      `${image} ${procedure}`,
      cycles,
    ]),
  )
}

const small = { 'httpd.processes': 40, 'load.connections': 30 }
let herd: Exportable
let few: Exportable
let bytes: Uint8Array
beforeAll(async () => {
  herd = scenarioExport('web', 3, { parameters: small })
  few = scenarioExport('web', 2, { parameters: { ...small, 'httpd.processes': 4 } })
  const [a, b] = [await file(herd), await file(few)]
  bytes = pprofDifference(decode(a), decode(b))
})
const file = (source: Exportable): Promise<Buffer> => gatheredBytes(formatOf('pprof').write(source))

describe('two profiles in one file', () => {
  it('have the base with negated values and its label, and the other as it is', async () => {
    const joined = decode(bytes)
    const text = (at: number | bigint): string => joined.stringTable.strings[Number(at)] ?? ''
    const isBase = ({ label }: (typeof joined.sample)[number]): boolean =>
      label.some(({ key, str }) => text(key) === 'pprof::base' && text(str) === 'true')
    const cyclesOf = (base: boolean): number =>
      sum(joined.sample.filter((one) => isBase(one) === base).map(({ value }) => signed(value[1])))
    expect(cyclesOf(true)).toBe(-sum([...(await cyclesByName(herd)).values()]))
    expect(cyclesOf(false)).toBe(sum([...(await cyclesByName(few)).values()]))
    const names = joined.function.map(({ name, filename }) => `${text(filename)} ${text(name)}`)
    expect(new Set(names).size).toBe(names.length)
    expect(joined.comment.map(text)).toContain(`base: digest ${herd.about.digest}`)
  })

  it('are read again as a difference, procedure by procedure', async () => {
    const read = comparableIn('d.pb.gz', Buffer.from(bytes))
    if (!read.ok) throw new Error(read.error.message)
    const [a, b] = [await cyclesByName(herd), await cyclesByName(few)]
    for (const { image, procedure, own } of read.value.rows) {
      const key = `${image} ${procedure}`
      expect(own, key).toBe((b.get(key) ?? 0) - (a.get(key) ?? 0))
    }
  })

  it('are refused when they count different things', () => {
    const other = decode(bytes)
    const renamed = other.stringTable.strings.map((word) => (word === 'count' ? 'bytes' : word))
    other.stringTable.strings.splice(0, renamed.length, ...renamed)
    other.sampleType = other.sampleType.slice(0, 2)
    expect(() => pprofDifference(other, decode(bytes))).toThrow(/they count different things/)
  })

  const reason = spawnSync('go', ['version']).status === 0 ? '' : ' (skipped: there is no go)'
  describe.skipIf(reason !== '')(`as go tool pprof prints them${reason}`, () => {
    let folder = ''
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'soakscope-difference-'))
    })
    afterAll(() => rmSync(folder, { recursive: true }))
    const pprof = (...args: string[]): string =>
      execFileSync('go', ['tool', 'pprof', ...args], {
        encoding: 'utf8',
        env: { ...process.env, PPROF_TMPDIR: folder, HOME: folder },
      })

    it('have the same difference of every procedure as the two files given apart', async () => {
      const paths = ['a', 'b', 'joined'].map((name) => join(folder, `${name}.pb.gz`))
      for (const [at, data] of [await file(herd), await file(few), bytes].entries()) {
        writeFileSync(paths[at] ?? '', data)
      }
      const [a = '', b = '', joined = ''] = paths
      const options = ['-top', '-nodecount=1000', '-nodefraction=0', '-sample_index=cycles']
      const rows = (text: string): string[] =>
        text
          .split('\n')
          .filter((line) => /%/.test(line) && !/^(Showing|Dropped)/.test(line))
          .map((line) =>
            line
              .trim()
              .split(/\s+/)
              .slice(0, 1)
              .concat(line.trim().split(/\s+/).slice(5))
              .join(' '),
          )
          .sort()
      const apart = rows(pprof(...options, `-diff_base=${a}`, b))
      expect(apart.length).toBeGreaterThan(20)
      expect(rows(pprof(...options, joined))).toEqual(apart)
    })
  })
})
