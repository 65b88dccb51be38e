/**
 * Every simulated minute of a run, and how fast it was on one core. worst list | worst <run>
 * Runs are the demonstrations, and SDET on the kernel that loses buffers, for an hour. Of what
 * lasts a day or a week it is the first two hours: the whole would take hours itself.
 */
import { catalogue } from '../../src/main/api/catalogue'
import { Timeline } from '../../src/main/runs/timeline'
import type { StartRequest } from '../../src/shared/api'
import { createServer, instant, parseAction, type Server } from '../../src/sim'
import { cpuSeconds } from './answer'

interface Run {
  readonly request: StartRequest
  readonly minutes: number
}

const mostMinutes = 120

const runs = new Map<string, Run>([
  ...catalogue().demonstrations.map(({ id, request, forSeconds = 600 }): [string, Run] => [
    id,
    { request, minutes: Math.min(mostMinutes, Math.ceil(forSeconds / 60)) },
  ]),
  [
    'sdet, leaking for an hour',
    {
      request: {
        scenario: 'sdet',
        seed: 1,
        parameters: {},
        timeline: [{ at: 0, action: 'fault:orphaned-buffers=1' }],
      },
      minutes: 60,
    },
  ],
])

/** As a hand would at these instants: see Timeline. */
function advance(server: Server, timeline: Timeline, minute: number): void {
  const end = instant(minute * 60e9)
  for (let due = timeline.due; due !== undefined && due < end; due = timeline.due) {
    server.advance(due)
    const action = parseAction(timeline.take()?.action ?? '')
    const refused = typeof action === 'string' ? action : server.act(action)
    if (refused !== undefined) throw new Error(refused)
  }
  server.advance(end)
}

function minutesOf({ request, minutes }: Run) {
  const server = createServer(request)
  if (typeof server === 'string') throw new Error(server)
  const timeline = new Timeline(request.timeline ?? [])
  const cpu: number[] = []
  const wall: number[] = []
  for (let minute = 1; minute <= minutes; minute++) {
    const wallStart = performance.now()
    cpu.push(cpuSeconds(() => advance(server, timeline, minute)))
    wall.push((performance.now() - wallStart) / 1000)
  }
  return { cpu, wall, digest: server.digest() }
}

const name = process.argv[2] ?? 'list'
const run = runs.get(name)
console.log(JSON.stringify(run ? minutesOf(run) : [...runs.keys()]))
