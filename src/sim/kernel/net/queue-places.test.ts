import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { QueuePlaces } from './queue-places'

interface Waiting {
  place: number
  asleep: boolean
}

describe('places of a queue', () => {
  it.each([1, 2, 3])('find who sleeps as a walk does (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'places')
    const places = new QueuePlaces<Waiting>()
    const queue: Waiting[] = []
    const wrong: number[] = []
    for (let step = 0; step < 9000; step++) {
      const draw = random.below(8)
      const any = queue[random.below(Math.max(1, queue.length))]
      if (draw < 2 || (draw === 2 && step < 6000)) {
        const item = { place: 0, asleep: false }
        // Phases, so that either end comes to the end of the room.
        const inFront = step % 4000 < 2000
        if (inFront) queue.unshift(item)
        else queue.push(item)
        if (inFront) places.insertFirst(item)
        else places.insertLast(item)
      } else if (any && draw < 5) {
        queue.splice(queue.indexOf(any), 1)
        places.remove(any)
      } else if (any) {
        any.asleep = draw === 7
        if (any.asleep) places.sleeps(any)
        else places.wakes(any)
      }
      const at = queue.findIndex(({ asleep }) => asleep)
      const first = queue[at]
      const second = queue.find(({ asleep }, index) => asleep && index > at)
      const isRight =
        places.firstAsleep() === first &&
        (!first || (places.walkTo(first) === at + 1 && places.firstAsleep(first) === second))
      if (!isRight) wrong.push(step)
    }
    expect(wrong).toEqual([])
    expect(queue.length).toBeGreaterThan(100)
  })

  it('keep thousands, and who of them sleeps, when their room grows', () => {
    const places = new QueuePlaces<Waiting>()
    const queue = Array.from({ length: 5000 }, () => ({ place: 0, asleep: false }))
    queue.forEach((item, index) => {
      places.insertLast(item)
      if (index % 1000 === 999) places.sleeps(item)
    })
    const found: number[] = []
    let item = places.firstAsleep()
    for (; item !== undefined; item = places.firstAsleep(item)) found.push(places.walkTo(item))
    expect(found).toEqual([1000, 2000, 3000, 4000, 5000])
  })
})
