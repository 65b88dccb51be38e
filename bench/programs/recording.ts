/**
 * Reading a recording: opens it, reads one-hour windows all over it and the whole of it, at the
 * resolution of a screen, and prints milliseconds of CPU. recording <folder>
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Recording } from '../../src/main/recordings/recording'

const folder = process.argv[2] ?? ''
const rows = 2048
const hour = 3600
const windows = 8

function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const began = process.cpuUsage()
const opened = await Recording.open(folder)
if (!opened.ok) throw new Error(opened.error.message)
const recording = opened.value
const { user, system } = process.cpuUsage(began)
const { seconds } = recording
const hours = Array.from({ length: windows }, (_, i) => {
  const from = (Math.max(0, seconds - hour) * i) / (windows - 1)
  return cpuMs(() => recording.rangeNow({ from, to: from + hour, rows }))
})
const bytes: Record<string, number> = {}
for (const name of readdirSync(folder)) {
  const log = name.replace(/(-\d{9}|\.tail)\.arrows$/, '')
  bytes[log] = (bytes[log] ?? 0) + statSync(join(folder, name)).size
}
console.log(
  JSON.stringify({
    seconds,
    counters: recording.run.counters.length,
    openMs: (user + system) / 1000,
    hourMs: Math.max(...hours),
    wholeMs: cpuMs(() => recording.rangeNow({ from: 0, to: seconds, rows })),
    bytes,
  }),
)
