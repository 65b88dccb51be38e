/** A run loop on a synthetic server, whose wall clock a test moves. */
import type { Batch, RunRequest } from './protocol'
import { RunLoop, type RunLoopOptions } from './run-loop'
import { SyntheticServer } from './synthetic-server.test-support'

export const plainly = {
  pace: 1,
  paused: false,
  timeline: [],
  repeatUntil: undefined,
  version: '0',
} as const

/**
 * A loop on a wall clock that the test moves: 0.1 ms passes with every look, so that slices end.
 */
export function loopOf(options: Partial<RunLoopOptions> = {}) {
  const server = new SyntheticServer(7)
  const clock = { ms: 0 }
  const batches: Batch[] = []
  const loop = new RunLoop(server, {
    ...plainly,
    ...options,
    wall: () => (clock.ms += 0.1),
    emit: (batch) => batches.push(batch),
  })
  const runWall = (ms: number): void => {
    const end = clock.ms + ms
    while (clock.ms < end) {
      const wait = loop.slice() ?? ms
      clock.ms += wait
    }
  }
  const ask = (request: RunRequest) => loop.request(request)
  const newest = () => {
    const status = batches.at(-1)?.status
    if (!status) throw new Error('no batch was sent')
    return status
  }
  return { server, clock, batches, loop, runWall, ask, newest }
}
