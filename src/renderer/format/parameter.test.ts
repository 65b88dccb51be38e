import { describe, expect, it } from 'vitest'
import type { ChoiceParameter, NumberParameter } from '../../sim/parameters/parameters'
import { rangeText, readParameter } from './parameter'

const scripts: NumberParameter = {
  path: 'sdet.scripts',
  type: 'number',
  help: 'Scripts at once.',
  source: 'text',
  live: true,
  unit: 'scripts',
  min: 1,
  max: 1024,
  integer: true,
  default: 128,
}
const bforget: ChoiceParameter = {
  path: 'kernel.bforget',
  type: 'choice',
  help: 'What bforget does.',
  source: 'text',
  live: false,
  choices: ['recycle', 'orphan'],
  default: 'recycle',
}

describe('typed parameters', () => {
  it('are taken within their range', () => {
    expect(readParameter(scripts, ' 1,024 ')).toEqual({ value: 1024 })
    expect(readParameter({ ...scripts, integer: false, min: 0.5 }, '0.75')).toEqual({ value: 0.75 })
    expect(readParameter(bforget, 'orphan')).toEqual({ value: 'orphan' })
  })
  it('are refused with what would be right', () => {
    const problem = 'sdet.scripts is a whole number, 1–1,024 scripts, not "9000"'
    expect(readParameter(scripts, '9000')).toEqual({ problem })
    for (const text of ['', '1.5', 'many', '0', '1e9']) {
      expect(readParameter(scripts, text)).toHaveProperty('problem')
    }
    expect(readParameter(bforget, 'forget')).toEqual({
      problem: 'kernel.bforget is recycle or orphan, not "forget"',
    })
  })
  it('say their range', () => {
    expect(rangeText({ ...scripts, unit: '1', max: 0.125, min: 0 })).toBe('0–0.125')
  })
})
