import { describe, expect, it, vi } from 'vitest'
import { firstStatus } from '../../shared/first-status'
import type { Frame, RunFacts, RunStatus } from '../../shared/frame'
import { FrameOutlet } from './frame-outlet'
import type { Batch, LiveStatus } from './protocol'

const request = { scenario: 's', seed: 1, parameters: {} }
const first = firstStatus({ run: 1, title: '', pace: 1, request })
const status = (now: number): RunStatus => ({ ...first, phase: 'running', now })
const batch = (...samples: readonly (readonly [time: number, value: number])[]): Batch => ({
  status: status(0) as unknown as LiveStatus,
  rows: samples.length,
  time: Float64Array.from(samples.map(([time]) => time)),
  values: Float64Array.from(samples.flatMap(([, value]) => [value, 0])),
  marks: samples.map(([at]) => ({ at, kind: 'note' as const, text: `at ${at}` })),
  rounds: [],
  trace: { firstStack: 0, stacks: [], profile: [], digests: [] },
})
const facts = (columns: number): RunFacts => ({
  scenario: 's',
  title: '',
  summary: '',
  seed: 1,
  structures: [],
  counters: Array.from({ length: columns }, (_, column) => ({
    id: `c${column}`,
    unit: '1',
    kind: 'gauge' as const,
    help: '',
  })),
})
function outletOf() {
  const frames: Frame[] = []
  const outlet = new FrameOutlet((frame) => frames.push(frame))
  outlet.begin(facts(2), status(0))
  return { outlet, frames }
}

describe('the frames of a screen', () => {
  it('begin with the status, and the next one waits for the acknowledgement', () => {
    const { outlet, frames } = outletOf()
    outlet.offer(batch([1, 5]), status(1))
    expect(frames.length).toBe(1)
    expect(frames[0]?.samples.rows).toBe(0)
    expect(frames[0]?.facts?.counters.length).toBe(2)
    outlet.acknowledge(1)
    expect(frames.length).toBe(2)
    expect(frames[1]?.samples.last[0]).toBe(5)
    expect(frames[1]?.status.now).toBe(1)
    expect(frames[1]?.facts).toBeUndefined()
  })

  it('merge what happens while the screen is behind, without losing a sample or a mark', () => {
    const { outlet, frames } = outletOf()
    for (let time = 1; time <= 5000; time++) outlet.offer(batch([time, time % 100]), status(time))
    outlet.acknowledge(1)
    const samples = frames[1]?.samples
    expect(frames.length).toBe(2)
    expect(samples?.rows).toBeLessThanOrEqual(512)
    expect([...(samples?.merged ?? [])].reduce((a, b) => a + b, 0)).toBe(5000)
    expect(samples?.time.at(-1)).toBe(5000)
    expect(Math.max(...(samples?.max ?? []))).toBe(99)
    expect(frames[1]?.marks.length).toBe(4096)
    expect(frames[1]?.marks.at(-1)?.at).toBe(5000)
  })

  it('are numbered, and an acknowledgement of another number counts for nothing', () => {
    const { outlet, frames } = outletOf()
    outlet.offer(batch([1, 1]), status(1))
    outlet.acknowledge(7)
    expect(frames.length).toBe(1)
    outlet.acknowledge(1)
    outlet.acknowledge(1)
    outlet.offer(batch([2, 1]), status(2))
    expect(frames.map((frame) => frame.sequence)).toEqual([1, 2])
  })

  it('are not sent when there is nothing new', () => {
    const { outlet, frames } = outletOf()
    outlet.acknowledge(1)
    expect(frames.length).toBe(1)
  })

  it('of a run that was replaced are forgotten', () => {
    const { outlet, frames } = outletOf()
    outlet.offer(batch([1, 1]), status(1))
    outlet.begin(facts(3), { ...status(0), run: 2 })
    outlet.acknowledge(1)
    expect(frames[1]).toMatchObject({
      status: { run: 2 },
      samples: { rows: 0, columns: 3 },
      marks: [],
    })
  })

  it('come once a second while nobody can see the screen, and at once when somebody can', () => {
    vi.useFakeTimers()
    const { outlet, frames } = outletOf()
    const merged = (): number[] => frames.map(({ samples }) => samples.rows)
    const second = (from: number): void => {
      for (let quarter = 0; quarter < 4; quarter++) {
        const time = from + quarter / 4
        outlet.offer(batch([time, 1]), status(time))
        outlet.acknowledge(frames.at(-1)?.sequence ?? 0)
        vi.advanceTimersByTime(250)
      }
    }
    outlet.acknowledge(1)
    outlet.setHidden(true)
    for (let from = 1; from <= 5; from++) second(from)
    outlet.acknowledge(frames.at(-1)?.sequence ?? 0)
    // The first one at once, then one at the end of every second.
    expect(merged()).toEqual([0, 1, 3, 4, 4, 4, 4])
    const before = frames.length
    outlet.offer(batch([9, 1]), status(9))
    expect(frames.length).toBe(before)
    outlet.setHidden(false)
    expect(frames.length).toBe(before + 1)
    expect(frames.reduce((rows, { samples }) => rows + samples.rows, 0)).toBe(21)
    second(10)
    expect(frames.length).toBe(before + 5)
    outlet.setHidden(true)
    outlet.offer(batch([20, 1]), status(20))
    outlet.end()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('say whose place a run took, in its first frame', () => {
    const { outlet, frames } = outletOf()
    const replaced = { title: 'S', seed: 1, by: 'another page', others: 1 } as const
    outlet.acknowledge(1)
    outlet.begin(facts(2), status(0), replaced)
    outlet.acknowledge(2)
    outlet.offer(batch([1, 1]), status(1))
    expect(frames.map((frame) => frame.replaced)).toEqual([undefined, replaced, undefined])
  })
})
