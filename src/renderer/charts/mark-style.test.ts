import { describe, expect, it } from 'vitest'
import type { Mark, MarkKind } from '../../shared/frame'
import { markStyle } from './mark-style'

const mark = (kind: MarkKind, text: string): Mark => ({ at: 1, kind, text })

describe('marks on a time axis', () => {
  const four = [
    mark('fault', 'fault:orphaned-buffers=1'),
    mark('fix', 'fix:bforget-recycles=on'),
    mark('set', 'set:sdet.scripts=96'),
    mark('reboot', 'reboot'),
  ].map(markStyle)

  it('differ in shape as well as in colour', () => {
    expect(new Set(four.map((style) => style.shape)).size).toBe(4)
    expect(new Set(four.map((style) => style.colour)).size).toBe(4)
  })

  it('say what was done', () => {
    expect(four.map((style) => style.words)).toEqual([
      'fault orphaned-buffers',
      'fix bforget-recycles',
      'set sdet.scripts = 96',
      'reboot',
    ])
  })

  it('are empty where something was switched off', () => {
    const off = markStyle(mark('fault', 'fault:orphaned-buffers=0'))
    expect(off.hollow).toBe(true)
    expect(off.words).toBe('fault orphaned-buffers off')
    expect(markStyle(mark('fix', 'fix:bforget-recycles=off')).hollow).toBe(true)
    expect(four.some((style) => style.hollow)).toBe(false)
  })

  it('tell the intensity of a fault that is partly on', () => {
    expect(markStyle(mark('fault', 'fault:slow-disk=0.5')).words).toBe('fault slow-disk 0.5')
  })

  it('show the words of a note as they are', () => {
    const style = markStyle(mark('note', 'memory is short'))
    expect(style.words).toBe('memory is short')
    expect(style.shape).toBe('tick')
  })
})
