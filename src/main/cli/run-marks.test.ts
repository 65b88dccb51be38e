import { expect, it } from 'vitest'
import type { ServerMark } from '../../sim/index'
import { RunMarks } from './run-marks'

/** A server that forgets the oldest of more than two marks, as one does of many. */
function serverWith() {
  let waiting: ServerMark[] = []
  return {
    takeMarks: () => waiting.splice(0),
    happens: (at: number) =>
      (waiting = [...waiting, { at, kind: 'round', text: '' } as const].slice(-2)),
  }
}
const instants = (marks: readonly ServerMark[]): number[] => marks.map(({ at }) => at)

it('what a recording has taken is there for an export, and what it takes is there once', () => {
  const server = serverWith()
  const marks = new RunMarks(server, true)
  server.happens(1)
  expect(instants(marks.take())).toEqual([1])
  server.happens(2)
  expect(instants(marks.everything())).toEqual([1, 2])
  expect(instants(marks.take())).toEqual([2])
})

it('who looks now and then has all of them, where they are kept', () => {
  for (const [isKept, there] of [
    [true, [1, 2, 3]],
    [false, [2, 3]],
  ] as const) {
    const server = serverWith()
    const marks = new RunMarks(server, isKept)
    for (const at of [1, 2, 3]) {
      server.happens(at)
      marks.look()
    }
    expect(instants(marks.take())).toEqual(there)
    expect(instants(marks.take())).toEqual([])
  }
})
