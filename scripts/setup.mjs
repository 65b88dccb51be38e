/**
 * What the tests need from the system; on Debian as root it is installed when missing. The profile
 * tests print our files with `go tool pprof`; the end-to-end tests need a browser and a display.
 */
import { existsSync } from 'node:fs'
import { run, which } from './spawn.mjs'

/** A Chromium of this machine, or undefined. */
export const chromiumBinary = () =>
  which('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome')

/** What shows Electron on Linux, of which every worker starts its own; elsewhere there is one. */
export const virtualDisplay = () => (process.platform === 'linux' ? which('Xvfb') : undefined)

/** Installs Debian's golang-go, for `go tool pprof`; without it those tests are skipped. */
export async function ensureGo() {
  if (which('go') === undefined) await install(['golang-go'])
}

/** Installs Debian's chromium and xvfb; they also bring the libraries that Electron links. */
export async function ensureSystemPackages() {
  const missing = []
  if (chromiumBinary() === undefined) missing.push('chromium')
  if (which('Xvfb') === undefined) missing.push('xvfb')
  if (missing.length > 0) await install(missing)
}

/** @param {string[]} packages of Debian; elsewhere nothing is done */
async function install(packages) {
  const debianAsRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (!debianAsRoot || which('apt-get') === undefined) return
  console.log(`Installing ${packages.join(', ')} (apt-get) …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = async (/** @type {string[]} */ ...args) => {
    const { code, output } = await run('apt-get', args, { output: 'collect', env })
    if (code !== 0) console.log(output.trimEnd())
    return code
  }
  await apt('update', '-qq')
  await apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
}
