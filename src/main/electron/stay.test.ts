import { describe, expect, it } from 'vitest'
import { firstStatus } from '../../shared/first-status'
import { runWords, settingWords } from './stay-words'
import { isTrayThere } from './tray-there'

describe('a run without a window', () => {
  it('is said in words', () => {
    const request = { scenario: 'sdet', seed: 7, parameters: {} }
    const status = firstStatus({ run: 1, title: 'SDET', pace: 1, request })
    expect(runWords({ ...status, phase: 'running', now: 600 })).toBe(
      'SDET, seed 7, runs at 00:10:00',
    )
    expect(runWords(undefined)).toBe('No run')
  })

  it('has a tray where the session bus knows who shows it', async () => {
    const asked: string[] = []
    const bus = (answers: Readonly<Record<string, string>>) => (program: string) => {
      asked.push(program)
      const answer = answers[program]
      return answer === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(answer)
    }
    expect(await isTrayThere('darwin', bus({}))).toBe(true)
    expect(await isTrayThere('win32', bus({}))).toBe(true)
    expect(asked).toEqual([])
    expect(await isTrayThere('linux', bus({ gdbus: '(true,)\n' }))).toBe(true)
    expect(await isTrayThere('linux', bus({ gdbus: '(false,)\n' }))).toBe(false)
    const replied = 'method return time=1\n   boolean true\n'
    expect(await isTrayThere('linux', bus({ 'dbus-send': replied }))).toBe(true)
    expect(await isTrayThere('linux', bus({}))).toBe(false)
  })

  it('says in the setting how to come back where there is no tray', () => {
    expect(settingWords(true)).not.toContain('tray')
    expect(settingWords(false)).toContain('start Soakscope again to come back')
  })
})
