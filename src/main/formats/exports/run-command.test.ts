import { describe, expect, it } from 'vitest'
import { planExport, planWindow } from '../../cli/export-options'
import { scenarioExport } from './exportable.test-support'
import { runCommand } from './run-command'

const { about } = scenarioExport('yield', 1)
const window = { from: 3, to: 9 }

describe('the command that makes a run again', () => {
  it.each(['.report.html', '.trace.json'])('writes the window once more as *%s', (ending) => {
    const words = runCommand({ about, window }, ending).split(' ')
    const after = (option: string): string => words[words.indexOf(option) + 1] ?? ''
    expect(planExport('--export', after('--export')).path).toBe(`again${ending}`)
    expect(planWindow('--window', after('--window'))).toEqual(window)
  })

  it('has no window where nothing is written: the command line refuses one', () => {
    expect(runCommand({ about, window })).not.toContain('--window')
  })
})
