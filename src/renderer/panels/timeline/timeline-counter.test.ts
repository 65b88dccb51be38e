import { expect, it } from 'vitest'
import { timelineCounter } from './timeline-counter'

const of =
  (...counters: string[]) =>
  (id: string) =>
    counters.includes(id)
const sdet = of('work.round', 'memory.buffers', 'processes.runnable')
const web = of('load.completed', 'memory.buffers', 'processes.runnable')

it('the timeline draws buffers where rounds fill them, and otherwise who wants to run', () => {
  expect(timelineCounter(undefined, sdet)).toBe('memory.buffers')
  expect(timelineCounter(undefined, web)).toBe('processes.runnable')
})

it('the timeline draws the connections of a proxy, but not where a web server has more to say', () => {
  const proxy = ['proxy.clients', 'processes.runnable']
  expect(timelineCounter(undefined, of(...proxy))).toBe('proxy.clients')
  expect(timelineCounter(undefined, of(...proxy, 'accept.woken'))).toBe('processes.runnable')
})

it('the timeline draws what was chosen, as long as the run has it', () => {
  expect(timelineCounter('load.completed', web)).toBe('load.completed')
  expect(timelineCounter('load.completed', sdet)).toBe('memory.buffers')
})
