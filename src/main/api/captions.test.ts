/**
 * What demonstrations say is held against their counters. Long ones are looked at in their first
 * part; SOAKSCOPE_CAPTIONS=whole runs each to its end, which takes a quarter of an hour.
 */
import { describe, expect, it } from 'vitest'
import {
  conditionIn,
  counterNames,
  createServer,
  holds,
  inSeconds,
  instant,
  parseAction,
  type Condition,
} from '../../sim/index'
import { CounterLevels } from '../../sim/observe/counter-levels'
import type { Demonstration } from '../../shared/api'
import { promised, type Claim, type How, type Promised } from './caption-claims.test-support'
import { catalogue } from './catalogue'

const whole = process.env['SOAKSCOPE_CAPTIONS'] === 'whole'
const { demonstrations } = catalogue()
const named = demonstrations.map((demonstration) => [demonstration.id, demonstration] as const)

const claimsOf = ({ about, captions }: Promised): Claim[] => [
  ...about,
  ...captions.flatMap(({ claims }) => claims),
]
const endOf = ([when]: Claim): number => (typeof when === 'number' ? when : when[1])

/** One condition of a claim, and what its counter came to in the samples that it is about. */
class Watched {
  private samples = 0
  private first = NaN
  private last = NaN
  private least = Infinity
  private most = -Infinity
  private sum = 0
  private readonly condition: Condition
  private readonly how: How | undefined

  constructor(
    private readonly when: Claim[0],
    private readonly words: string,
  ) {
    const [, how, rest = ''] = /^(?:(min|max|mean|growth) )?(.*)$/.exec(words) ?? []
    const condition = conditionIn(rest)
    if (!condition || (typeof when === 'number') !== (how === undefined))
      throw new Error(`a claim that is none: ${words}`)
    this.condition = condition
    this.how = how as How | undefined
  }

  sample(at: number, levels: CounterLevels): void {
    const [from, to] = typeof this.when === 'number' ? [this.when, this.when] : this.when
    if (at < from || at > to) return
    const value = levels.read(this.condition.counter)
    if (value === undefined) throw new Error(`there is no ${this.condition.counter}`)
    if (this.samples++ === 0) this.first = value
    this.last = value
    this.least = Math.min(this.least, value)
    this.most = Math.max(this.most, value)
    this.sum += value
  }

  /** What is not so, in words. */
  get broken(): string[] {
    const value = this.value
    if (this.samples > 0 && holds(this.condition, value)) return []
    return [`${String(this.when)} s: ${this.words}, but it is ${value}`]
  }

  private get value(): number {
    switch (this.how) {
      case 'min':
        return this.least
      case 'max':
        return this.most
      case 'mean':
        return this.sum / this.samples
      case 'growth':
        return this.last - this.first
      case undefined:
        return this.last
    }
  }
}

function brokenIn({ request }: Demonstration, claims: readonly Claim[]): string[] {
  const server = createServer(request)
  if (typeof server === 'string') throw new Error(server)
  const levels = new CounterLevels(server.counters)
  const watched = claims.flatMap(([when, ...words]) => words.map((one) => new Watched(when, one)))
  server.onSample = (time) => {
    const at = inSeconds(time)
    levels.note(at)
    for (const one of watched) one.sample(at, levels)
  }
  const end = Math.max(...claims.map(endOf))
  for (const { at, action } of request.timeline) {
    if (at >= end) break
    server.advance(instant(at * 1e9))
    const parsed = parseAction(action)
    expect(typeof parsed === 'string' ? parsed : server.act(parsed)).toBeUndefined()
  }
  server.advance(instant(end * 1e9))
  return watched.flatMap(({ broken }) => broken)
}

describe('what a demonstration says', () => {
  it.each(named)('%s: each caption claims something, or announces what is done', (id, shown) => {
    const { timeline } = shown.request
    const captions = timeline.filter(({ action }) => action.startsWith('caption:'))
    const said = promised[id]?.captions ?? []
    expect(said.map(({ at }) => at)).toEqual(captions.map(({ at }) => at))
    for (const [index, { at, says, claims }] of said.entries()) {
      const { action = '' } = captions[index] ?? {}
      expect(action).toContain(`caption:${says}`)
      const announces = timeline.some((one) => one.at === at && !one.action.startsWith('caption:'))
      if (!announces) expect(claims, action).not.toEqual([])
      // A number that it shows is one that is claimed of that instant.
      const parsed = parseAction(action)
      const shownNames = typeof parsed === 'string' ? [parsed] : counterNames(parsed)
      const ofInstant = claims.filter(([when]) => when === at).flatMap(([, ...words]) => words)
      const claimed = ofInstant.map((words) => conditionIn(words)?.counter)
      expect(claimed).toEqual(expect.arrayContaining([...shownNames]))
    }
  })

  it.each(named)('%s: is what its counters say', (id, shown) => {
    const promise = promised[id]
    if (!promise) throw new Error(`${id} promises nothing`)
    const claims = claimsOf(promise)
    const looked = claims.filter((claim) => whole || endOf(claim) <= promise.quickUntil)
    expect(looked).not.toEqual([])
    expect(brokenIn(shown, looked)).toEqual([])
  })
}, 3_600_000)
