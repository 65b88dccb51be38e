import { expect, it } from 'vitest'
import { wrongWith } from '../kernel/kernel-invariants.test-support'
import { spaceOf } from '../kernel/mm/address-space'
import { at, until, yieldServer } from '../server/simulated-server.test-support'

it('the first thread makes the others by clone, and they share its memory', () => {
  const server = yieldServer({ 'yield.threads': 12, 'machine.cpus': 2 })
  until(server, 0.2)
  const { processes } = server['kernel']
  const threads = [...processes.all].filter(({ command }) => command === 'sched_test_yield')
  expect(processes.forks).toBe(11)
  expect(threads.length).toBe(12)
  expect(new Set(threads.map(spaceOf)).size).toBe(1)
  expect(spaceOf(threads[0]!)?.users).toBe(12)
  expect(server.work().completed).toBeGreaterThan(100)
  server.advance(at(0.3))
  expect(wrongWith(server['kernel'])).toEqual([])
})
