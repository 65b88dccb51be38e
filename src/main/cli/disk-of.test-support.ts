/**
 * Loaded before a program: the disk below the folder DISK_OF has room for DISK_BYTES more bytes.
 * What does not fit is not written, and the next write answers ENOSPC, as a file system does. Its
 * clock jumps, so that what is new is written at once.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const below = `${process.env['DISK_OF'] ?? ''}/`
let left = Number(process.env['DISK_BYTES'])
let now = 0
performance.now = () => (now += 500)

const full = (): Error =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
const onDisk = new Set<number>()

const { openSync, closeSync, writeSync, writeFileSync } = fs
fs.openSync = ((path: string | URL, ...rest: [string]) => {
  const file = openSync(path, ...rest)
  if (String(path).startsWith(below)) onDisk.add(file)
  return file
}) as typeof fs.openSync
fs.closeSync = (file) => {
  onDisk.delete(file)
  closeSync(file)
}
fs.writeSync = ((file: number, data: Uint8Array | string, ...rest: [number?]) => {
  if (!onDisk.has(file) || typeof data === 'string') return writeSync(file, data as string, ...rest)
  const length = data.length - (rest[0] ?? 0)
  if (left === 0) throw full()
  const fits = Math.min(left, length)
  left -= fits
  return writeSync(file, data, rest[0] ?? 0, fits)
}) as typeof fs.writeSync
fs.writeFileSync = ((path: string, data: string) => {
  if (path.startsWith(below) && left === 0) throw full()
  writeFileSync(path, data)
}) as typeof fs.writeFileSync
syncBuiltinESMExports()
