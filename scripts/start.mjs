/**
 * `npm start`: installs, builds, opens the window with the scenario sdet running. Where there is no
 * display or no Electron, serves the same screens on loopback and says why in one line.
 */
import { ensureBuilt } from './build.mjs'
import { electronArguments, noDisplay, obtainElectron } from './electron.mjs'
import { ensureInstalled } from './install.mjs'
import { runTool } from './pinned.mjs'
import { run } from './spawn.mjs'

/**
 * An Electron that fails sooner than this never had a window: a library or the sandbox is missing.
 */
const windowSeconds = 5

/** Opens the window and stays until it is closed. Returns why there was none, or undefined. */
async function openWindow() {
  const missing = noDisplay()
  if (missing !== undefined) return missing
  const { binary, why } = await obtainElectron()
  if (binary === undefined) return why
  /** @type {(Buffer | string)[]} */
  let held = []
  const { code, signal, seconds, output } = await run(
    binary,
    [...electronArguments, ...process.argv.slice(2)],
    {
      output: 'collect',
      onStart: (child) => {
        let early = true
        setTimeout(() => {
          early = false
          for (const chunk of held) process.stderr.write(chunk)
          held = []
        }, windowSeconds * 1000).unref()
        for (const stream of [child.stdout, child.stderr])
          stream?.on('data', (chunk) => {
            if (early) held.push(chunk)
            else process.stderr.write(chunk)
          })
      },
    },
  )
  if (code === 0 || seconds > windowSeconds) {
    process.exitCode = code
    return undefined
  }
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.find((line) => /shared libraries|FATAL|Error/.test(line)) ?? lines.at(-1)
  return `Electron ended at once (${telling ?? signal ?? `exit code ${code}`})`
}

await ensureInstalled()
await ensureBuilt()
const why = await openWindow()
if (why !== undefined) {
  console.error(`No window: ${why}; serving the same screens to a browser instead.`)
  const { code } = await runTool('./out/main/cli.js', ['serve', ...process.argv.slice(2)], {
    output: 'tied',
  })
  process.exitCode = code
}
