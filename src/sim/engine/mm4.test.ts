import { expect, it } from 'vitest'
import { nanoseconds, type SimTime } from '../units/time'
import { Engine } from './engine'
import { erlangC, erlangWait, Mm4 } from './mm4.test-support'

const service = 1e6

/** Mean of the batches' means and its standard error. */
function ofBatches(means: readonly number[]): { mean: number; error: number } {
  const mean = means.reduce((sum, value) => sum + value) / means.length
  const square = means.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, error: Math.sqrt(square / (means.length - 1) / means.length) }
}

it('Erlang C is what the books say', () => {
  // One server: M/M/1 waits ρ/(1−ρ). Four at 0.9: 1.96938 service times.
  expect(erlangWait(1, 0.5)).toBeCloseTo(1, 12)
  expect(erlangWait(1, 0.9)).toBeCloseTo(9, 12)
  expect(erlangWait(4, 0.9)).toBeCloseTo(1.96938, 5)
})

it('M/M/4 at utilisation 0.9: the mean wait and the share of those who wait agree with Erlang C', () => {
  const engine = new Engine(20)
  const arrivals = engine.stream('arrivals')
  const services = engine.stream('services')
  const model = new Mm4(
    engine,
    () => nanoseconds(arrivals.exponential(service / 3.6)),
    () => nanoseconds(services.exponential(service)),
  )
  // Batches of 20,000 customers are longer than the queue remembers (its relaxation time is some
  // 400 customers), so their means are all but independent. The first batch fills the line.
  const batches = 40
  const batchLength = Math.round((20_000 / 3.6) * service)
  const waits: number[] = []
  const shares: number[] = []
  for (let batch = 0; batch <= batches; batch++) {
    const { served, waited, delayed } = model
    engine.advance((engine.now + batchLength) as SimTime)
    if (batch === 0) continue
    waits.push((model.waited - waited) / (model.served - served) / service)
    shares.push((model.delayed - delayed) / (model.served - served))
  }
  const wait = ofBatches(waits)
  const share = ofBatches(shares)
  // 4.6 is Student's t for 39 degrees of freedom that 1 seed in 20,000 would exceed.
  expect(Math.abs(wait.mean - erlangWait(4, 0.9))).toBeLessThan(4.6 * wait.error)
  expect(Math.abs(share.mean - erlangC(4, 0.9))).toBeLessThan(4.6 * share.error)
  // A test that could not fail would be one whose interval is wide.
  expect(wait.error).toBeLessThan(0.08)
  expect(share.error).toBeLessThan(0.005)
  expect(model.served).toBeGreaterThan(batches * 19_000)
})
