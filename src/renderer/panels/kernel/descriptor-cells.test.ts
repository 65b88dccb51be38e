import { describe, expect, it } from 'vitest'
import type { DescriptorTableSnapshot } from '../../../sim/observe/structures'
import {
  cellOf,
  descriptorAt,
  descriptorLayout,
  describeDescriptor,
  describeSearch,
  describeTable,
  openDescriptors,
} from './descriptor-cells'

function table(change: Partial<DescriptorTableSnapshot> = {}): DescriptorTableSnapshot {
  const words = new Int32Array(32)
  words[0] = 0b1011
  words[31] = 1 << 31
  return {
    kind: 'descriptor-table',
    alloc: 'one-bitmap',
    words,
    fullWords: new Int32Array(0),
    wordsPerFull: 1,
    process: { pid: 12, command: 'httpd' },
    searched: { fullWords: 0, from: 0, words: 1 },
    files: ['/dev/console', '/dev/console', '', 'listening socket'],
    perProcess: 1024,
    processes: 1001,
    emfile: 0,
    system: { used: 204, held: 0, limit: 4096, reserved: 10, enfile: 0 },
    ...change,
  }
}

describe('cells of a descriptor bitmap', () => {
  it.each([
    [408, 110],
    [856, 160],
    [1480, 300],
    [300, 90],
  ])('hold 1,024 bits within %i × %i, and can be told apart', (width, height) => {
    const layout = descriptorLayout(32, width, height)
    expect(layout.words).toBe(32)
    expect(layout.pitch).toBeGreaterThanOrEqual(3)
    for (let descriptor = 0; descriptor < 1024; descriptor++) {
      const { x, y } = cellOf(layout, descriptor)
      expect(x + layout.pitch).toBeLessThanOrEqual(width)
      expect(y + layout.rowPitch).toBeLessThanOrEqual(height)
      expect(descriptorAt(layout, x + 0.5, y + 0.5)).toBe(descriptor)
    }
  })

  it('are cut to the first words when there are too many', () => {
    const layout = descriptorLayout(3200, 408, 110)
    expect(layout.words).toBeLessThan(3200)
    expect(layout.words).toBeGreaterThan(100)
    const { x, y } = cellOf(layout, layout.words * 32 - 1)
    expect(x).toBeLessThan(408)
    expect(y).toBeLessThan(110)
  })

  it('are not found beside them, between words, or beyond the last word', () => {
    const layout = descriptorLayout(3, 408, 110)
    expect(descriptorAt(layout, -1, 0)).toBe(-1)
    expect(descriptorAt(layout, 0, -1)).toBe(-1)
    expect(descriptorAt(layout, 32 * layout.pitch + 1, 0)).toBe(-1)
    expect(descriptorAt(layout, 0, layout.rows * layout.rowPitch + 1)).toBe(-1)
  })
})

describe('words on descriptors', () => {
  it('count what is in use, the sign bit of a word too', () => {
    expect(openDescriptors(table())).toBe(4)
    expect(openDescriptors(table({ words: new Int32Array([-1, -1]) }))).toBe(64)
  })

  it('say what is behind a descriptor, or why there is nothing', () => {
    const shown = table({ perProcess: 100 })
    expect(describeDescriptor(shown, 3)).toBe('descriptor 3 · listening socket · bit 3 of word 0')
    expect(describeDescriptor(shown, 2)).toMatch(/^descriptor 2 · free/)
    expect(describeDescriptor(shown, 500)).toMatch(/beyond the limit of the process/)
    expect(describeDescriptor(shown, 1023)).toMatch(/reserved, no file yet/)
    expect(describeDescriptor(shown, -1)).toBe('')
  })

  it('say what the last search looked at', () => {
    expect(describeSearch(table())).toBe('1 of 32 words')
    const searched = { fullWords: 1, from: 7, words: 1 }
    expect(describeSearch(table({ searched }))).toBe('1 word of full words, then 1 of 32 words')
    const slots = { fullWords: 0, from: 0, words: 26, slots: 807 }
    expect(describeSearch(table({ alloc: 'ufalloc', searched: slots }))).toBe('807 of 1,024 slots')
    const tree = { fullWords: 1, from: 24, words: 2 }
    expect(describeSearch(table({ wordsPerFull: 2, searched: tree }))).toBe(
      '1 upper word, then 1 of 16 lower ones',
    )
  })

  it('say whose table it is, and that not all of it is drawn', () => {
    expect(describeTable(table(), 32)).toBe(
      'httpd, pid 12, has most descriptors of 1,001 processes',
    )
    expect(describeTable(table(), 8)).toMatch(/the first 8 words drawn$/)
    expect(describeTable(table({ processes: 1 }), 32)).toMatch(/is the only process/)
    expect(describeTable(table({ process: undefined }), 0)).toBe('')
  })
})
