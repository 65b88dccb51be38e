/** The event queue: HOLD with 1,000 and with 100,000 pending events. */
import { agree, printTable, takeTurns } from './compare.mjs'
import { cpp, ns3, ours, simpy } from './programs.mjs'

const schedulers = ['PriorityQueue', 'Map', 'Heap', 'Calendar']
const checkEvents = 200_000

/** @param {number} turns */
export async function measure(turns) {
  const hold = await ours('hold')
  const peers = {
    'C++ std::priority_queue': await cpp('hold'),
    'ns-3': await ns3(),
    SimPy: simpy(),
  }
  const missing = Object.values(peers).flatMap((peer) => ('missing' in peer ? [peer.missing] : []))
  const figures = []
  for (const pending of [1000, 100_000]) {
    /** @type {import('./compare.mjs').Contender[]} */
    const contenders = []
    /**
     * @param {string} name @param {readonly string[]} command @param {(string | number)[]} before
     * @param {number} events @param {string[]} after
     */
    const add = (name, command, before, events, after = []) =>
      contenders.push({
        name,
        command,
        args: [...before, pending, events, ...after],
        checkArgs: [...before, pending, checkEvents, ...after],
      })
    add('engine: handlers, timer ids, digest', hold.command, ['engine'], 3_000_000)
    add('its ladder queue alone', hold.command, ['queue'], 4_000_000)
    add('engine on a 4-ary heap', hold.command, ['heap'], 1_000_000)
    add('engine, a process per event', hold.command, ['process'], 2_000_000)
    for (const [name, peer] of Object.entries(peers)) {
      if ('missing' in peer) continue
      if (name === 'ns-3') {
        for (const scheduler of schedulers) {
          add(`ns-3, ${scheduler}Scheduler`, peer.command, ['hold'], 600_000, [scheduler])
        }
      } else if (name === 'SimPy') {
        add(name, peer.command, ['hold'], 200_000)
      } else {
        add(name, peer.command, [], 3_000_000)
      }
    }
    await agree(contenders)
    const rows = await takeTurns(contenders, turns)
    printTable(`HOLD, ${pending.toLocaleString('en')} pending: million events per CPU second`, rows)
    figures.push({ figure: 'hold', pending, rows })
  }
  return { figures, missing }
}
