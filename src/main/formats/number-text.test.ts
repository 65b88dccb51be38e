import { expect, it } from 'vitest'
import { RandomStream } from '../../sim/engine/random'
import { NumberText } from './number-text'

it('writes every number as JavaScript does', () => {
  const random = new RandomStream(7, 'numbers')
  const numbers = [0, -0, 9, 10, 0.1, -3, 1e21, 2 ** 53 - 1, 2 ** 53, 1e-7, NaN, Infinity, -1e300]
  for (let times = 0; times < 5000; times++) {
    const digits = random.below(17)
    numbers.push(Math.floor(random.uniform() * 10 ** digits), random.uniform() * 10 ** digits)
  }
  const text = new NumberText()
  for (const number of numbers) {
    text.number(number)
    text.ascii('\n')
  }
  expect(Buffer.from(text.take()).toString()).toBe(numbers.map((number) => `${number}\n`).join(''))
  expect(text.take()).toHaveLength(0)
})
