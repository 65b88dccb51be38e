/** `soakscope trim`: a part of a recording as a recording of its own. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { instantWithMs } from '../../shared/instant-text'
import { Recording } from '../recordings/recording'
import { trimRecording } from '../recordings/trim'
import { planWindow } from './export-options'
import { complain, RunError, UsageError, type Terminal } from './terminal'

export interface TrimWords {
  readonly window: string
  readonly record: string
}

export async function trim(folder: string, words: TrimWords, terminal: Terminal): Promise<void> {
  const opened = await Recording.open(resolve(folder))
  if (!opened.ok) throw new UsageError(`<recording>: ${opened.error.message}`)
  const window = planWindow('--window', words.window)
  const to = resolve(words.record)
  if (existsSync(to)) {
    throw new UsageError(`--record: ${words.record} is there already; name a new folder`)
  }
  const made = await trimRecording(opened.value, window, to)
  if (!made.ok) {
    const { code, message } = made.error
    if (code === 'out-of-range') throw new UsageError(`--window: ${message}`)
    throw new RunError(`--record: ${message}`)
  }
  for (const part of opened.value.missing) complain(terminal, `${folder}: ${part}`)
  const { from, to: end } = made.value
  terminal.out(`${words.record}: ${instantWithMs(from)} to ${instantWithMs(end)} of ${folder}\n`)
}
