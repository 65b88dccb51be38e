import { describe, expect, it } from 'vitest'
import { contrast, mixed, parseColour, pixel } from './colour'

describe('colours', () => {
  it('are read from every form that a style sheet gives', () => {
    const amber = { r: 242, g: 184, b: 75 }
    expect(parseColour(' #f2b84b')).toEqual(amber)
    expect(parseColour('#f2b84b33')).toEqual(amber)
    expect(parseColour('rgb(242, 184, 75)')).toEqual(amber)
    expect(parseColour('#fff')).toEqual({ r: 255, g: 255, b: 255 })
  })

  it('mix to what a translucent fill would look like', () => {
    expect(mixed('#ffffff', '#000000', 0.5)).toBe('rgb(128, 128, 128)')
    expect(mixed('#123456', '#abcdef', 1)).toBe('rgb(18, 52, 86)')
  })

  it('become the bytes red, green, blue, opaque', () => {
    const bytes = new Uint8Array(new Uint32Array([pixel({ r: 1, g: 2, b: 3 })]).buffer)
    expect([...bytes]).toEqual([1, 2, 3, 255])
  })

  it('have the contrast that WCAG defines', () => {
    expect(contrast(parseColour('#000'), parseColour('#fff'))).toBeCloseTo(21, 6)
    expect(contrast(parseColour('#777'), parseColour('#777'))).toBe(1)
  })
})
