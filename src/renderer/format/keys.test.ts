import { describe, expect, it } from 'vitest'
import { chordOf, isMac, keyCaps, type KeyPress } from './keys'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
})

describe('key chords', () => {
  it('are the same in upper and lower case', () => {
    expect(chordOf(press('f'), false)).toBe('F')
    expect(chordOf(press('F'), false)).toBe('F')
    expect(chordOf(press('R', { shiftKey: true }), false)).toBe('Shift+R')
    expect(chordOf(press(' '), false)).toBe('Space')
  })
  it('use Command on a Mac and Control elsewhere', () => {
    expect(chordOf(press('k', { ctrlKey: true }), false)).toBe('Mod+K')
    expect(chordOf(press('k', { metaKey: true }), true)).toBe('Mod+K')
    expect(chordOf(press('k', { metaKey: true }), false)).toBeUndefined()
    expect(isMac('MacIntel')).toBe(true)
    expect(isMac('Linux x86_64')).toBe(false)
  })
  it('take characters that need Shift as they are', () => {
    expect(chordOf(press('?', { shiftKey: true, code: 'Slash' }), false)).toBe('?')
    expect(chordOf(press('+', { shiftKey: true, code: 'Equal' }), false)).toBe('+')
  })
  it('take digits by their place on the keyboard', () => {
    expect(chordOf(press('!', { shiftKey: true, code: 'Digit1' }), false)).toBe('Shift+1')
    expect(chordOf(press('&', { code: 'Digit1' }), false)).toBe('1')
    expect(chordOf(press('4', { code: 'Numpad4' }), false)).toBe('4')
  })
  it('are nothing for a modifier alone or with Alt', () => {
    expect(chordOf(press('Shift', { shiftKey: true }), false)).toBeUndefined()
    expect(chordOf(press('f', { altKey: true }), false)).toBeUndefined()
  })
  it('print as caps', () => {
    expect(keyCaps('Shift+Backspace', false)).toEqual(['Shift', 'Bksp'])
    expect(keyCaps('Mod+K', true)).toEqual(['Cmd', 'K'])
    expect(keyCaps('+', false)).toEqual(['+'])
    expect(keyCaps('h', false)).toEqual(['H'])
  })
})
