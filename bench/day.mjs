/**
 * The proxy's day, hour by hour, each with statistics of its own: response times, refusals, memory,
 * the disk. A line is printed when its hour is over.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ours } from './programs.mjs'

/** The hour of the day at which the demonstration begins. */
const begins = 6

export async function measure() {
  const { command } = await ours('day')
  const [file = '', ...args] = command
  const child = spawn(file, [...args, 'proxy-day', '24'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const figures = []
  console.log(
    '\nproxy-day by hour: connections, requests/s, response time half / 90 % / 99 % / mean, failed; ' +
      'a task waits for the disk, disk busy, idle; MB free',
  )
  for await (const line of createInterface({ input: child.stdout })) {
    /** @type {import('./programs/day').Hour} */
    const hour = JSON.parse(line)
    const { work, means, grew, shares } = hour
    const { p50, p90, p99, mean } = work.latencyMs
    const clock = String((begins - 1 + hour.hour) % 24).padStart(2)
    console.log(
      `  ${clock}  ${(means['proxy.clients'] ?? 0).toFixed(0).padStart(4)} ${work.perSecond.toFixed(1).padStart(5)}  ` +
        `${p50.toFixed(0)} ms / ${(p90 / 1000).toFixed(1)} s / ${(p99 / 1000).toFixed(0)} s / ${(mean / 1000).toFixed(1)} s, ${work.failed} failed;  ` +
        `${(100 * (means['processes.blocked'] ?? 0)).toFixed(1)} %, ${((grew['disk.busy'] ?? 0) / 36e9).toFixed(0)} %, ` +
        `${shares.idle.toFixed(0)} %;  ${((means['memory.free'] ?? 0) / 1024).toFixed(0)}`,
    )
    figures.push({ figure: 'hour of proxy-day', ...hour })
  }
  return { figures, missing: [] }
}
