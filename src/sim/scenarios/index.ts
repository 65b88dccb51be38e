/** Every scenario, in the order in which they are listed. */
import type { Scenario } from './scenario'
import { composeScenario } from './scenario'
import { proxy } from '../workloads/proxy'
import { sdet } from '../workloads/sdet'
import { web, web2 } from '../workloads/web'
import { yields } from '../workloads/yields'

const workloads = [sdet, web, yields, web2, proxy]
const tr994 =
  'P. Honeyman, C. Lever, S. Molloy, N. Provos: The Linux Scalability Project, CITI TR 99-4, 1999'

export const scenarios: readonly Scenario[] = [
  {
    id: 'sdet',
    title: 'SDET on a 4-way server',
    citation: `${tr994}, "Buffer management"; throughput: C. Lever, linux-mm, April 1999`,
    machine: 'poweredge-6300',
    kernel: 'linux-2.2' as const,
    main: sdet,
  },
  {
    id: 'web',
    title: 'Apache and the thundering herd',
    citation: `${tr994}, "Accept scalability"`,
    machine: 'poweredge-6300',
    kernel: 'linux-2.2' as const,
    main: web,
  },
  {
    id: 'yield',
    title: 'Threads that yield to each other',
    citation: 'M. Kravetz, linux-kernel, 18 Jan 2001; B. Hartner, linux-kernel, 19 Jan 2001',
    machine: 'pentium-iii-8way',
    kernel: 'linux-2.2' as const,
    main: yields,
  },
  {
    id: 'proxy',
    title: 'A web proxy and its cold connections',
    citation:
      'G. Banga, J. C. Mogul: Scalable kernel performance for Internet servers under realistic ' +
      'loads, USENIX 1998, "Problems in select() and ufalloc()"',
    machine: 'alphastation-500',
    kernel: 'digital-unix-4.0' as const,
    main: proxy,
  },
].map((facts) => composeScenario(facts, workloads))
