/**
 * Clients without a network: what they have sent and reported, and a way to answer them.
 */
import { Engine } from '../engine/engine'
import type { Sent } from '../kernel/net/tcp/lone-tcp.test-support'
import { inWords } from '../kernel/net/tcp/lone-tcp.test-support'
import type { Segment } from '../kernel/net/segment'
import { Flag } from '../kernel/net/segment'
import type { SimTime } from '../units/time'
import type { ClientSettings } from './web-clients'
import { WebClients } from './web-clients'

export interface Load {
  connections: number
  rate: number
  farShare: number
  requestBytes: number
  page: number
  responseBytes: number
  slowReaderNs: number
}

export const usual: Load = {
  connections: 1,
  rate: 0,
  farShare: 0,
  requestBytes: 300,
  page: 0,
  responseBytes: 7300,
  slowReaderNs: 0,
}

/** Clients, what they have sent, and what they reported of their work. */
export function clientsOf(
  load: Partial<Load> = {},
  engine = new Engine(1),
  toServer?: (segment: Segment) => void,
) {
  const settings = { ...usual, ...load }
  const read = (name: keyof Load) => () => settings[name]
  const sent: Sent[] = []
  const ended: { seconds: number; failed: boolean }[] = []
  let told = 0
  const clients = new WebClients(
    engine,
    engine.stream('clients'),
    Object.fromEntries(
      (Object.keys(settings) as (keyof Load)[]).map((name) => [name, read(name)]),
    ) as unknown as ClientSettings,
    { remoteHosts: [0], localPort: 80 },
    (segment) => {
      sent.push({ ...segment, at: engine.now / 1e9 })
      toServer?.(segment)
    },
    {
      offered: (count) => void (told += count),
      ended: (seconds, failed) => void ended.push({ seconds, failed }),
      roundBegan: () => undefined,
      roundEnded: () => undefined,
    },
  )
  return {
    engine,
    settings,
    clients,
    sent,
    ended,
    told: () => told,
    taken: () => sent.splice(0).map(inWords),
    until: (seconds: number) => void engine.advance(Math.round(seconds * 1e9) as SimTime),
    comes: (segment: Partial<Segment> = {}) =>
      void clients.receive({
        remoteHost: 0,
        remotePort: 1,
        localPort: 80,
        flags: Flag.ack,
        sequence: 0,
        bytes: 0,
        acknowledged: 0,
        window: 32_767,
        ...segment,
      }),
  }
}

/** One client that has sent its request. */
export function waiting(load: Partial<Load> = {}) {
  const one = clientsOf(load)
  one.clients.start()
  one.until(1)
  one.comes({ flags: Flag.syn | Flag.ack })
  one.sent.length = 0
  return one
}

/** The whole response, and the server's FIN on its last segment. */
export function respond(
  { comes }: Pick<ReturnType<typeof clientsOf>, 'comes'>,
  remotePort = 1,
  bytes = 7300,
) {
  for (let sequence = 0; sequence < bytes; sequence += 1460) {
    comes({ remotePort, sequence, bytes: Math.min(1460, bytes - sequence), acknowledged: 300 })
  }
  comes({ remotePort, flags: Flag.ack | Flag.fin, sequence: bytes, acknowledged: 300 })
}
