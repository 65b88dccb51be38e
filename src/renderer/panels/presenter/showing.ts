/** What a demonstration shows at an instant: its words, what is said, what comes next. */
import type { Demonstration } from '../../../shared/api'
import type { Mark, Pace, RunStatus } from '../../../shared/frame'
import { markStyle } from '../../charts/mark-style'

export type ShownRun = Pick<RunStatus, 'scenario' | 'seed' | 'actions' | 'toCome'>

/** The demonstration that a run is: its timeline is in what was done and in what is to come. */
export function demonstrationOf(
  demonstrations: readonly Demonstration[],
  run: ShownRun,
): Demonstration | undefined {
  const key = ({ at, action }: { at: number; action: string }): string => `${at} ${action}`
  const there = new Set([...run.actions, ...run.toCome].map(key))
  return demonstrations.find(
    ({ request }) =>
      request.scenario === run.scenario &&
      request.seed === run.seed &&
      request.timeline.every((action) => there.has(key(action))),
  )
}

/** The newest caption at or before an instant. */
export function captionAt(marks: readonly Mark[], at: number): Mark | undefined {
  return marks.findLast((mark) => mark.kind === 'caption' && mark.at <= at)
}

export const captionText = (mark: Mark): string => markStyle(mark).words

export interface NextAction {
  readonly words: string
  /** Simulated. */
  readonly inSeconds: number
}

/** What is done next, and in how many simulated seconds. Captions and alarms are not announced. */
export function nextAction(toCome: RunStatus['toCome'], now: number): NextAction | undefined {
  const next = toCome.find(({ action }) => !/^(caption|note|alarm|no-alarm)\b/.test(action))
  if (!next) return undefined
  const { words } = markStyle({ text: next.action })
  return { words, inSeconds: Math.max(0, next.at - now) }
}

/** Wall seconds in which somebody reads what is announced, and looks where it will be seen. */
const announcedSeconds = 15

/** Whether it comes so soon that it is announced. As fast as possible nothing can be read. */
export function isNear({ inSeconds }: NextAction, pace: Pace | undefined): boolean {
  return pace !== undefined && pace !== 'max' && inSeconds <= announcedSeconds * pace
}
