import type { RunFile } from '../recordings/run-file'
import type { RunDigest } from '../runs/run-tracer'

/** What `run` was told of its recording. */
export interface RecordPlan {
  readonly folder: string
  readonly limitBytes: number | undefined
  readonly origin?: RunFile['origin']
  /** The recording that is gone on with, and its digests. */
  readonly again?: {
    readonly run: RunFile
    readonly digests: readonly RunDigest[]
    readonly last?: RunDigest | undefined
  }
}
