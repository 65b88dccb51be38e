/**
 * What `soakscope run` writes: what is lost or no longer read does not keep the rest from being
 * finished.
 */
import { openOutputs, type Named, type Output } from './output'
import type { RunPlan } from './run-options'
import { complain, RunError, type Terminal } from './terminal'

const argumentOf = {
  vmstat: '--vmstat',
  samples: '--samples',
  profile: '--profile',
  json: '--json',
  scenario: '--save-scenario',
  trace: '--trace',
} as const
export type OutputKind = keyof typeof argumentOf
const kinds = Object.keys(argumentOf) as OutputKind[]

export class RunOutputs {
  /** Whether one of them could not be written. */
  failed = false
  private readonly outputs: Readonly<Partial<Record<OutputKind, Output>>>
  /** In the order in which they were asked for. */
  readonly exports: readonly Output[]

  /**
   * @throws UsageError or RunError when one of them cannot be written, before anything else is
   * done.
   */
  constructor(
    { outputs, exports, scenarioPath }: Pick<RunPlan, 'outputs' | 'exports' | 'scenarioPath'>,
    private readonly terminal: Terminal,
  ) {
    const named = (kind: OutputKind): Named | undefined => {
      const asked = outputs[kind]
      const path = typeof asked === 'object' ? asked.path : asked
      return path === undefined ? undefined : { argument: argumentOf[kind], path }
    }
    const { vmstat, samples, profile, json, scenario, trace } = Object.fromEntries(
      kinds.map((kind) => [kind, named(kind)]),
    ) as Record<OutputKind, Named | undefined>
    const reads = scenarioPath === undefined ? [] : [{ argument: '<scenario>', path: scenarioPath }]
    const exported = Object.fromEntries(
      exports.map(({ path }, at): [string, Named] => [
        `export ${at}`,
        { argument: '--export', path },
      ]),
    )
    const opened = openOutputs<string>(
      { vmstat, samples, profile, json, scenario, trace, ...exported },
      reads,
      terminal,
    )
    this.outputs = opened
    this.exports = exports.flatMap((_, at) => opened[`export ${at}`] ?? [])
  }

  wants(kind: OutputKind): boolean {
    return this.outputs[kind]?.isWanted ?? false
  }

  /**
   * Whether there were outputs, and none of them is wanted any more: the run has become useless.
   */
  get allGone(): boolean {
    const all = this.all()
    return all.length > 0 && all.every((output) => !output.isWanted)
  }

  /** Whether standard output is free for people to read. */
  get standardOutputIsFree(): boolean {
    return this.all().every((output) => !output.isStandardOutput)
  }

  write(kind: OutputKind, text: string | Uint8Array): void {
    this.outputs[kind]?.write(text)
  }

  /** It cannot be made: that is said, and the others are finished. */
  async abandon(output: Output | undefined, why: string): Promise<void> {
    this.failed = true
    await output?.abandon()
    complain(this.terminal, why)
  }
  abandonTrace(why: string): Promise<void> {
    return this.abandon(this.outputs.trace, why)
  }

  /** Writes what has come together. */
  async settle(): Promise<void> {
    for (const output of this.all()) await this.tell(() => output.settle())
  }

  /** Finishes each of them by itself. */
  async keep(): Promise<void> {
    for (const output of this.all()) await this.tell(() => output.keep())
  }

  /** What was not kept never was. */
  async drop(): Promise<void> {
    for (const output of this.all()) await output.drop()
  }

  private all(): Output[] {
    return [...kinds.flatMap((kind) => this.outputs[kind] ?? []), ...this.exports]
  }

  private async tell(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      if (!(error instanceof RunError)) throw error
      this.failed = true
      complain(this.terminal, error.message)
    }
  }
}
