import { expect, it } from 'vitest'
import { parseSize, sizeText } from './size-text'

it('sizes on a disk are read as people and the command line write them', () => {
  expect(parseSize('500MB')).toBe(500e6)
  expect(parseSize(' 4 gb ')).toBe(4e9)
  expect(parseSize('1.5TB')).toBe(1.5e12)
  for (const words of ['', '4', '4 G', 'GB', '-1GB', '1e3 GB', '4 GB of it']) {
    expect(parseSize(words), words).toBeUndefined()
  }
})

it('and said as they are read', () => {
  const said = [0, 830e3, 1e6, 12.54e6, 999e6, 4e9, 1.5e12].map(sizeText)
  expect(said).toEqual(['0 B', '830 kB', '1 MB', '12.5 MB', '999 MB', '4 GB', '1.5 TB'])
  for (const bytes of [1e6, 500e6, 4e9, 2.5e9]) expect(parseSize(sizeText(bytes))).toBe(bytes)
  expect(sizeText(Infinity)).toBe('–')
})
