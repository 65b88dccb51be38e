import { describe, expect, it } from 'vitest'
import { markLabel } from './mark'

const label = (text: string): string => markLabel({ at: 0, kind: 'fault', text })

describe('labels of marks', () => {
  it.each([
    ['fault:orphaned-buffers=1', 'fault orphaned-buffers'],
    ['fault:orphaned-buffers=0', 'fault orphaned-buffers off'],
    ['fault:slow-disk=0.25', 'fault slow-disk 25 %'],
    ['fix:bforget-recycles=on', 'fix bforget-recycles'],
    ['fix:bforget-recycles=off', 'fix bforget-recycles off'],
    ['set:sdet.scripts=64', 'sdet.scripts = 64'],
    ['reboot', 'reboot'],
    ['paused: blocked > 64', 'paused: blocked > 64'],
  ])('%s reads %s', (text, words) => expect(label(text)).toBe(words))
})
