/** The command line that makes a run again, to the same digest, and what was made of it. */
import type { Exportable } from './exportable'

/** @param ending of the file that is written again */
export function runCommand(
  { about, window }: Pick<Exportable, 'about' | 'window'>,
  ending?: string,
): string {
  const { scenario, seed = 0, changed, actions, runSeconds } = about
  const words = ['soakscope', 'run', scenario, '--seed', String(seed), '--for', `${runSeconds}s`]
  for (const [path, value] of Object.entries(changed)) words.push('--set', `${path}=${value}`)
  for (const { at, action } of actions) words.push('--at', `${at}s ${action}`)
  if (ending !== undefined) words.push('--export', `again${ending}`)
  // A window is of what is exported, and refused without.
  if (window && ending !== undefined) words.push('--window', `${window.from}s..${window.to}s`)
  return words.map(quoted).join(' ')
}

/** As a shell takes it for one word. */
const quoted = (word: string): string =>
  /^[\w.=:,/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
