import { beforeAll, describe, expect, it } from 'vitest'
import { foldByProcedure } from '../../../../sim/observe/profile'
import { failure } from '../../../../shared/result'
import { comparableIn } from '../../read-profile'
import { formatOf } from '../formats'
import { gathered, scenarioExport, syntheticExport } from '../exportable.test-support'
import type { Exportable } from '../exportable'

/** Rows of a table of the report by their cells, as text. */
function readTable(html: string, name: string): string[][] {
  const [, body = ''] =
    new RegExp(`<table data-table="${name}">[^]*?<tbody>([^]*?)</tbody>`).exec(html) ?? []
  return [...body.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell = '']) => unescaped(cell)),
  )
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

const plain = (cell: string | undefined): number => Number((cell ?? '').replaceAll(',', ''))

let run: Exportable
let html: string
beforeAll(async () => {
  run = scenarioExport('web', 5, { parameters: { 'load.connections': 150 } })
  html = await gathered(formatOf('report').write(run))
})

describe('a report', () => {
  it('says what the run was, and how to make it again', () => {
    const facts = new Map(readTable(html, 'facts').map(([what = '', value = '']) => [what, value]))
    expect(facts.get('scenario')).toBe('web')
    expect(facts.get('digest')).toBe(run.about.digest)
    expect(html).toContain(
      '<pre>soakscope run web --seed 1 --for 5s --set load.connections=150 --export again.report.html</pre>',
    )
    expect(readTable(html, 'parameters')).toEqual([['load.connections', '150']])
  })

  it('has the profile and the counters of the run', async () => {
    const profile = await run.profile()
    const rows = profile.ok ? foldByProcedure(profile.value) : []
    const table = readTable(html, 'profile')
    expect(table.map(([cycles]) => plain(cycles))).toEqual(rows.map(({ cycles }) => cycles))
    expect(table.map((row) => row.at(-2))).toEqual(rows.map(({ procedure }) => procedure))
    const free = readTable(html, 'counters').find(([id]) => id === 'memory.free')
    let last: number | undefined
    const at = run.counters.findIndex(({ id }) => id === 'memory.free')
    for await (const { values } of run.samples()) last = values[at]
    expect(plain(free?.[5])).toBe(last)
  })

  it('has a chart for each of the Live view, in SVG that holds together', () => {
    const charts = [...html.matchAll(/<svg [^]*?<\/svg>/g)].map(([svg]) => svg)
    expect(charts.length).toBeGreaterThan(5)
    for (const svg of charts) {
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
      expect(isBalanced(svg)).toBe(true)
    }
    expect(html).toContain('CPU by mode')
  })

  it('loads nothing and runs nothing', () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(html).not.toMatch(/<(link|img|iframe|object)\b|src=|@import|url\(/)
    expect([...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual([
      '<script type="application/json" id="soakscope-report">',
    ])
  })

  it('escapes what names bring along', async () => {
    const evil = '</script><b>"&'
    const source = { ...syntheticExport(5), about: { ...run.about, title: evil, scenario: evil } }
    const text = await gathered(formatOf('report').write(source))
    expect(text).not.toContain('</script><b>')
    expect(isBalanced(text.replace(/<!doctype html>|<meta[^>]*>|<style>[^]*?<\/style>/g, ''))).toBe(
      true,
    )
  })

  it('is read again by compare, with the same cycles and means', async () => {
    const read = comparableIn('run.report.html', Buffer.from(html))
    if (!read.ok) throw new Error(read.error.message)
    const profile = await run.profile()
    const rows = profile.ok ? foldByProcedure(profile.value) : []
    expect(read.value.total).toBe(rows.reduce((sum, { cycles }) => sum + cycles, 0))
    expect(read.value.origin.get('digest')).toBe(run.about.digest)
    expect(read.value.vmstat?.get('in')).toBeGreaterThan(0)
  })

  it('is the same bytes for the same run', async () => {
    expect(await gathered(formatOf('report').write(run))).toBe(html)
  })

  it('is written without a profile where none is kept, and says so', async () => {
    const short: Exportable = {
      ...syntheticExport(3),
      machine: { cpus: 4, clockMHz: 450 },
      profile: () => Promise.resolve(failure('out-of-range', 'none is kept of it')),
    }
    const written = await gathered(formatOf('report').write(short))
    expect(written).toContain('There is none: none is kept of it.')
    const facts = new Map(
      readTable(written, 'facts').map(([what = '', value = '']) => [what, value]),
    )
    expect(facts.get('profile')).toBe('none is kept')
    expect(facts.get('machine')).toBe('4 CPUs at 450 MHz')
    expect(readTable(written, 'profile')).toEqual([])
    const read = comparableIn('short.report.html', Buffer.from(written))
    expect(read.ok && read.value.total).toBe(0)
    expect(await gathered(formatOf('svg').write(short))).toContain('</svg>')
    const unknown = { ...short, machine: undefined }
    await expect(gathered(formatOf('report').write(unknown))).rejects.toThrow('none is kept of it')
  })
})

describe('charts as SVG', () => {
  it('are one picture that holds together', async () => {
    const svg = await gathered(formatOf('svg').write(run))
    expect(svg).not.toMatch(/NaN|undefined|var\(/)
    expect(isBalanced(svg)).toBe(true)
    expect(svg).toContain(`digest ${run.about.digest}`)
  })
})

/** Whether every element that is opened is closed in its place. */
function isBalanced(xml: string): boolean {
  const open: string[] = []
  for (const [, end, name = '', self] of xml.matchAll(/<(\/?)([\w-]+)[^<>]*?(\/?)>/g)) {
    if (self === '/') continue
    if (end !== '/') open.push(name)
    else if (open.pop() !== name) return false
  }
  return open.length === 0
}
