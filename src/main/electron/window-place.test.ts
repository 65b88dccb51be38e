import { describe, expect, it } from 'vitest'
import { leastSize, parsePlace, placeIn, type Rectangle, type WindowPlace } from './window-place'

const small: Rectangle = { x: 0, y: 25, width: 1280, height: 775 }
const large: Rectangle = { x: 1280, y: 0, width: 2560, height: 1400 }
const left = (place: Partial<WindowPlace> = {}): WindowPlace => ({
  x: 100,
  y: 60,
  width: 1000,
  height: 700,
  maximized: false,
  ...place,
})

describe('a window that nobody has placed', () => {
  it('is as large as usual, in the middle, or as large as there is room', () => {
    expect(placeIn(undefined, [large])).toEqual({
      x: 1840,
      y: 250,
      width: 1440,
      height: 900,
      maximized: false,
    })
    expect(placeIn(undefined, [small, large])).toEqual({ ...small, height: 775, maximized: false })
  })
})

describe('a window that was left somewhere', () => {
  it('stands there again', () => {
    const places = [left(), left({ x: 1400 }), left({ maximized: true })]
    for (const place of places) expect(placeIn(place, [small, large])).toEqual(place)
  })

  it('is moved and made smaller where the display ends', () => {
    expect(placeIn(left({ x: 900, y: 500 }), [small])).toEqual(left({ x: 280, y: 100 }))
    expect(placeIn(left({ width: 2000, height: 1200 }), [small])).toMatchObject(small)
    expect(placeIn(left({ width: 10, height: 10 }), [small])).toMatchObject(leastSize(small))
  })

  it('comes to the main display when its own is gone', () => {
    expect(placeIn(left({ x: 2500 }), [small])).toEqual(left({ x: 140, y: 62 }))
  })

  it('is never outside of a display, whatever is remembered', () => {
    for (let x = -9000; x <= 9000; x += 3000) {
      for (let y = -9000; y <= 9000; y += 3000) {
        for (const size of [1, 700, 90_000]) {
          const at = placeIn(left({ x, y, width: size, height: size }), [small, large])
          const inside = [small, large].some(
            (area) =>
              at.x >= area.x &&
              at.y >= area.y &&
              at.x + at.width <= area.x + area.width &&
              at.y + at.height <= area.y + area.height,
          )
          expect([x, y, size, inside]).toEqual([x, y, size, true])
        }
      }
    }
  })
})

describe('the smallest size', () => {
  it('is no larger than the display', () => {
    expect(leastSize(large)).toEqual({ width: 853, height: 600 })
    expect(leastSize({ ...small, width: 800, height: 480 })).toEqual({ width: 800, height: 480 })
  })
})

describe('what a file remembers', () => {
  it('is read as it was written', () => {
    expect(parsePlace(JSON.stringify(left({ maximized: true })))).toEqual(left({ maximized: true }))
    expect(parsePlace(JSON.stringify({ ...left(), more: 1 }))).toEqual(left())
  })

  it('is ignored when it is broken', () => {
    const broken = ['', 'null', '[]', '7', '{', '{"x":1}', '{"x":1,"y":2,"width":3}']
    const wrong = [
      { x: '1' },
      { y: 1.5 },
      { width: 0 },
      { height: -5 },
      { width: 1e9 },
      { x: null },
    ]
    for (const text of [
      ...broken,
      ...wrong.map((part) => JSON.stringify({ ...left(), ...part })),
    ]) {
      expect([text, parsePlace(text)]).toEqual([text, undefined])
    }
  })
})
