import { describe, expect, it } from 'vitest'
import type { RangeRequest, RunRange } from '../../shared/api'
import { SampleHistory } from '../../shared/charts/sample-history'
import type { SampleBlock } from '../../shared/frame'
import { ShownRows } from './shown-rows'

/** Rows of some seconds each. */
function block(from: number, to: number, seconds: number): SampleBlock {
  const rows = Math.round((to - from) / seconds)
  const time = Float64Array.from({ length: rows }, (_, i) => from + (i + 1) * seconds)
  const merged = new Uint32Array(rows).fill(seconds)
  return { rows, columns: 1, time, merged, last: time, min: time, max: time, mean: time }
}

/** Ten hours of which the page has a row for each minute, and the newest hour as it came. */
function shown() {
  const own = new SampleHistory()
  own.append(block(0, 32_400, 60))
  own.append(block(32_400, 36_000, 1))
  const asked: RangeRequest[] = []
  let news = 0
  const rows = new ShownRows({
    own,
    ask: (request) => {
      asked.push(request)
      const samples = block(request.from, request.to, 1)
      return Promise.resolve<RunRange>({ samples, marks: [], rounds: [] })
    },
    onNews: () => news++,
  })
  return { own, rows, asked, told: () => news }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the rows that are drawn', () => {
  it('are those of the page where they are fine enough', async () => {
    const { own, rows, asked } = shown()
    rows.look({ from: 35_000, to: 36_000 })
    rows.look({ from: 0, to: 36_000 })
    await settled()
    expect(asked).toEqual([])
    expect(rows.history.value).toBe(own)
  })

  it('are asked for where somebody looks closer, once, with room on both sides', async () => {
    const { own, rows, asked, told } = shown()
    rows.look({ from: 1000, to: 1600 })
    rows.look({ from: 1000, to: 1600 })
    expect(rows.history.value).toBe(own)
    await settled()
    expect(told()).toBe(1)
    expect(asked).toEqual([{ from: 700, to: 1900, rows: 2000 }])
    rows.look({ from: 1000, to: 1600 })
    expect(rows.history.value.firstFrom(1600) - rows.history.value.firstFrom(1000)).toBe(600)
    rows.look({ from: 1200, to: 1800 })
    await settled()
    expect(asked).toHaveLength(1)
  })

  it('grow with new samples where they reach to the newest', async () => {
    const { own, rows } = shown()
    rows.look({ from: 31_000, to: 36_000 })
    await settled()
    rows.look({ from: 31_000, to: 36_000 })
    const before = own.time(own.rows - 1)
    const more = block(36_000, 36_010, 1)
    own.append(more)
    rows.append(more, before)
    const { value } = rows.history
    expect(value.time(value.rows - 1)).toBe(36_010)
  })

  it('are forgotten with their run, also when they come late', async () => {
    const { own, rows } = shown()
    rows.look({ from: 1000, to: 1600 })
    rows.forget()
    await settled()
    rows.look({ from: 0, to: 36_000 })
    expect(rows.history.value).toBe(own)
  })
})
