/** The command line: every command, and how a complaint about one looks. */
import { Command, CommanderError } from 'commander'
import type { Catalogue } from '../../shared/api'
import { version } from '../version'
import { bench } from './bench'
import { endingsInWords } from '../formats/exports/formats'
import { compare, type CompareWords } from './compare'
import { exportRecording, type ExportWords } from './export'
import { importFile, type ImportWords } from './import'
import { describe, list, listable } from './list'
import { cannotWrite, isReaderGone } from './output'
import {
  branchRun,
  continueRun,
  showRecording,
  verifyRecording,
  type BranchWords,
  type ContinueWords,
} from './recordings'
import { reproduce, type ReproduceWords } from './reproduce'
import { run } from './run'
import { planRun, type RunWords } from './run-options'
import { serve, type ServeWords } from './serve'
import { complain, RunError, UsageError, type ExitCode, type Terminal } from './terminal'
import { trim, type TrimWords } from './trim'

export interface ProgramOptions {
  readonly catalogue: () => Catalogue
  /** The folder of the build. */
  readonly out: string
  readonly terminal: Terminal
}

/** Carries out a command line (without the program's own name). Complaints are one line each. */
export async function runProgram(
  args: readonly string[],
  options: ProgramOptions,
): Promise<ExitCode> {
  const { terminal } = options
  const code = await carryOut(args, options)
  try {
    await terminal.settled()
  } catch (error) {
    if (isReaderGone(error)) return code
    complain(terminal, cannotWrite('-', error))
    return 1
  }
  return code
}

async function carryOut(args: readonly string[], options: ProgramOptions): Promise<ExitCode> {
  const { terminal } = options
  const state: { code: ExitCode } = { code: 0 }
  const complaint = (message: string, code: ExitCode): ExitCode => {
    complain(terminal, message)
    return code
  }
  try {
    await programOf(options, state).parseAsync([...args], { from: 'user' })
    return state.code
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      return complaint(inOneLine(error), 2)
    }
    if (error instanceof UsageError) return complaint(error.message, 2)
    if (error instanceof RunError) return complaint(error.message, 1)
    throw error
  }
}

function programOf(
  { catalogue, out, terminal }: ProgramOptions,
  state: { code: ExitCode },
): Command {
  const program = new Command('soakscope')
    .description('A lab for server performance: a modelled server under sustained load.')
    .version(version, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.out,
      // Complaints are written once, in runProgram, in one line.
      outputError: () => undefined,
    })
    .helpCommand('help [command]', 'explain a command')
    .addHelpText('after', grammar)

  program
    .command('list <what>')
    .description(`what there is: ${listable.join(', ')}`)
    .option('--json', 'as JSON')
    .action((what: string, { json }: { json?: boolean }) =>
      list(catalogue(), what, json ?? false, terminal),
    )

  program
    .command('describe <scenario>')
    .description('every parameter: path, value, unit, range, source')
    .option('--json', 'as JSON')
    .action((scenario: string, { json }: { json?: boolean }) =>
      describe(catalogue(), scenario, json ?? false, terminal),
    )

  program
    .command('run <scenario>')
    .description(
      'run to the end, as fast as it can: a scenario, a demonstration, or a scenario file',
    )
    .option('--seed <n>', 'seed of every random stream (1)')
    .option('--for <time>', 'simulated time, warm-up included (10m, or as long as --until needs)')
    .option('--until <condition>', 'end when it holds, for example "processes.blocked > 64"')
    .option(
      '--alarm <alarm>',
      'mark it when a condition has held for a while, repeatable, and end the run if it pauses: ' +
        '"memory.free < 4000 for 1m pause"',
      collect,
    )
    .option('--set <path=value>', 'set a parameter, repeatable (see describe)', collect)
    .option('--at <time action...>', 'do an action at a simulated time, repeatable', collect)
    .option('--warmup <time>', 'leave this much out of every statistic (0s)')
    .option('--every <time>', 'simulated time between samples (1s)')
    .option('--profiler <on|off>', 'the sampling profiler, which costs cycles itself (off)')
    .option('--vmstat [file]', 'write what vmstat prints')
    .option('--samples <file>', 'write every counter of every sample as CSV')
    .option(
      '--profile <file>',
      'write the profile: pprof (.pb.gz, .pprof) or collapsed stacks (.txt)',
    )
    .option('--trace <file>', 'write a trace of a short time, microsecond by microsecond')
    .option('--trace-at <time>', 'the instant at which it begins (0s)')
    .option('--trace-for <time>', 'how long it is (20ms; for a connection at most 100ms)')
    .option('--trace-connection', 'it is of the next connection, until all that it woke sleep')
    .option('--json <file>', 'write what the run was and what came of it')
    .option('--record <folder>', 'record the run, so that it can be looked at and continued')
    .option('--record-limit <size>', 'size of the recording, the oldest samples go first')
    .option('--save-scenario <file>', 'write a scenario file that makes the same run again')
    .option(
      '--export <file>',
      'write what the ending of its name says, repeatable: see below and list formats',
      collect,
    )
    .option('--window <from..to>', 'export this part of the run, such as 60s..2m')
    .addHelpText('after', aboutFiles)
    .action(async (scenario: string, words: RunWords) => {
      state.code = await run(planRun(catalogue(), scenario, words), terminal)
    })

  program
    .command('export <recording>')
    .description('write a recording, or a window of it, in any format: see list formats')
    .requiredOption('--out <file>', 'where to, - for standard output')
    .option('--format <format>', 'which format (what the ending of --out says)')
    .option('--window <from..to>', 'this part of the recording, such as 60s..2m')
    .option('--trace <name>', 'a trace that is kept with it, for .trace.json and .trace.gz')
    .action((folder: string, words: ExportWords) => exportRecording(folder, words, terminal))

  program
    .command('continue <recording>')
    .description('make a recorded run again up to where it was cut off, check it, and go on')
    .option('--for <time>', 'how long it goes on from there (to its end, where it had one)')
    .option('--record-limit <size>', 'size of the recording, the oldest samples go first')
    .option('--json <file>', 'write what the run was and what came of it')
    .action(async (folder: string, words: ContinueWords) => {
      state.code = await continueRun(catalogue(), folder, words, terminal)
    })

  program
    .command('branch <recording>')
    .description('make a recorded run again up to an instant, and go another way from there')
    .requiredOption('--at <time>', 'where it leaves the recorded run')
    .requiredOption('--record <folder>', 'its own recording')
    .option('--change <action>', 'an action at that instant, repeatable', collect)
    .option('--for <time>', 'how long it goes on from there (as long as the recorded run)')
    .option('--record-limit <size>', 'size of the recording, the oldest samples go first')
    .option('--json <file>', 'write what the run was and what came of it')
    .action(async (folder: string, words: BranchWords) => {
      state.code = await branchRun(catalogue(), folder, words, terminal)
    })

  program
    .command('import <file>')
    .description('a file of a run as a recording: what export writes, or a vmstat log')
    .requiredOption('--record <folder>', 'where to, a folder that is not there yet')
    .option('--every <time>', 'how far its rows are apart, where the file does not say (1s)')
    .action((file: string, words: ImportWords) => importFile(catalogue, file, words, terminal))

  program
    .command('trim <recording>')
    .description('a part of a recording as a recording of its own')
    .requiredOption('--window <from..to>', 'which part, such as 60s..2m')
    .requiredOption('--record <folder>', 'where to, a folder that is not there yet')
    .action((folder: string, words: TrimWords) => trim(folder, words, terminal))

  program
    .command('verify <recording>')
    .description('make a recorded run again and hold every digest against it')
    .action(async (folder: string) => {
      state.code = await verifyRecording(catalogue(), folder, terminal)
    })

  program
    .command('recording <folder>')
    .description('what a recording is, and what is missing of it')
    .option('--json', 'as JSON')
    .action((folder: string, { json }: { json?: boolean }) =>
      showRecording(folder, json ?? false, terminal),
    )

  program
    .command('reproduce [experiment]')
    .description('run a published experiment again: published beside simulated')
    .option('--all', 'every experiment')
    .option('--jobs <n>', 'worker threads (as many as there are cores)')
    .option('--json <file>', 'write the points as JSON')
    .action(async (experiment: string | undefined, words: ReproduceWords) => {
      state.code = await reproduce(experiment, words, out, terminal)
    })

  program
    .command('compare <A> <B>')
    .description('compare two runs by their recordings, reports, profiles or traces')
    .option(
      '--type <type>',
      'what to compare, where the files count several things: cycles, samples, time',
    )
    .option('--json <file>', 'write the comparison as JSON')
    .option(
      '--export <file>',
      'write both as one profile, which pprof shows as a difference (.pb.gz)',
    )
    .action((a: string, b: string, words: CompareWords) => compare(a, b, words, terminal))

  program
    .command('serve')
    .description('the screens in a browser, on loopback')
    .option('--port <n>', 'port, 0 for any free one (7425, or any free one)')
    .option('--host <address>', 'loopback address to listen on (127.0.0.1)')
    .option('--scenario <id>', 'what runs first (sdet)')
    .option('--seed <n>', 'its seed (1)')
    .option('--pace <pace>', '0.25, 1, 10, 100 or max (10)')
    .option('--paused', 'begin paused')
    .option('--memory <MB>', 'largest heap of the run')
    .option('--record <folder>', 'record every run into a folder of its own in this one')
    .option('--record-limit <size>', 'size of all recordings, the oldest go first (4GB)')
    .action(async (words: ServeWords) => {
      state.code = await serve(catalogue(), words, out, terminal)
    })

  program
    .command('bench')
    .description('how fast the model runs on this machine')
    .option('--json <file>', 'write the result as JSON')
    .action(({ json }: { json?: string }) => bench(json, terminal))

  return program
}

const aboutFiles = `
A file named - is standard output. What ends in .json or has a / in it is a scenario file; --seed, --for and --set
win over what it says, and --at adds to its timeline.

--export writes, by the ending: ${endingsInWords()}.
csv:FILE writes the format csv whatever the name is, and csv:- to standard output.
`

const grammar = `
Actions read fault:<id>=<0..1>, fix:<id>=on|off, set:<path>=<value>, reboot. Durations take ms, s, m, h, d.
Exit code 0: done; 1: the run failed, or an experiment missed its tolerance; 2: wrong usage; 130: interrupted,
and what was asked for is written up to there.

  soakscope run sdet --for 20m --at 5m fault:orphaned-buffers=1 --vmstat - --json run.json
`

const collect = (word: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  word,
]

/** Commander says `error: …` and, on a second line, what may have been meant. */
function inOneLine({ message, code }: CommanderError): string {
  const said = message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.+?)\?\)$/, '; did you mean $1?')
    .replace(/\s*\n\s*/g, ' ')
  if (code === 'commander.help')
    return 'name a command: list, describe, run, export, continue, branch, import, trim, verify, recording, reproduce, compare, serve or bench'
  return said.includes('did you mean') ? said : `${said}; see soakscope --help`
}
