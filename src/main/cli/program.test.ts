import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { devNull, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { catalogue } from '../api/catalogue'
import type { RunReport } from '../formats/run-report'
import { bundleInto, type BuiltFolder } from '../runs/bundle.test-support'
import { runProgram } from './program'

let built: BuiltFolder
beforeAll(async () => {
  built = await bundleInto({ 'main/part-worker': '../cli/part-worker.ts' })
})
afterAll(() => built.remove())
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soakscope-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const inFolder = (name: string): string => join(folder, name)

async function cli(...args: readonly string[]) {
  let [out, err] = ['', '']
  const code = await runProgram(args, {
    catalogue: () => catalogue,
    out: built.folder,
    terminal: {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      settled: () => Promise.resolve(),
      interactive: false,
    },
  })
  return { code, out, err }
}
/** Wrong usage: exit code 2, one line, nothing on standard output. Returns the line. */
async function complaint(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await cli(...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^soakscope: [^\n]+\n$/)
  return err.slice('soakscope: '.length, -1)
}

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
    expect(await complaint('run', 'sdet', '--samples', folder)).toContain('it is a folder')
    const both = ['--samples', inFolder('a.csv'), '--profile', inFolder('none/p.txt')]
    expect(await complaint('run', 'sdet', ...both)).toContain('--profile: cannot write')
    expect(readdirSync(folder)).toEqual([])
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
      [inFolder('new'), `${folder}/./x/../new`],
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
    mkdirSync(join(built.folder, 'renderer'))
    writeFileSync(join(built.folder, 'renderer/index.html'), '')
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
    const described = JSON.parse((await cli('describe', 'sdet', '--json')).out) as object
    expect(described).toMatchObject({ id: 'sdet', parameters: expect.any(Array) })
    expect((await cli('--help')).out).toContain('reproduce')
    expect((await cli('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('a scenario file', () => {
  const write = (name: string, changes: object): string => {
    const file = { soakscope: 'scenario', version: 1, scenario: 'sdet', ...changes }
    writeFileSync(inFolder(name), JSON.stringify(file))
    return inFolder(name)
  }
  const timeline = [
    { at: 5, action: 'set:sdet.scripts=64' },
    { at: '2500ms', action: 'fault:orphaned-buffers=1' },
    { at: 5, action: 'fault:orphaned-buffers=0' },
  ]
  const ran = async (...args: string[]): Promise<RunReport> => {
    const { code, err } = await cli('run', ...args, '--json', inFolder('ran.json'))
    expect([code, err]).toEqual([0, ''])
    return report('ran.json')
  }

  it('is run with its seed, parameters and timeline for as long as it says', async () => {
    const file = write('a.json', {
      seed: 7,
      parameters: { 'sdet.scripts': 32 },
      timeline,
      for: '8s',
    })
    const fromFile = await ran(file)
    expect(fromFile).toMatchObject({
      seed: 7,
      simulatedSeconds: 8,
      actions: [
        { at: 2.5, action: 'fault:orphaned-buffers=1' },
        { at: 5, action: 'set:sdet.scripts=64' },
        { at: 5, action: 'fault:orphaned-buffers=0' },
      ],
    })
    const byHand = await ran(
      ...['sdet', '--seed', '7', '--for', '8s', '--set', 'sdet.scripts=32'],
      ...['--at', '2500ms', 'fault:orphaned-buffers=1', '--at', '5s', 'set:sdet.scripts=64'],
      ...['--at', '5s', 'fault:orphaned-buffers=0'],
    )
    expect(fromFile.digest).toBe(byHand.digest)
  })

  it('gives way to what the command line says, which adds to its timeline', async () => {
    const file = write('a.json', { seed: 7, parameters: { 'sdet.scripts': 32 }, timeline })
    const changed = await ran(
      ...[file, '--seed', '8', '--for', '6s', '--set', 'sdet.scripts=16'],
      ...['--at', '1s', 'reboot', '--at', '5s', 'reboot'],
    )
    expect(changed).toMatchObject({ seed: 8, simulatedSeconds: 6 })
    expect(changed.actions.map(({ at, action }) => `${at} ${action}`)).toEqual([
      ...['1 reboot', '2.5 fault:orphaned-buffers=1', '5 set:sdet.scripts=64'],
      ...['5 fault:orphaned-buffers=0', '5 reboot'],
    ])
    const { code, err } = await cli('run', file, '--for', '3s')
    expect(code).toBe(0)
    expect(err).toBe(
      "soakscope: 2 of the timeline's actions lie after the end of the run (3 s) and are not done\n",
    )
  })

  it('that --save-scenario writes makes the same run again', async () => {
    const saved = ['--save-scenario', inFolder('b.scenario.json')]
    const actions = ['--at', '4s', 'reboot', '--at', '1s', 'fault:slow-disk=0.5']
    const options = ['--seed', '9', '--set', 'sdet.scripts=16', '--set', 'machine.memoryMB=64']
    const first = await ran('sdet', '--for', '7s', ...options, ...actions, ...saved)
    const again = await ran(inFolder('b.scenario.json'), '--save-scenario', inFolder('c.json'))
    expect(again).toMatchObject({ digest: first.digest, actions: first.actions, seed: 9 })
    expect(again.parameters).toEqual(first.parameters)
    const texts = ['b.scenario.json', 'c.json'].map((name) => readFileSync(inFolder(name), 'utf8'))
    expect(texts[0]).toBe(texts[1])

    const until = ['--until', 'interrupts > 500', '--at', '9s', 'reboot']
    const stopped = await ran('sdet', ...until, ...saved)
    expect(stopped.simulatedSeconds).toBeLessThan(9)
    const repeated = await cli('run', inFolder('b.scenario.json'), '--json', inFolder('d.json'))
    expect(report('d.json').digest).toBe(stopped.digest)
    expect(repeated.err).toContain("1 of the timeline's actions lies after the end of the run")
  })

  it('that is wrong is told with its name and the fault', async () => {
    const wrong = (changes: object): Promise<string> => complaint('run', write('x.json', changes))
    const where = `<scenario>: ${inFolder('x.json')}: `
    expect(await wrong({ scenario: 'sdt' })).toBe(
      `${where}there is no scenario "sdt"; did you mean sdet?`,
    )
    expect(await wrong({ timeline: [{ at: 1, action: 'fix:wake-one=on' }] })).toBe(
      `${where}timeline[0].action: there is no fix "wake-one"; there is bforget-recycles, two-bitmaps`,
    )
    expect(await wrong({ parameters: { 'sdet.scripts': 0 } })).toContain('sdet.scripts is a whole')
    expect(
      await wrong({ scenario: 'web', parameters: { 'load.connections': 0, 'load.rate': 0 } }),
    ).toContain('<scenario>: load.connections and load.rate are both 0')
    writeFileSync(inFolder('x.json'), '{"soakscope": "scen')
    expect(await complaint('run', inFolder('x.json'))).toContain(`${where}a scenario file is JSON`)
  })

  it('comes along as a demonstration, by its id', async () => {
    expect((await cli('list', 'demonstrations')).out).toMatch(/^web-wake-one +web +The herd/m)
    const listed = JSON.parse((await cli('list', 'demonstrations', '--json')).out) as object[]
    expect(listed[0]).toMatchObject({ id: 'sdet-orphans', scenario: 'sdet', forSeconds: 1800 })
    await cli('run', 'sdet-orphans', '--for', '2s', '--json', inFolder('r.json'))
    expect(report('r.json')).toMatchObject({ scenario: 'sdet', seed: 7, simulatedSeconds: 2 })
  })
})

const report = (name: string): RunReport =>
  JSON.parse(readFileSync(inFolder(name), 'utf8')) as RunReport

describe('run', () => {
  it('writes every file it was told to, complete, and a summary for people', async () => {
    const { code, out, err } = await cli(
      ...['run', 'sdet', '--for', '12s', '--warmup', '2s', '--seed', '7', '--profiler', 'on'],
      ...['--json', inFolder('r.json'), '--samples', inFolder('s.csv')],
      ...['--vmstat', inFolder('v.txt'), '--profile', inFolder('p.pb.gz')],
    )
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('sdet, seed 7: 12.0 s simulated')
    expect(readdirSync(folder).sort()).toEqual(['p.pb.gz', 'r.json', 's.csv', 'v.txt'])
    expect(report('r.json')).toMatchObject({
      scenario: 'sdet',
      seed: 7,
      simulatedSeconds: 12,
      warmupSeconds: 2,
      parameters: { 'profiler.sampling': 'on' },
      sampled: expect.any(Array),
    })
    expect(readFileSync(inFolder('s.csv'), 'utf8').split('\r\n').length).toBe(14)
    expect(readFileSync(inFolder('v.txt'), 'utf8').split('\n').length).toBe(15)
    const { profile } = report('r.json')
    const pprof = Profile.decode(gunzipSync(readFileSync(inFolder('p.pb.gz'))))
    const cycles = pprof.sample.reduce((sum, sample) => sum + Number(sample.value[1]), 0)
    expect(cycles / profile.reduce((sum, row) => sum + row.cycles, 0)).toBeCloseTo(1, 6)
  })

  it('writes to standard output when told so, and nothing else there', async () => {
    const { out } = await cli('run', 'sdet', '--for', '3s', '--json', '-')
    expect(JSON.parse(out)).toMatchObject({ simulatedSeconds: 3 })
    const rows = (await cli('run', 'sdet', '--for', '3s', '--vmstat')).out.split('\n')
    expect(rows.length).toBe(6)
    const collapsed = inFolder('p.collapsedstack.txt')
    await cli('run', 'sdet', '--for', '3s', '--profile', collapsed)
    expect(readFileSync(collapsed, 'utf8')).toMatch(/^(.* \d+\n)+$/)
  })

  it('gives the same run for the same seed and another for another', async () => {
    const digest = async (...args: string[]): Promise<string> => {
      await cli('run', 'sdet', '--for', '10s', '--json', inFolder('d.json'), ...args)
      return report('d.json').digest
    }
    const first = await digest()
    expect(await digest()).toBe(first)
    expect(await digest('--every', '250ms', '--until', 'processes.total > 100000')).toBe(first)
    expect(await digest('--at', '4s', 'fault:orphaned-buffers=0')).toBe(first)
    expect(await digest('--seed', '2')).not.toBe(first)
  })

  it('does actions at their instants', async () => {
    await cli(
      ...['run', 'sdet', '--for', '9s', '--json', inFolder('r.json')],
      ...['--at', '6s', 'set:sdet.scripts=64', '--at', '2500ms fault:orphaned-buffers=1'],
    )
    expect(report('r.json').actions).toEqual([
      { at: 2.5, action: 'fault:orphaned-buffers=1' },
      { at: 6, action: 'set:sdet.scripts=64' },
    ])
    expect(report('r.json').parameters['sdet.scripts']).toBe(64)
  })

  it('says when no sample was due, instead of writing empty files without a word', async () => {
    const short = ['run', 'sdet', '--for', '2s', '--samples', inFolder('s.csv')]
    const none = await cli(...short, '--vmstat', inFolder('v.txt'), '--every', '3s')
    expect(none.code).toBe(0)
    expect(none.err).toBe(
      'soakscope: no sample was due: the run has 2 s, and --every is 3 s; ' +
        '--vmstat has no line, --samples has its header only\n',
    )
    expect(readFileSync(inFolder('s.csv'), 'utf8').trim().split('\r\n').length).toBe(1)
    expect((await cli(...short, '--every', '2s')).err).toBe('')
    expect(readFileSync(inFolder('s.csv'), 'utf8').trim().split('\r\n').length).toBe(2)
  })

  it.runIf(existsSync('/dev/full'))(
    'says that the disk is full, names the file, and finishes the others',
    async () => {
      const full = ['--every', '10ms', '--samples', '/dev/full']
      const said = 'soakscope: --samples: cannot write /dev/full: the disk is full\n'
      const some = await cli('run', 'sdet', '--for', '4s', ...full, '--json', inFolder('j.json'))
      expect([some.code, some.err]).toEqual([1, said])
      expect(report('j.json').simulatedSeconds).toBe(4)
      // With nothing else to write the run is of no use to anybody.
      expect(await cli('run', 'sdet', '--for', '30d', ...full)).toEqual({
        code: 1,
        out: '',
        err: said,
      })
      for (const args of [
        ['run', 'sdet', '--for', '1s', '--json', '/dev/full'],
        ['run', 'sdet', '--for', '1s', '--save-scenario', '/dev/full'],
        ['reproduce', 'fd-micro', '--json', '/dev/full'],
        ['compare', inFolder('j.json'), inFolder('j.json'), '--json', '/dev/full'],
      ]) {
        const { code, err } = await cli(...args)
        const [argument] = args.slice(-2)
        expect([code, err]).toEqual([
          1,
          `soakscope: ${argument}: cannot write /dev/full: the disk is full\n`,
        ])
      }
    },
  )

  it('ends when a condition holds, and fails when it never does', async () => {
    const until = async (...args: string[]) =>
      cli('run', 'sdet', '--json', inFolder('r.json'), '--until', ...args)
    expect((await until('interrupts > 500')).code).toBe(0)
    const { counters, simulatedSeconds } = report('r.json')
    expect(counters['interrupts']?.last).toBeGreaterThan(500)
    expect(Number.isInteger(simulatedSeconds)).toBe(true)
    const missed = await until('processes.total > 100000', '--for', '3s')
    expect(missed.code).toBe(1)
    expect(missed.err).toBe('soakscope: processes.total > 100000 did not come true in 3 s\n')
    expect(existsSync(inFolder('r.json'))).toBe(true)
  })
})

describe('compare', () => {
  it('puts two runs side by side, from reports and from pprof', async () => {
    for (const [name, scripts] of [
      ['a', '16'],
      ['b', '128'],
    ] as const) {
      await cli(
        ...['run', 'sdet', '--for', '15s', '--set', `sdet.scripts=${scripts}`],
        ...['--json', inFolder(`${name}.json`), '--profile', inFolder(`${name}.pb.gz`)],
      )
    }
    const text = await cli('compare', inFolder('a.json'), inFolder('b.json'))
    expect(text.code).toBe(0)
    expect(text.out).toContain('profile, largest change first')
    expect(text.out).toContain('means of vmstat')
    await cli('compare', inFolder('a.json'), inFolder('b.json'), '--json', inFolder('c.json'))
    await cli('compare', inFolder('a.pb.gz'), inFolder('b.pb.gz'), '--json', inFolder('d.json'))
    const [ofReports, ofPprof] = ['c.json', 'd.json'].map(
      (name) =>
        JSON.parse(readFileSync(inFolder(name), 'utf8')) as {
          profile: { procedure: string; difference: number }[]
        },
    )
    expect(ofPprof?.profile[0]?.procedure).toBe(ofReports?.profile[0]?.procedure)
    expect(ofPprof?.profile[0]?.difference).toBeCloseTo(ofReports?.profile[0]?.difference ?? 0, 6)
    const sum = ofReports?.profile.reduce((total, row) => total + row.difference, 0)
    expect(sum).toBeCloseTo(0, 9)
  })

  it('says what is wrong with a file that is neither', async () => {
    writeFileSync(inFolder('cut.json'), '{"scenario": "sd')
    writeFileSync(inFolder('other.json'), '{"profile": 3}')
    writeFileSync(
      inFolder('noise'),
      Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 31) % 256)),
    )
    writeFileSync(inFolder('empty'), '')
    writeFileSync(inFolder('cut.gz'), Buffer.from([0x1f, 0x8b, 8, 0]))
    const wrong = (name: string) => complaint('compare', inFolder(name), inFolder(name))
    expect(await wrong('cut.json')).toContain('begins like JSON but is none; is it cut off?')
    expect(await wrong('other.json')).toContain('profile is missing or wrong')
    expect(await wrong('noise')).toContain('is neither JSON nor pprof nor text')
    expect(await wrong('empty')).toMatch(/is empty$/)
    expect(await wrong('cut.gz')).toContain('is cut off: its gzip data ends too early')
  })
})
