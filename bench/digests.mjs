/**
 * Prints what every scenario, demonstration, and a few runs that go through the rarer paths come
 * to: one digest a line, as soon as all before it are there. Two checkouts that print the same have
 * the same model. node bench/digests.mjs [--quick]
 * Scenarios and demonstrations are run with three seeds, or with the first one of them (--quick).
 */
import { execFile } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { pinnedNode } from '../scripts/pinned.mjs'

await ensureBuilt()
const cli = path.join(import.meta.dirname, '../out/main/cli.js')
const quick = process.argv.includes('--quick')
const seeds = quick ? [1] : [1, 2, 3]

/** What to run, and how long, so that each has been through what it is there for. */
const runs = [
  ['sdet', '--for', '250s'],
  ['web', '--for', '30s'],
  ['yield', '--for', '5s'],
  ['sdet-orphans', '--for', '600s'],
  ['web-wake-one', '--for', '180s'],
  ['web-flood', '--for', '120s'],
  ['soak-day', '--for', '30s'],
  ['soak-week', '--for', '30s'],
  ['proxy-cold', '--for', '30s'],
  ['proxy-day', '--for', '30s'],
  ['proxy', '--for', '30s', '--set', 'proxy.cold=200', '--set', 'proxy.hitPercent=50'],
  ['proxy', '--for', '20s', '--set', 'proxy.kind=cern', '--set', 'proxy.clients=wan'],
  // Short of memory: reclaim, swap, processes that are killed; and a reboot.
  ['sdet', '--for', '200s', '--set', 'machine.memoryMB=64', '--at', '150s', 'reboot'],
  [
    'sdet',
    '--for',
    '200s',
    '--set',
    'machine.memoryMB=96',
    '--at',
    '1s',
    'fault:orphaned-buffers=1',
  ],
  ['sdet', '--for', '100s', '--set', 'httpd.processes=30', '--set', 'yield.threads=3'],
  ['web', '--for', '30s', '--set', 'httpd.serialize=fcntl'],
  ['web', '--for', '30s', '--set', 'httpd.serialize=sysvsem', '--set', 'profiler.sampling=on'],
  [
    'web',
    '--for',
    '40s',
    '--at',
    '5s',
    'fault:packet-loss=1',
    '--at',
    '20s',
    'fault:descriptor-exhaustion=1',
  ],
  [
    'web',
    '--for',
    '30s',
    '--at',
    '3s',
    'fix:task-exclusive=on',
    '--at',
    '10s',
    'fault:slow-clients=1',
  ],
  ['web', '--for', '20s', '--set', 'httpd.processes=5', '--set', 'httpd.maxClients=60'],
]

const jobs = runs.flatMap((args) =>
  (args.includes('--set') || args.includes('--at') ? seeds.slice(0, 1) : seeds).map((seed) => [
    ...args,
    '--seed',
    String(seed),
  ]),
)
/** @type {string[]} */
const lines = []
let next = 0
let printed = 0

async function work() {
  for (let at = next++; at < jobs.length; at = next++) {
    const args = jobs[at] ?? []
    const { stdout } = await promisify(execFile)(pinnedNode(), [cli, 'run', ...args, '--json', '-'])
    lines[at] = `${JSON.parse(stdout).digest}  ${args.join(' ')}`
    for (; lines[printed] !== undefined; printed++) console.log(lines[printed])
  }
}
await Promise.all(Array.from({ length: os.availableParallelism() }, work))
