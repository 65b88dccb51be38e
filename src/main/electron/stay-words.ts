/** What is said of a run that goes on without a window. */
import type { RunStatus } from '../../shared/frame'
import { instantText } from '../../shared/instant-text'

const phases: Readonly<Record<RunStatus['phase'], string>> = {
  starting: 'starts',
  running: 'runs',
  paused: 'is paused',
  ended: 'has ended',
  died: 'has ended by itself',
  recorded: 'is a recording',
}

/** `SDET, seed 7, runs at 00:10:00`; the instant is of simulated time. */
export function runWords(status: RunStatus | undefined): string {
  if (!status) return 'No run'
  const { title, seed, phase, now } = status
  return `${title}, seed ${seed}, ${phases[phase]} at ${instantText(now)}`
}

/** The setting, and where it cannot be seen that the run goes on, how to come back to it. */
export const settingWords = (hasTray: boolean): string =>
  hasTray
    ? 'Keep running when the window is closed'
    : 'Keep running when the window is closed (no tray here: start Soakscope again to come back)'
