/**
 * Seeded rubbish for tests of what strangers may send. A failure is repeated by its seed and
 * number.
 */
import { RandomStream } from '../sim/engine/random'

const words = [
  ...[
    '',
    ' ',
    '/',
    '//',
    '\\',
    '..',
    '%',
    '%00',
    '%zz',
    '?',
    '#',
    '*',
    '\0',
    '\r\n',
    '\u2028',
    '💣',
  ],
  ...['__proto__', 'constructor', 'toString', 'NaN', '-1', '1e999', 'x'.repeat(5000)],
]
const values: readonly unknown[] = [
  ...[undefined, null, true, 0, -0, -1, 0.5, 1e-320, 2 ** 53, 1e308, NaN, Infinity, -Infinity],
  ...[10n, '', 'x', '__proto__', 'x'.repeat(5000), '\0\n\u001b[2J', '\ud800', [], {}, [[[]]]],
]

export class Mutations {
  private readonly stream: RandomStream
  constructor(seed: number, name: string) {
    this.stream = new RandomStream(seed, name)
  }

  /** A whole number from 0 to one below the bound. */
  below(bound: number): number {
    return this.stream.below(bound)
  }
  chance(probability: number): boolean {
    return this.stream.chance(probability)
  }
  one<T>(of: readonly T[]): T {
    const chosen = of[this.below(of.length)]
    if (chosen === undefined && of.length === 0) throw new Error('nothing to choose from')
    return chosen as T
  }
  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }

  /** The text with one to three places cut, doubled, replaced or filled with rubbish. */
  text(text: string): string {
    for (let left = 1 + this.below(3); left > 0; left--) {
      const from = this.below(text.length + 1)
      const to = from + this.below(text.length - from + 1)
      const rubbish = this.one<() => string>([
        () => '',
        () => this.one(words),
        () => text.slice(from, to).repeat(2),
        () => String.fromCharCode(this.below(this.chance(0.8) ? 256 : 65_536)),
      ])()
      text = text.slice(0, from) + rubbish + text.slice(this.chance(0.7) ? from : to)
    }
    return text
  }

  /** The value with one place in it replaced by something else, left out, or added to. */
  value(value: unknown): unknown {
    if (this.chance(0.15)) return this.strange()
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') return value * this.one([-1, 0, 0.1, 1000, 1e12, NaN])
    if (Array.isArray(value)) {
      const list: unknown[] = [...(value as unknown[])]
      if (list.length > 0 && this.chance(0.8)) {
        const at = this.below(list.length)
        list[at] = this.value(list[at])
      } else list.splice(this.below(list.length + 1), this.below(2), this.strange())
      return list
    }
    if (typeof value !== 'object' || value === null) return this.strange()
    const record = Object.entries(value as Record<string, unknown>)
    const at = this.below(record.length + 1)
    const [key, inside] = record[at] ?? [this.text('key'), undefined]
    const replaced = this.chance(0.2)
      ? []
      : [[this.chance(0.2) ? this.text(key) : key, this.value(inside)]]
    record.splice(at, 1, ...(replaced as [string, unknown][]))
    return Object.fromEntries(record)
  }

  /** Something that nobody asked for; cyclic, deep, sparse or no JSON at all. */
  strange(): unknown {
    return this.one<() => unknown>([
      () => this.one(values),
      () => this.one(words),
      () => deep(this.below(3000)),
      () => new Date(NaN),
      () => new Map([[{}, new Set([1])]]),
      () => new Float64Array(this.below(100)),
      () => cyclic(),
      () => new Array(this.below(1000)),
      () => JSON.parse('{"__proto__": {"seed": 1}, "constructor": 1}') as unknown,
      () => Object.create(null) as unknown,
    ])()
  }
}

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value }
  return value
}

function cyclic(): unknown {
  const ring: Record<string, unknown> = { kind: 'call' }
  ring['self'] = [ring]
  return ring
}
