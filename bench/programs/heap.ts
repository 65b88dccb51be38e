/**
 * Heap of a long run: SDET with one script, whose rounds are short, so that what grows with them
 * shows first. Prints bytes in use, after a collection, at the end of hours 1, 2, 4 and so on and
 * of the last, one line each when it is there. heap <hours>
 */
import { createServer, instant } from '../../src/sim'

declare const gc: (() => void) | undefined

const hours = Number(process.argv[2])
if (gc === undefined) throw new Error('heap runs with node --expose-gc')
const collect = gc
const server = createServer({ scenario: 'sdet', seed: 1, parameters: { 'sdet.scripts': 1 } })
if (typeof server === 'string') throw new Error(server)

/** Twice: the first collection may leave what only weak references held. */
function heapUsed(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

let next = 1
for (let hour = 1; hour <= hours; hour++) {
  server.advance(instant(hour * 3600e9))
  if (hour !== next && hour !== hours) continue
  const { roundsDone } = server.work()
  const answer = { hour, bytes: heapUsed(), rounds: roundsDone, digest: server.digest() }
  console.log(JSON.stringify(answer))
  next *= 2
}
