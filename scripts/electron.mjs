/** Where Electron's binary is, if it can be had, and whether there is a display for it. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { runTool } from './pinned.mjs'
import { root } from './spawn.mjs'

const inFolder =
  process.platform === 'darwin'
    ? 'Electron.app/Contents/MacOS/Electron'
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron'

/** Electron's binary if it is already on this machine, else undefined. */
export function electronBinary() {
  const folder =
    process.env.ELECTRON_OVERRIDE_DIST_PATH || path.join(root, 'node_modules/electron/dist')
  const file = path.join(folder, inFolder)
  return existsSync(file) ? file : undefined
}

/** Electron's binary, downloaded when it has to be; else why not, in words. */
export async function obtainElectron() {
  const present = electronBinary()
  if (present !== undefined) return { binary: present, why: '' }
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH)
    return { binary: undefined, why: 'ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron' }
  console.error('Downloading Electron …')
  const { output } = await runTool('./node_modules/electron/install.js', [], { output: 'collect' })
  const binary = electronBinary()
  const reason = /^.*\b\w*Error: .*$/m.exec(output)?.[0].trim() ?? 'no answer'
  return { binary, why: `Electron's binary cannot be downloaded (${reason})` }
}

/** Why no window can be opened here, or undefined. */
export function noDisplay() {
  if (process.platform !== 'linux') return undefined
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return undefined
  return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
}

/**
 * V8's compilers take and give back memory all the time. Where Chromium's allocator keeps it, main
 * and its threads, the run's among them, take a quarter less CPU time in their first ten seconds.
 * The app is too late to ask for it: it has to stand on its command line.
 */
export const electronFlags = ['--enable-features=PartitionAllocLargeEmptySlotSpanRing']

/**
 * Arguments that open the app from the checkout. Chromium refuses to run as root with its sandbox.
 */
export const electronArguments = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ...electronFlags,
  '.',
]
