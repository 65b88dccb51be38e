/** Every scenario, in the order in which they are listed. */
import type { Scenario, ScenarioFacts } from './scenario'
import { composeScenario } from './scenario'
import { proxy } from '../workloads/proxy'
import { sdet } from '../workloads/sdet'
import { web, web2 } from '../workloads/web'
import { yields } from '../workloads/yields'

const workloads = [sdet, web, yields, web2, proxy]
const tr994 =
  'P. Honeyman, C. Lever, S. Molloy, N. Provos: The Linux Scalability Project, CITI TR 99-4, 1999'

const facts: readonly ScenarioFacts[] = [
  {
    id: 'sdet',
    title: 'SDET on a 4-way server',
    citation: `${tr994}, "Buffer management"; throughput: C. Lever, linux-mm, April 1999`,
    machine: 'poweredge-6300',
    kernel: 'linux-2.2',
    main: sdet,
  },
  {
    id: 'web',
    title: 'Apache and the thundering herd',
    citation: `${tr994}, "Accept scalability"`,
    machine: 'poweredge-6300',
    kernel: 'linux-2.2',
    main: web,
  },
  {
    id: 'yield',
    title: 'Threads that yield to each other',
    citation: 'M. Kravetz, linux-kernel, 18 Jan 2001; B. Hartner, linux-kernel, 19 Jan 2001',
    machine: 'pentium-iii-8way',
    kernel: 'linux-2.2',
    main: yields,
  },
  {
    id: 'proxy',
    title: 'A web proxy and its cold connections',
    citation:
      'G. Banga, J. C. Mogul: Scalable kernel performance for Internet servers under realistic ' +
      'loads, USENIX 1998, "Problems in select() and ufalloc()"',
    machine: 'alphastation-500',
    kernel: 'digital-unix-4.0',
    main: proxy,
  },
  {
    id: 'soak-day',
    title: 'A web server day after day, with SDET in the background',
    citation: `${tr994}; a day of clients: Richardson, quoted by Banga and Mogul, USENIX 1998`,
    machine: 'poweredge-6300',
    kernel: 'linux-2.2',
    main: web,
    begins: {
      with: {
        'httpd.processes': 60,
        'load.connections': 0,
        'load.rate': 4,
        'load.day': 'on',
        'load.farPercent': 60,
        'sdet.scripts': 4,
        'sdet.restSeconds': 900,
      },
      source: "assumption: a department's server, which compiles every quarter of an hour",
    },
  },
]

export const scenarios: readonly Scenario[] = facts.map((each) => composeScenario(each, workloads))
