import { tableFromIPC } from 'apache-arrow'
import { Profile } from 'pprof-format'
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeTrace } from '../../shared/trace-file'
import { commandLine } from './program.test-support'

const { cli, complaint, folder, inFolder, report } = commandLine()

const cyclesIn = (path: string): number =>
  Profile.decode(gunzipSync(readFileSync(path))).sample.reduce(
    (sum, { value }) => sum + Number(value[1]),
    0,
  )

/** As a POSIX shell splits what has blanks, single quotes and backslashes in it. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, one?: string) => quoted ?? one ?? ''),
  )

describe('run --export', () => {
  it('writes each file by its ending, and they agree with the report', async () => {
    const names = ['a.csv', 'a.arrow', 'a.pb.gz', 'a.report.html', 'a.speedscope.json', 'a.svg']
    const { code, err } = await cli(
      ...['run', 'sdet', '--for', '6s', '--json', inFolder('r.json')],
      ...names.flatMap((name) => ['--export', inFolder(name)]),
    )
    expect([code, err]).toEqual([0, ''])
    expect(readdirSync(folder()).sort()).toEqual([...names, 'r.json'].sort())
    const { profile, counters, digest } = report('r.json')
    const cycles = profile.reduce((sum, row) => sum + row.cycles, 0)
    expect(cyclesIn(inFolder('a.pb.gz'))).toBe(cycles)
    const table = tableFromIPC(readFileSync(inFolder('a.arrow')))
    expect(table.getChild('memory.free')?.get(5)).toBe(counters['memory.free']?.last)
    expect(readFileSync(inFolder('a.report.html'), 'utf8')).toContain(digest)
    const compared = await cli('compare', inFolder('r.json'), inFolder('a.pb.gz'))
    expect([compared.code, compared.err]).toEqual([0, ''])
  })

  it('has all that was done, also where it is recorded', async () => {
    const svg = async (name: string, ...more: readonly string[]): Promise<string> => {
      const args = ['--at', '1s', 'fault:orphaned-buffers=1', '--export', inFolder(name)]
      await cli('run', 'sdet', '--set', 'sdet.scripts=1', ...args, ...more)
      return readFileSync(inFolder(name), 'utf8')
    }
    const whole = await svg('a.svg', '--for', '60s')
    expect(whole).toContain('fault orphaned-buffers')
    expect(await svg('b.svg', '--for', '60s', '--record', inFolder('r'))).toBe(whole)
  })

  it('writes a window of the run, with the command that makes it again', async () => {
    const whole = inFolder('whole.pb.gz')
    const parts = [inFolder('first.pb.gz'), inFolder('second.pb.gz')]
    await cli('run', 'sdet', '--for', '6s', '--export', whole)
    for (const [at, words] of ['0s..2500ms', '2500ms..6s'].entries()) {
      await cli('run', 'sdet', '--for', '6s', '--export', parts[at] ?? '', '--window', words)
    }
    expect(parts.reduce((sum, part) => sum + cyclesIn(part), 0)).toBe(cyclesIn(whole))
    const { out } = await cli(
      ...['run', 'sdet', '--for', '6s', '--set', 'sdet.scripts=64'],
      ...['--export', 'csv:-', '--export', inFolder('p.html'), '--window', '2s..4s'],
    )
    const rows = out.trimEnd().split('\r\n')
    expect(rows.slice(1).map((row) => row.split(',')[0])).toEqual(['2', '3', '4'])
    expect(readFileSync(inFolder('p.html'), 'utf8')).toContain(
      'soakscope run sdet --seed 1 --for 6s --set sdet.scripts=64 --export again.report.html --window 2s..4s',
    )
  })

  it('names in a report the command that makes the run again, to the same digest', async () => {
    const html = inFolder('a.report.html')
    await cli(
      ...['run', 'web', '--seed', '9', '--for', '2500ms', '--set', 'httpd.processes=50'],
      ...['--at', '1s fix:wake-one=on', '--at', "2s note:it's <on>", '--export', html],
    )
    const text = readFileSync(html, 'utf8')
    const command = /<pre>(soakscope .*)<\/pre>/.exec(text)?.[1] ?? ''
    const plain = command
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#39;', "'")
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
    const [, ...words] = shellWords(plain)
    expect(words).toContain("2s note:it's <on>")
    const here = words.map((word) => (word === 'again.report.html' ? inFolder(word) : word))
    const again = await cli(...here, '--json', inFolder('again.json'))
    expect([again.code, again.err]).toEqual([0, ''])
    expect(text).toContain(`"digest":"${report('again.json').digest}"`)
    expect(readFileSync(inFolder('again.report.html'), 'utf8')).toBe(text)
  })

  it('leaves warm-up out of what it exports', async () => {
    await cli(
      ...['run', 'sdet', '--for', '5s', '--warmup', '2s', '--json', inFolder('r.json')],
      ...['--export', inFolder('p.pb.gz'), '--export', inFolder('s.csv')],
    )
    const cycles = report('r.json').profile.reduce((sum, row) => sum + row.cycles, 0)
    expect(cyclesIn(inFolder('p.pb.gz'))).toBe(cycles)
    expect(readFileSync(inFolder('s.csv'), 'utf8').split('\r\n')[1]?.split(',')[0]).toBe('2')
  })

  it('finishes the others when a trace has not come', async () => {
    const { code, err } = await cli(
      ...['run', 'web', '--for', '2s', '--set', 'httpd.processes=5'],
      ...['--set', 'load.connections=0', '--set', 'load.rate=0.001'],
      ...['--trace', inFolder('t.gz'), '--trace-connection'],
      ...['--json', inFolder('r.json'), '--export', inFolder('a.csv')],
    )
    expect(code).toBe(1)
    expect(err).toMatch(/^soakscope: --trace .*: not written, no connection came; .*\n$/)
    expect(readdirSync(folder()).sort()).toEqual(['a.csv', 'r.json'])
    expect(report('r.json').simulatedSeconds).toBe(2)
  })

  it('traces the window for a trace, to the cycle of its profile', async () => {
    const { code, err } = await cli(
      ...['run', 'sdet', '--for', '3s', '--window', '2s..2.02s'],
      ...['--export', inFolder('t.trace.json'), '--export', inFolder('t.pb.gz')],
    )
    expect([code, err]).toEqual([0, ''])
    const { traceEvents } = JSON.parse(readFileSync(inFolder('t.trace.json'), 'utf8')) as {
      traceEvents: { cat?: string; args: { cycles?: number } }[]
    }
    const cycles = traceEvents
      .filter(({ cat }) => cat === 'procedure')
      .reduce((sum, { args }) => sum + (args.cycles ?? NaN), 0)
    expect(cycles).toBe(cyclesIn(inFolder('t.pb.gz')))
  })

  it('says what cannot be exported, and finishes the others', async () => {
    const { code, err } = await cli(
      ...['run', 'sdet', '--for', '3s', '--window', '1200ms..1400ms'],
      ...['--export', inFolder('none.parquet'), '--export', inFolder('some.pb.gz')],
    )
    expect(code).toBe(1)
    expect(err).toBe(
      `soakscope: --export ${inFolder('none.parquet')}: the window 1.2 s to 1.4 s has no sample in it; ` +
        'choose one that holds the instant of a sample\n',
    )
    expect(readdirSync(folder())).toEqual(['some.pb.gz'])
  })

  it('refuses before it runs what it could not write', async () => {
    const run = (...words: string[]) => complaint('run', 'sdet', '--for', '5s', ...words)
    expect(await run('--export', 'a.xlsx')).toMatch(
      /^--export: what to write to a\.xlsx is told by its ending, or by a format before it, such as csv:a\.xlsx: \.vmstat\.txt \(vmstat\), /,
    )
    expect(await run('--export', '-')).toContain('such as csv:-')
    expect(await run('--export', 'parquet:-')).toBe(
      '--export: parquet is no text; name a file for it',
    )
    expect(await run('--export', inFolder('a.csv'), '--json', inFolder('a.csv'))).toContain(
      'name another file',
    )
    const some = ['--export', inFolder('a.csv'), '--window']
    expect(await run(...some, '1s')).toContain('"1s" is no window; write it as 60s..2m')
    expect(await run(...some, '3s..2s')).toContain('3s..2s ends before it has begun')
    expect(await run(...some, '3s..8s')).toContain('3s..8s ends after the run (5 s)')
    expect(await run(...some, '1s..4s', '--warmup', '2s')).toContain('begins in the warm-up (2 s)')
    expect(await run('--export', inFolder('a.trace.json'))).toContain(
      'a.trace.json is a trace, and wants a --window such as 3s..3.05s',
    )
    expect(await run('--window', '1s..2s')).toContain('it is for what --export writes')
    expect(readdirSync(folder())).toEqual([])
  })
})

describe('export', () => {
  it('writes a recording as the run itself would have been written', async () => {
    const folder = inFolder('rec')
    await cli(
      ...['run', 'sdet', '--for', '20s', '--record', folder],
      ...['--export', inFolder('run.csv'), '--export', inFolder('run.pb.gz')],
    )
    for (const name of ['csv', 'pb.gz', 'parquet', 'report.html', 'om.txt']) {
      const out = inFolder(`rec.${name}`)
      const { code, err } = await cli('export', folder, '--out', out)
      expect([code, err], name).toEqual([0, ''])
      expect(readFileSync(out).length, name).toBeGreaterThan(1000)
    }
    expect(readFileSync(inFolder('rec.csv'), 'utf8')).toBe(
      readFileSync(inFolder('run.csv'), 'utf8'),
    )
    expect(cyclesIn(inFolder('rec.pb.gz'))).toBe(cyclesIn(inFolder('run.pb.gz')))
    const part = await cli(
      ...['export', folder, '--format', 'csv', '--out', '-', '--window', '5s..7s'],
    )
    expect(
      part.out
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(',')[0]),
    ).toEqual(['5', '6', '7'])
  })

  it('names the command that makes it again, also of a run that ended between samples', async () => {
    const folder = inFolder('rec')
    const [run, part] = [inFolder('run.arrow'), inFolder('part.arrow')]
    await cli(
      ...['run', 'yield', '--for', '2500ms', '--record', folder, '--json', inFolder('r.json')],
      ...['--export', run],
    )
    const window = ['--window', '1s..9s']
    expect((await cli('export', folder, '--out', part, ...window)).code).toBe(0)
    const said = tableFromIPC(readFileSync(part)).schema.metadata
    expect(said.get('soakscope.command')).toBe('soakscope run yield --seed 1 --for 2.5s')
    expect(said.get('soakscope.digest')).toBe(report('r.json').digest)
    const whole = tableFromIPC(readFileSync(run)).schema.metadata
    expect(said.get('soakscope.seconds')).toBe(whole.get('soakscope.seconds'))
  })

  it('writes a trace that was kept with the recording', async () => {
    const folder = inFolder('rec')
    const trace = ['--trace', inFolder('own.trace.gz'), '--trace-at', '1s', '--trace-for', '10ms']
    await cli('run', 'sdet', '--for', '2s', '--record', folder, ...trace)
    const name = 'sdet-seed1-from-1s-10ms.trace.gz'
    expect((await cli('recording', folder)).out).toContain(name)
    const again = inFolder('again.trace.gz')
    expect(await complaint('export', folder, '--out', again)).toContain(`is meant: ${name}`)
    expect(await complaint('export', folder, '--out', again, '--trace', 'x')).toContain(name)
    expect((await cli('export', folder, '--out', again, '--trace', name)).code).toBe(0)
    expect(decodeTrace(gunzipSync(readFileSync(again)))).toEqual(
      decodeTrace(gunzipSync(readFileSync(inFolder('own.trace.gz')))),
    )
    const json = inFolder('again.trace.json')
    expect((await cli('export', folder, '--out', json, '--trace', name)).code).toBe(0)
    expect(JSON.parse(readFileSync(json, 'utf8'))).toHaveProperty('traceEvents')
  })

  it('refuses what is no recording, no format, or not in it', async () => {
    const folder = inFolder('rec')
    await cli('run', 'sdet', '--for', '3s', '--record', folder)
    const to = ['--out', inFolder('a.csv')]
    expect(await complaint('export', inFolder('none'), ...to)).toContain('is no recording')
    expect(await complaint('export', folder, '--format', 'xlsx', '--out', '-')).toContain('xlsx')
    expect(await complaint('export', folder, ...to, '--window', '9s..10s')).toContain(
      '9s..10s lies after the recording, which has 3 s',
    )
    expect(await complaint('export', folder, '--out', inFolder('a.trace.json'))).toContain(
      'a recording has no trace in it but those that are kept',
    )
    const { code, err } = await cli('export', folder, ...to, '--window', '1200ms..1400ms')
    expect([code, err.includes('has no sample in it')]).toEqual([1, true])
  })
})

describe('compare --export', () => {
  it('writes two profiles as one, and refuses what has no stacks', async () => {
    const [a, b, both] = ['a.pb.gz', 'b.pb.gz', 'both.pb.gz'].map(inFolder)
    await cli('run', 'sdet', '--for', '2s', '--export', a ?? '', '--json', inFolder('r.json'))
    await cli('run', 'sdet', '--for', '3s', '--export', b ?? '')
    const { code, err } = await cli('compare', a ?? '', b ?? '', '--export', both ?? '')
    expect([code, err]).toEqual([0, ''])
    const { out } = await cli('compare', both ?? '', b ?? '', '--json', '-')
    expect(out).toContain('it is a difference of profiles')
    const json = await complaint('compare', inFolder('r.json'), b ?? '', '--export', both ?? '')
    expect(json).toContain(
      'r.json is a report, and no pprof; write both with run --export FILE.pb.gz',
    )
    const text = await complaint('compare', a ?? '', b ?? '', '--export', inFolder('d.txt'))
    expect(text).toContain('A and B in one file are for pprof, which ends in .pb.gz or .pprof')
  })
})

describe('list formats', () => {
  it('has every format with its endings and what opens it', async () => {
    const { out } = await cli('list', 'formats')
    expect(out).toMatch(/parquet +\.parquet +Counters as Parquet +DuckDB/)
  })
})
