/** M/M/4 at utilisation 0.9: how fast, beside its peers, and how right, against Erlang C. */
import { agree, printTable, takeTurns } from './compare.mjs'
import { answerOf, cpp, ns3, ours, simpy } from './programs.mjs'

const checkCustomers = 100_000
const seeds = [1, 2, 3, 4, 5]
const customers = 2_000_000

/** @param {number} turns */
export async function measure(turns) {
  const model = await ours('mm4')
  const peers = { 'C++': await cpp('mm4'), 'ns-3': await ns3(), SimPy: simpy() }
  const missing = Object.values(peers).flatMap((peer) => ('missing' in peer ? [peer.missing] : []))
  /** @type {import('./compare.mjs').Contender[]} */
  const contenders = [
    {
      name: 'engine, generator processes',
      command: model.command,
      args: [1_000_000],
      checkArgs: [checkCustomers, 'exact'],
    },
  ]
  if ('command' in peers['C++']) {
    contenders.push({
      name: 'C++ std::priority_queue, state machine',
      command: peers['C++'].command,
      args: [2_000_000],
      checkArgs: [checkCustomers],
    })
  }
  if ('command' in peers['ns-3']) {
    for (const scheduler of ['PriorityQueue', 'Map', 'Heap', 'Calendar']) {
      contenders.push({
        name: `ns-3, callbacks, ${scheduler}Scheduler`,
        command: peers['ns-3'].command,
        args: ['mm4', 500_000, scheduler],
        checkArgs: ['mm4', checkCustomers, scheduler],
      })
    }
  }
  if ('command' in peers.SimPy) {
    contenders.push({
      name: 'SimPy, processes',
      command: peers.SimPy.command,
      args: ['mm4', 100_000],
      checkArgs: ['mm4', checkCustomers],
    })
  }
  await agree(contenders)
  const rows = await takeTurns(contenders, turns)
  printTable(
    'M/M/4, utilisation 0.9: million calendar events (arrivals and ends of service) per CPU second',
    rows,
  )
  return { figures: [{ figure: 'mm4', rows }, await againstErlang()], missing }
}

/** Five seeds of two million customers each. */
async function againstErlang() {
  const program = await ours('erlang')
  const runs = []
  for (const seed of seeds) runs.push(await answerOf(program.command, [seed, customers]))
  const mean = runs.reduce((sum, { wait }) => sum + wait, 0) / runs.length
  const expected = runs[0].expected
  console.log(`\nM/M/4, mean wait in service times; Erlang C says ${expected.toFixed(5)}`)
  for (const { seed, wait } of runs)
    console.log(`  seed ${seed}  ${wait.toFixed(5)}  ${percent(wait / expected)}`)
  console.log(`  mean    ${mean.toFixed(5)}  ${percent(mean / expected)}`)
  return { figure: 'erlang', expected, mean, runs }
}

/** @param {number} ratio */
const percent = (ratio) => `${ratio < 1 ? '' : '+'}${((ratio - 1) * 100).toFixed(2)} %`
