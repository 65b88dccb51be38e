/**
 * A demonstration hour by hour, each with statistics of its own: one line of JSON an hour.
 * day [demonstration] [hours]
 */
import { catalogue } from '../../src/main/api/catalogue'
import { Timeline } from '../../src/main/runs/timeline'
import { createServer, instant, parseAction, type Server, type WorkSummary } from '../../src/sim'
import { cpuSeconds } from './answer'

/** An hour; what is named after counters is what those grew by in it, or their mean. */
export interface Hour {
  readonly hour: number
  readonly cpuSeconds: number
  readonly work: WorkSummary
  readonly means: Readonly<Record<string, number>>
  readonly grew: Readonly<Record<string, number>>
  /** Of all cycles, %: by mode, and the procedures that had most. */
  readonly shares: Readonly<Record<'idle' | 'wait', number>>
  readonly procedures: Readonly<Record<string, number>>
  readonly digest: string
}

const shown = 25
const [id = 'proxy-day', hoursAsked = '24'] = process.argv.slice(2)
const found = catalogue().demonstrations.find((one) => one.id === id)
if (!found) throw new Error(`no demonstration ${id}`)
const { request } = found
const server = started()

function started(): Server {
  const made = createServer(request)
  if (typeof made === 'string') throw new Error(made)
  return made
}

const timeline = new Timeline(request.timeline ?? [])
const { counters } = server

/** Sums of a gauge over the seconds of an hour. */
const gauges = [
  'processes.blocked',
  'proxy.clients',
  'memory.free',
  'memory.cached',
  'memory.buffers',
]
const sums = new Float64Array(gauges.length)
const columns = gauges.map((gauge) => counters.column(gauge) ?? 0)
let samples = 0
server.onSample = () => {
  samples++
  for (const [at, column] of columns.entries()) sums[at]! += counters.values[column]!
}

/** Everything that only grows, as it stands. */
function totals(): Map<string, number> {
  server.refreshCounters()
  const growing = counters.specs.filter(({ kind }) => kind === 'monotonic')
  return new Map(growing.map(({ id: name }) => [name, counters.read(name)]))
}

function advance(hour: number): void {
  const end = instant(hour * 3600e9)
  for (let due = timeline.due; due !== undefined && due <= end; due = timeline.due) {
    server.advance(due)
    const action = parseAction(timeline.take()?.action ?? '')
    const refused = typeof action === 'string' ? action : server.act(action)
    if (refused !== undefined) throw new Error(refused)
  }
  server.advance(end)
}

const modes = ['user', 'system', 'spin', 'interrupt', 'idle', 'wait']

let before = totals()
for (let hour = 1; hour <= Number(hoursAsked); hour++) {
  sums.fill(0)
  samples = 0
  const cpu = cpuSeconds(() => advance(hour))
  const after = totals()
  const grew = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  const cycles = modes.reduce((sum, mode) => sum + grew(`cycles.${mode}`), 0)
  const share = (name: string): number => (100 * grew(name)) / cycles
  const names = [...after.keys()]
  const told: Hour = {
    hour,
    cpuSeconds: cpu,
    work: server.work(),
    means: Object.fromEntries(gauges.map((gauge, at) => [gauge, sums[at]! / samples])),
    grew: Object.fromEntries(
      names.filter((name) => !name.startsWith('function.')).map((name) => [name, grew(name)]),
    ),
    shares: { idle: share('cycles.idle'), wait: share('cycles.wait') },
    procedures: Object.fromEntries(
      names
        .filter((name) => name.startsWith('function.'))
        .map((name) => [name.slice('function.'.length), share(name)] as const)
        .sort(([, one], [, other]) => other - one)
        .slice(0, shown),
    ),
    digest: server.digest(),
  }
  console.log(JSON.stringify(told))
  server.resetStatistics()
  before = totals()
}
