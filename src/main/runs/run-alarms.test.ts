import { expect, it } from 'vitest'
import { createServer } from '../../sim/index'
import type { Batch } from './protocol'
import { RunLoop } from './run-loop'

it('a run pauses right at the sample at which an alarm that pauses rings, and goes on then', () => {
  const parameters = { 'httpd.processes': 5, 'load.connections': 2 }
  const server = createServer({ scenario: 'web', seed: 1, parameters })
  if (typeof server === 'string') throw new Error(server)
  const batches: Batch[] = []
  const timeline = [{ at: 0.5, action: 'alarm:httpd.processes > 2 for 2s pause' }]
  let now = 0
  const loop = new RunLoop(server, {
    version: 'test',
    pace: 'max',
    paused: false,
    timeline,
    repeatUntil: undefined,
    wall: () => (now += 1),
    emit: (batch) => void batches.push(batch),
  })
  while (loop.slice() !== undefined);
  const { status } = batches.at(-1)!
  expect(status).toMatchObject({ phase: 'paused', now: 3 })
  expect(status.reason).toContain('paused by alarm: httpd.processes > 2 for 2s pause')
  expect(status.alarms).toMatchObject([{ ringing: true }])
  expect(batches.flatMap(({ marks }) => marks).filter(({ kind }) => kind === 'rang')).toHaveLength(
    1,
  )
  loop.request({ call: 'resume' })
  loop.slice()
  expect(batches.at(-1)?.status.phase).toBe('running')
})
