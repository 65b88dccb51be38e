/**
 * Loaded before a program: it dies by SIGKILL within the write that KILL_AT names, of which only a
 * part reaches the file. Its clock jumps, so that what is new is written at once. Without KILL_AT
 * it says at its end how often it wrote.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const killAt = Number(process.env['KILL_AT'] ?? Infinity)
const part = Number(process.env['KILL_PART'] ?? 0)
let writes = 0
let now = 0
performance.now = () => (now += 500)

/** Whether this one is the last. */
const isLast = (): boolean => ++writes >= killAt
const die = (): void => void process.kill(process.pid, 'SIGKILL')

const { writeSync, writeFileSync, renameSync, rmSync } = fs
fs.writeSync = ((file: number, data: Uint8Array | string, ...rest: [number?]) => {
  if (file < 3 || !isLast()) return writeSync(file, data as Uint8Array, ...rest)
  const bytes = Buffer.from(data as Uint8Array)
  writeSync(file, bytes.subarray(0, Math.floor(part * bytes.length)))
  die()
  return 0
}) as typeof fs.writeSync
fs.writeFileSync = ((path: string, data: string) => {
  const last = isLast()
  writeFileSync(path, last ? data.slice(0, Math.floor(part * data.length)) : data)
  if (last) die()
}) as typeof fs.writeFileSync
fs.renameSync = (from, to) => {
  if (isLast() && part < 0.5) die()
  renameSync(from, to)
  if (writes >= killAt) die()
}
fs.rmSync = (path, options) => {
  if (isLast() && part < 0.5) die()
  rmSync(path, options)
  if (writes >= killAt) die()
}
syncBuiltinESMExports()

if (killAt === Infinity) process.once('exit', () => writeSync(2, `writes ${writes}\n`))
