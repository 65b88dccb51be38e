import { describe, expect, it } from 'vitest'
import { linesPerSwitch, StackLines } from './stack-lines'

/** Lines loaded in the last of three rounds over so many tasks on one CPU. */
function round(lines: StackLines, tasks: number): number {
  let loaded = 0
  for (let turn = 0; turn < 3; turn++) {
    loaded = 0
    for (let slot = 0; slot < tasks; slot++) loaded += lines.switchTo(0, slot, 0)
  }
  return loaded
}

describe('task structures and kernel stacks in a cache', () => {
  it('stay there while there are no more of them than places, and are all gone with twice as many', () => {
    expect(round(new StackLines(1, 64, 4), 64)).toBe(0)
    expect(round(new StackLines(1, 64, 4), 128)).toBe(128 * linesPerSwitch)
  })

  it('push each other out set by set', () => {
    // 16 sets of four: with 72 tasks eight sets have five.
    expect(round(new StackLines(1, 64, 4), 72)).toBe(8 * 5 * linesPerSwitch)
  })

  it('are stale where another CPU ran the task in the meantime', () => {
    const lines = new StackLines(2, 64, 4)
    expect(lines.switchTo(0, 7, 0)).toBe(linesPerSwitch)
    expect(lines.switchTo(0, 7, 0)).toBe(0)
    expect(lines.switchTo(1, 7, 0)).toBe(linesPerSwitch)
    expect(lines.switchTo(0, 7, 1)).toBe(linesPerSwitch)
  })

  it('of a cache without associativity have one place each', () => {
    const lines = new StackLines(1, 256, 1)
    expect(round(lines, 256)).toBe(0)
    lines.switchTo(0, 256, 0)
    expect(lines.switchTo(0, 0, 0)).toBe(linesPerSwitch)
    expect(lines.switchTo(0, 1, 0)).toBe(0)
  })
})
