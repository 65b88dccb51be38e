import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { devNull } from 'node:os'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine } from './program.test-support'

const { built, cli, complaint, folder, inFolder } = commandLine()

describe('wrong usage is told in one line with exit code 2', () => {
  it.each([
    [['nosuch'], /unknown command 'nosuch'/],
    [['run'], /missing required argument 'scenario'/],
    [['run', 'sdt'], /<scenario>: there is no scenario "sdt"; did you mean sdet\?/],
    [['run', 'sdet', '--sed', '4'], /unknown option '--sed'; did you mean one of --seed, --set\?/],
    [['run', 'sdet', '--seed', '-3'], /--seed.*-3/],
    [['run', 'sdet', '--seed', '1e3'], /--seed: "1e3" is not a seed; write a whole number from 0/],
    [['run', 'sdet', '--for', '10'], /--for: "10" is not a duration; write a number with ms, s, m/],
    [['run', 'sdet', '--for', '10parsec'], /--for: "10parsec" is not a duration/],
    [['run', 'sdet', '--for', '0s'], /--for: a run is longer than 0 s/],
    [
      ['run', 'sdet', '--for', '400d'],
      /--for: 400d is longer than a run can be; write at most 104d/,
    ],
    [['run', 'sdet', '--set', 'nosuch'], /--set: "nosuch" is no setting; write <path>=<value>/],
    [['run', 'sdet', '--set', 'sdet.script=3'], /"sdet.script"; did you mean sdet.scripts\?/],
    [['run', 'sdet', '--set', 'machine.cpus=99'], /machine.cpus is a whole number from 1 to 8/],
    [['run', 'sdet', '--set', 'machine.memoryMB=8kB'], /number from \d+ to \d+ MB, not "8kB"/],
    [['run', 'sdet', '--at', '1m', 'explode'], /--at: action "explode" is not understood; write/],
    [['run', 'sdet', '--at', '1m', 'fault:nosuch=1'], /--at: there is no fault "nosuch"; there is/],
    [['run', 'sdet', '--at', '1m', 'fault:orphaned-buffers=7'], /number from 0 to 1, not "7"/],
    [['run', 'sdet', '--at', '1m', 'set:machine.cpus=2'], /cannot change while the run goes on/],
    [['run', 'sdet', '--for', '5m', '--at', '9m', 'reboot'], /--at: .* after the end of the run/],
    [['run', 'sdet', '--at', 'reboot'], /--at: .* is not a time and an action/],
    [['run', 'sdet', '--until', 'nosuch > 3'], /--until: there is no counter "nosuch"/],
    [
      ['run', 'sdet', '--trace', 't.gz', '--trace-connection'],
      /--trace-connection: no connection can come: nothing in this run listens on a port/,
    ],
    [['run', 'web', '--at', '1m', 'fault:orphaned-buffers=1'], /--at: .* needs sdet's bforget/],
    [['run', 'sdet', '--until', 'interrupts'], /--until: .* write <counter> > <value>/],
    [['run', 'sdet', '--warmup', '10m'], /--warmup: 10m is not shorter than the run \(600 s\)/],
    [['run', 'sdet', '--every', '1ms'], /--every: samples are at least 10ms apart, not 1ms/],
    [['run', 'sdet', '--profiler', 'loud'], /--profiler: profiler.sampling is one of off, on/],
    [['run', 'sdet', '--profile', 'x.svg'], /--profile: .* by its ending: \.pb\.gz or \.pprof/],
    [['run', 'sdet', '--json', '-', '--vmstat'], /--json: standard output is taken by --vmstat/],
    [['run', 'web-wake-on'], /"web-wake-on"; did you mean web-wake-one\?/],
    [['run', 'none.json'], /<scenario>: cannot read none.json: there is no such file/],
    [['run', './'], /<scenario>: cannot read .\/: it is a folder/],
    [['run', '/dev/zero'], /<scenario>: \/dev\/zero is larger than 384 KB/],
    [['run', '/dev/null'], /<scenario>: \/dev\/null: a scenario file is JSON, and this one is not/],
    [['run', 'web', '--set', 'load.connections=0'], /--set: load.connections and load.rate are/],
    [['run', 'sdet', '--json', '-', '--save-scenario', '-'], /--save-scenario: .* by --json/],
    [['list', 'fixs'], /<what>: there is no list of "fixs"; did you mean fixes\?/],
    [['describe', 'squid'], /<scenario>: there is no scenario "squid"; there is sdet/],
    [['reproduce', 'nosuch'], /<experiment>: there is no experiment "nosuch"/],
    [['reproduce', '--all', '--jobs', '0'], /--jobs: a whole number from 1 to 256, not "0"/],
    [['serve', '--port', '70000'], /--port: a port is a whole number from 0 .* not "70000"/],
    [['serve', '--host', '0.0.0.0'], /--host: 0.0.0.0 is not a loopback address; use 127.0.0.1/],
    [['serve', '--pace', '3'], /--pace: one of 0.25, 1, 10, 100, max, not "3"/],
    [['serve', '--seed', 'x'], /--seed: "x" is not a seed/],
    [
      ['compare', '/nowhere/a', '/nowhere/b'],
      /<A>: cannot read \/nowhere\/a: there is no such file/,
    ],
  ])('%j', async (args, pattern) => {
    expect(await complaint(...args)).toMatch(pattern)
  })

  it('for files that cannot be written, before anything runs', async () => {
    const started = performance.now()
    const line = await complaint('run', 'sdet', '--for', '30d', '--json', inFolder('none/x.json'))
    expect(line).toBe(`--json: cannot write ${inFolder('none/x.json')}: its folder does not exist`)
    expect(await complaint('run', 'sdet', '--samples', folder())).toContain('it is a folder')
    const both = ['--samples', inFolder('a.csv'), '--profile', inFolder('none/p.txt')]
    expect(await complaint('run', 'sdet', ...both)).toContain('--profile: cannot write')
    expect(readdirSync(folder())).toEqual([])
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  it('for one file that is named twice, however it is spelled, before anything runs', async () => {
    writeFileSync(inFolder('there'), '')
    linkSync(inFolder('there'), inFolder('hard'))
    symlinkSync('there', inFolder('soft'))
    symlinkSync('new', inFolder('dangling'))
    const twice = (a: string, b: string): Promise<string> =>
      complaint('run', 'sdet', '--for', '30d', '--samples', a, '--json', b)
    for (const [a, b] of [
      [inFolder('new'), inFolder('new')],
      [inFolder('new'), `${folder()}/./x/../new`],
      [inFolder('new'), relative(process.cwd(), inFolder('new'))],
      [inFolder('new'), inFolder('dangling')],
      [inFolder('there'), inFolder('soft')],
      [inFolder('there'), inFolder('hard')],
    ] as const) {
      expect(await twice(a, b)).toBe(`--json: ${b} is what --samples writes; name another file`)
    }
    writeFileSync(inFolder('s.json'), '{"soakscope":"scenario","version":1,"scenario":"sdet"}')
    expect(await complaint('run', inFolder('s.json'), '--save-scenario', inFolder('s.json'))).toBe(
      `--save-scenario: ${inFolder('s.json')} is what <scenario> reads; name another file`,
    )
    expect(readFileSync(inFolder('s.json'), 'utf8')).toContain('"sdet"')
    expect(await complaint('run', 'sdet', '--json', '')).toBe(
      '--json: cannot write "": the name is empty; name a file',
    )
    const nowhere = ['--samples', devNull, '--vmstat', devNull]
    expect((await cli(...['run', 'sdet', '--for', '1s'], ...nowhere)).code).toBe(0)
  })

  it('for a port in use', async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    )
    mkdirSync(join(built(), 'renderer'))
    writeFileSync(join(built(), 'renderer/index.html'), '')
    expect(await complaint('serve', '--port', String(port))).toBe(
      `--port: port ${port} of 127.0.0.1 is in use; name another, or 0 for any free one`,
    )
    other.close()
  })
})

describe('list and describe', () => {
  it('tell what there is, as text and as JSON', async () => {
    expect((await cli('list', 'scenarios')).out).toMatch(/^sdet {2}/m)
    expect((await cli('list', 'faults')).out).toContain('orphaned-buffers')
    expect((await cli('list', 'counters')).out).toMatch(/^memory.buffers +kB +gauge /m)
    const faults = JSON.parse((await cli('list', 'faults', '--json')).out) as { id: string }[]
    expect(faults.map((fault) => fault.id)).toContain('orphaned-buffers')
    expect((await cli('describe', 'sdet')).out).toMatch(/^sdet.scripts +128 +scripts +1 … 512/m)
    const proxy = (await cli('describe', 'proxy')).out
    expect(proxy).toMatch(/^kernel.fd.perProcess +4096 /m)
    const described = JSON.parse((await cli('describe', 'sdet', '--json')).out) as object
    expect(described).toMatchObject({ id: 'sdet', parameters: expect.any(Array) })
    expect((await cli('--help')).out).toContain('reproduce')
    expect((await cli('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
