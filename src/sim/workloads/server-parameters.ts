/** Parameters that every workload with a server and clients on a network has. */
import { numberParameter as number } from '../parameters/number-parameter'
import type { NumberParameter } from '../parameters/parameters'

/** Where the server listens. @param source of the default, as that of the others */
export const portParameter = (path: string, usual: number, source: string): NumberParameter =>
  number(path, 'Port that it listens on.', '1', [1, 65_535, usual], source, { live: false })

export const backlogParameter = (path: string, usual: number, source: string): NumberParameter =>
  number(
    path,
    'Length of the accept queue that listen() is called with; the kernel cuts it to kernel.somaxconn.',
    'connections',
    [1, 65_535, usual],
    source,
    { live: false },
  )

/** How long clients that read slowly take. */
export const slowReaderParameter = (path: string): NumberParameter =>
  number(
    path,
    'Time that a client takes for each segment before it acknowledges.',
    'ms',
    [0, 10_000, 0],
    'assumption',
    { integer: false },
  )
