import { describe, expect, it } from 'vitest'
import { columnsOf, cut, printable, printableJson } from './printable'
import { complain } from './terminal'
import { table } from './table'

const dangerous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u

describe('text for a terminal', () => {
  it('shows what moves the cursor, ends a line or turns letters round, and leaves the rest', () => {
    expect(printable('\u001b[31mred\u001b[0m')).toBe('\\x1b[31mred\\x1b[0m')
    expect(printable('a\tb\r\nc\u0085\u009b2J')).toBe('a\\tb\\r\\nc\\x85\\x9b2J')
    expect(printable('\u202egnp.exe\u2066\u2028\uFEFF\u200d')).toBe(
      '\\u202egnp.exe\\u2066\\u2028\\ufeff\\u200d',
    )
    expect(printable('\ud800 \u{e0041} \ue000')).toBe('\\ud800 \\u{e0041} \\ue000')
    expect(printable('C:\\temp – évènement 名前 😀 ±µ')).toBe('C:\\temp – évènement 名前 😀 ±µ')
  })

  it('has no dangerous character left, whatever it was', () => {
    for (let code = 0; code < 0x11_0000; code++) {
      const shown = printable(String.fromCodePoint(code))
      if (dangerous.test(shown)) throw new Error(`U+${code.toString(16)} gets through`)
    }
  })

  it('as JSON says the same, without null for what is no number', () => {
    const value = { 'k\u202e': 'a\u001b\u009b\n\u{e0041}', nested: [{ plain: '名' }] }
    const words = printableJson({ ...value, none: Number.NaN, endless: Infinity })
    expect(JSON.parse(words)).toEqual(value)
    expect(words.split('\n').some((line) => dangerous.test(line))).toBe(false)
    expect(words).not.toMatch(/null|NaN|Infinity/)
  })

  it('is cut in the middle, so that both ends tell what it is', () => {
    expect(cut('abcdefghij', 7)).toBe('abc…hij')
    expect(cut('abcdefg', 7)).toBe('abcdefg')
  })
})

describe('a table', () => {
  it('keeps its columns in line with wide and combining letters, on one line a row', () => {
    const words = table(
      [{ title: 'name' }, { title: 'n', right: true }, { title: 'end' }],
      [
        ['名前', '1', 'x'],
        ['e\u0301te\u0301', '22', 'x'],
        ['a\nb', '333', '\u001b[2J'],
      ],
    )
    const lines = words.trimEnd().split('\n')
    expect(lines.map((line) => columnsOf(line.replace(/(x|end|\\x1b\[2J)$/, '')))).toEqual(
      lines.map(() => 11),
    )
    expect(lines[1]).toBe('名前    1  x')
    expect(lines[3]).toBe('a\\nb  333  \\x1b[2J')
  })
})

it('a complaint is one line, whatever it quotes', () => {
  let said = ''
  complain(
    {
      out: () => undefined,
      err: (text) => void (said += text),
      settled: () => Promise.resolve(),
      interactive: true,
    },
    'cannot read \u001b]0;title\u0007/etc\n/passwd: there is no such file',
  )
  expect(said).toBe(
    'soakscope: cannot read \\x1b]0;title\\x07/etc\\n/passwd: there is no such file\n',
  )
})
