/**
 * The programs of a software developer of 1998, as Red Hat 5 installed them: what of each is
 * touched when it runs. Page counts are assumptions of the size of those binaries (cc1 of egcs 1.0:
 * 1.5 MB of text, groff 0.3 MB, …), none of them was fitted.
 */
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { LinkedProgram } from '../loader'
import { Loader } from '../loader'

type Folder = '/bin' | '/usr/bin' | '/usr/lib'

/** Text, data, bss and heap in pages; working set in KB. */
type Row = readonly [Folder, number, number, number, number, number]

const rows = {
  sh: ['/bin', 36, 5, 4, 16, 96],
  cc: ['/usr/bin', 12, 2, 2, 8, 48],
  cpp: ['/usr/lib', 18, 2, 4, 30, 128],
  cc1: ['/usr/lib', 190, 12, 20, 90, 384],
  as: ['/usr/bin', 32, 4, 4, 30, 160],
  ld: ['/usr/bin', 36, 3, 3, 40, 192],
  nroff: ['/usr/bin', 48, 6, 6, 50, 192],
  ed: ['/bin', 9, 2, 2, 6, 64],
  cpio: ['/bin', 14, 2, 2, 8, 64],
  spell: ['/usr/bin', 12, 2, 30, 20, 192],
  make: ['/usr/bin', 18, 2, 3, 12, 96],
  grep: ['/bin', 11, 1, 1, 8, 64],
  find: ['/usr/bin', 9, 2, 1, 4, 64],
  diff: ['/usr/bin', 11, 1, 1, 10, 96],
  ls: ['/bin', 9, 1, 1, 5, 48],
  cp: ['/bin', 6, 1, 1, 4, 32],
  mv: ['/bin', 5, 1, 1, 3, 32],
  rm: ['/bin', 5, 1, 1, 3, 32],
  cat: ['/bin', 3, 1, 1, 3, 32],
  mkdir: ['/bin', 3, 1, 1, 2, 32],
  date: ['/bin', 5, 1, 1, 3, 32],
  who: ['/usr/bin', 5, 1, 1, 3, 32],
} as const satisfies Readonly<Record<string, Row>>

export type ToolName = keyof typeof rows

/** What is installed: the tools, and what starts them. */
export interface Tools {
  readonly loader: Loader
  readonly programs: Readonly<Record<ToolName, LinkedProgram>>
}

/** Installs the programs on the machine's disk, before it starts. */
export function installTools(kernel: Kernel): Tools {
  const { fs } = kernel
  const usr = fs.installDirectory(fs.root, 'usr', 0)
  const folders: Readonly<Record<Folder, Inode>> = {
    '/bin': fs.installDirectory(fs.root, 'bin', 1),
    '/usr/bin': fs.installDirectory(usr, 'bin', 2),
    '/usr/lib': fs.installDirectory(usr, 'lib', 3),
  }
  const lib = fs.installDirectory(fs.root, 'lib', 4)
  const etc = fs.installDirectory(fs.root, 'etc', 5)
  const loader = new Loader(kernel, etc, lib)
  const install = (name: ToolName): LinkedProgram => {
    const [folder, textPages, dataPages, bssPages, heapPages, workingSetKB] = rows[name]
    const image = `${folder}/${name}`
    const program = { name, image, textPages, dataPages, bssPages, workingSetKB }
    return loader.install(folders[folder], program, heapPages)
  }
  const names = Object.keys(rows) as ToolName[]
  const programs = Object.fromEntries(names.map((name) => [name, install(name)]))
  return { loader, programs: programs as Record<ToolName, LinkedProgram> }
}
