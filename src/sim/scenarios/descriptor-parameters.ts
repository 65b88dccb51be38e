/**
 * Parameters of descriptors and open files, which every scenario has, and how they come to the
 * kernel.
 */
import type { DescriptorVariant } from '../kernel/fs/descriptor-variant'
import { descriptorVariants } from '../kernel/fs/descriptor-variant'
import { defaultPerProcess } from '../kernel/fs/descriptor-tables'
import type { KernelId } from '../kernel/kernels'
import type { Descriptors } from '../kernel/fs/descriptors'
import { defaultSystemWide } from '../kernel/fs/files'
import type { Parameter } from '../parameters/parameters'
import type { Settings } from '../parameters/settings'

const text = 'CITI TR 99-4, File descriptor scalability'
/** Who opens files. */
const openers = ['sdet.scripts', 'httpd.processes', 'httpd2.processes', 'proxy.port']
/** NR_OPEN of later kernels. */
const most = 1_048_576

/** @param kernel the one that a scenario begins with */
export const descriptorParameters = (kernel: KernelId): readonly Parameter[] => [
  {
    type: 'choice',
    path: 'kernel.fd.alloc',
    help:
      'How a free descriptor is found: in one bitmap word by word, or by a second one of full words; ' +
      'slot by slot (ufalloc), or by a tree of two levels.',
    choices: descriptorVariants,
    default: kernel === 'linux-2.2' ? 'one-bitmap' : 'ufalloc',
    source: `${text}: one in 2.2, two in the repair; Banga & Mogul, USENIX 1998: ufalloc, and its tree`,
    live: true,
    needs: openers,
  },
  {
    type: 'number',
    path: 'kernel.fd.perProcess',
    help: 'Descriptors that a process may have; beyond them a call fails with EMFILE.',
    unit: 'descriptors',
    // What init and the parent of Apache open.
    min: 6,
    max: most,
    integer: true,
    default: defaultPerProcess,
    source: `NR_OPEN of 2.2; ${text}`,
    live: true,
    needs: openers,
  },
  {
    type: 'number',
    path: 'kernel.fd.systemWide',
    help: 'File structures that the system may have (file-max); beyond them a call fails with ENFILE.',
    unit: 'files',
    min: 16,
    max: most,
    integer: true,
    default: defaultSystemWide,
    source: `${text}: extended to 4,096`,
    live: true,
    needs: openers,
  },
]

/**
 * @param exhaustion share of all file structures that something else on the machine would hold, 0–1
 */
export function applyDescriptors(
  descriptors: Descriptors,
  settings: Settings,
  alloc: string,
  exhaustion: number,
): void {
  const { tables, system } = descriptors
  tables.alloc = alloc as DescriptorVariant
  tables.perProcess = settings.number('kernel.fd.perProcess')
  const limit = settings.number('kernel.fd.systemWide')
  system.set(limit, Math.round(exhaustion * limit))
}
