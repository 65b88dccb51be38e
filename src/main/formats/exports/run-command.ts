/** The command line that makes a run again, to the same digest. */
import type { Exportable } from './exportable'

export function runCommand({ about, window }: Pick<Exportable, 'about' | 'window'>): string {
  const { scenario, seed, changed, actions, runSeconds } = about
  const words = ['soakscope', 'run', scenario, '--seed', String(seed), '--for', `${runSeconds}s`]
  for (const [path, value] of Object.entries(changed)) words.push('--set', `${path}=${value}`)
  for (const { at, action } of actions) words.push('--at', `${at}s ${action}`)
  if (window) words.push('--window', `${window.from}s..${window.to}s`)
  return words.map(quoted).join(' ')
}

/** As a shell takes it for one word. */
const quoted = (word: string): string =>
  /^[\w.=:,/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
