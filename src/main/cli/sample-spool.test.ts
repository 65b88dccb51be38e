import { describe, expect, it } from 'vitest'
import { SampleSpool } from './sample-spool'

describe('the samples of a run', () => {
  it.each([2, 16, 1000])('come back as they were, %i numbers at a time', (numbers) => {
    const spool = new SampleSpool(3, numbers)
    const written = Array.from({ length: 50 }, (_, i) => [i + 1, i * 2, -i, i / 3])
    for (const [time = 0, ...values] of written) spool.add(time, Float64Array.from(values))
    const read = () => Array.from(spool.each(), ({ time, values }) => [time, ...values])
    expect(read()).toEqual(written)
    expect(read()).toEqual(written)
    spool.close()
  })

  it('are none when there were none', () => {
    expect([...new SampleSpool(3).each()]).toEqual([])
  })
})
