/** What differs between two states of a run, and what is said of it. */
import type { Mark, Replaced, RunStatus } from '../../shared/frame'

export const runName = ({ title, seed }: Pick<RunStatus, 'title' | 'seed'>): string =>
  `${title} with seed ${seed}`

/**
 * Whether a page that was away finds another run; one of the same number may be that of a host
 * begun anew.
 */
export const isAnother = (before: RunStatus, now: RunStatus): boolean =>
  now.run !== before.run ||
  now.scenario !== before.scenario ||
  now.seed !== before.seed ||
  now.now < before.now

export function sameRecord(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

export const sameActions = (a: RunStatus['toCome'], b: RunStatus['toCome']): boolean =>
  a.length === b.length &&
  a.every(({ at, action }, index) => at === b[index]?.at && action === b[index].action)

export const sameUntil = (a: RunStatus['until'], b: RunStatus['until']): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

export const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index])

/** A run is one for every page: who took whose place is said on all of them. */
export function replacedWords(
  { title, seed, by, others }: Replaced,
  now: RunStatus,
): string | undefined {
  const old = runName({ title, seed })
  if (by === 'another page') {
    return `Another page began ${runName(now)}; it took the place of ${old}`
  }
  if (others === 0) return undefined
  const whose = others === 1 ? 'another page' : `${others} other pages`
  return `${runName(now)} took the place of ${old}, which ${whose} watched too`
}

/** What became of what was made again beside a run, when another one takes its place. */
export function asideWords(before: RunStatus, now: RunStatus, by?: Replaced): string | undefined {
  const { aside } = before
  if (by?.calledOff !== undefined) {
    return `${by.calledOff} is not made again any more: another run was begun`
  }
  if (!aside || now.aside || now.run === before.run) return undefined
  if (aside.kind === 'chapter') return undefined
  return `${aside.title} ${aside.kind === 'continue' ? 'goes on where it stood' : 'has branched off'}`
}

/** Whether a mark is among those that are in order of time. */
export function isKnown(marks: readonly Mark[], mark: Mark): boolean {
  const newest = marks.at(-1)
  if (!newest || mark.at > newest.at) return false
  return marks.some(
    (known) => known.at === mark.at && known.kind === mark.kind && known.text === mark.text,
  )
}
