/** Whether the desktop shows icons of programs that have no window. */
import { execFile } from 'node:child_process'

/** Wall milliseconds that the session bus may take to answer. */
const patienceMs = 2000
const watcher = 'org.kde.StatusNotifierWatcher'
const bus = 'org.freedesktop.DBus'
/** Either is on most desktops; both ask whether somebody watches for such icons. */
const askers: readonly (readonly [string, readonly string[]])[] = [
  ['gdbus', ['call', '--session', '-d', bus, '-o', '/', '-m', `${bus}.NameHasOwner`, watcher]],
  [
    'dbus-send',
    [
      '--session',
      '--print-reply',
      `--dest=${bus}`,
      '/',
      `${bus}.NameHasOwner`,
      `string:${watcher}`,
    ],
  ],
]

type Ask = (program: string, args: readonly string[]) => Promise<string>

/** Windows and macOS always do; a Linux desktop says so on its session bus. Never throws. */
export async function isTrayThere(
  platform: NodeJS.Platform = process.platform,
  ask: Ask = answerOf,
): Promise<boolean> {
  if (platform !== 'linux') return true
  for (const [program, args] of askers) {
    try {
      return /\btrue\b/.test(await ask(program, args))
    } catch {
      // It is not installed, or there is no bus: the next one may know more.
    }
  }
  return false
}

const answerOf: Ask = (program, args) =>
  new Promise((resolve, reject) => {
    execFile(program, args, { timeout: patienceMs }, (error, out) =>
      error ? reject(error) : resolve(out),
    )
  })
