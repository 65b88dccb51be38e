/** Where a command writes, and how it fails. */
import { printable } from './printable'

export interface Terminal {
  /** Standard output: results. */
  readonly out: (text: string) => void
  /**
   * Comes when standard output has taken all of it. Fails once with a system error when it cannot:
   * EPIPE when its reader has gone.
   */
  readonly settled: () => Promise<void>
  /** Standard error: progress and complaints. */
  readonly err: (text: string) => void
  /** Whether standard error is a terminal, where a progress line can be drawn over. */
  readonly interactive: boolean
}

/** One line on standard error. It may quote arguments, paths, and what is in files. */
export function complain({ err }: Terminal, message: string): void {
  err(`soakscope: ${printable(message)}\n`)
}

/**
 * 0 done, 1 the run failed or an experiment missed its tolerance, 2 wrong usage, 130 interrupted.
 */
export type ExitCode = 0 | 1 | 2 | 130

/** Wrong usage: one line that names the argument, what was wrong, and what would be right. */
export class UsageError extends Error {}

/** A run that failed, or what came of it could not be written. */
export class RunError extends Error {}

/** The value, or wrong usage of this argument. */
export function taken<T>(argument: string, parsed: T | string): T {
  if (typeof parsed === 'string') throw new UsageError(`${argument}: ${parsed}`)
  return parsed
}
