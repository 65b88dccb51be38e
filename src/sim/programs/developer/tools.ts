/**
 * The programs of a software developer of 1998, as Red Hat 5 installed them: what of each is
 * touched when it runs, and how long it computes. Page counts are assumptions of the size of those
 * binaries (cc1 of egcs 1.0: 1.5 MB of text, groff 0.3 MB, …). Times are assumptions too, in
 * milliseconds at 450 MHz before `sdet.demand`: a small tool takes about as long as its own start,
 * a compiler pass or a formatter some tens of milliseconds for a few kilobytes. None was fitted.
 */
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { LinkedProgram } from '../loader'
import { Loader } from '../loader'

type Folder = '/bin' | '/usr/bin' | '/usr/lib'

/** Text, data, bss and heap in pages; working set in KB; milliseconds in user mode. */
type Row = readonly [Folder, number, number, number, number, number, number]

const rows = {
  sh: ['/bin', 36, 5, 4, 16, 96, 6],
  cc: ['/usr/bin', 12, 2, 2, 8, 48, 2],
  cpp: ['/usr/lib', 18, 2, 4, 30, 96, 10],
  cc1: ['/usr/lib', 190, 12, 20, 90, 320, 60],
  as: ['/usr/bin', 32, 4, 4, 30, 128, 15],
  ld: ['/usr/bin', 36, 3, 3, 40, 160, 25],
  make: ['/usr/bin', 18, 2, 3, 12, 64, 6],
  nroff: ['/bin', 36, 5, 4, 16, 96, 6],
  groff: ['/usr/bin', 10, 2, 2, 4, 48, 3],
  troff: ['/usr/bin', 48, 6, 6, 40, 160, 80],
  grotty: ['/usr/bin', 14, 3, 3, 16, 64, 15],
  col: ['/usr/bin', 3, 1, 1, 6, 32, 3],
  pr: ['/usr/bin', 5, 1, 2, 4, 32, 2],
  spell: ['/bin', 36, 5, 4, 16, 96, 6],
  deroff: ['/usr/bin', 4, 1, 4, 4, 32, 5],
  sort: ['/bin', 6, 1, 2, 24, 96, 6],
  spellprog: ['/usr/lib', 4, 1, 30, 8, 128, 15],
  ed: ['/bin', 9, 2, 2, 6, 48, 4],
  cpio: ['/bin', 12, 2, 2, 8, 48, 4],
  diff: ['/usr/bin', 10, 1, 1, 10, 64, 2.5],
  grep: ['/bin', 11, 1, 1, 8, 48, 1.5],
  find: ['/usr/bin', 9, 2, 1, 4, 32, 2],
  ls: ['/bin', 9, 1, 1, 5, 32, 1.5],
  cp: ['/bin', 6, 1, 1, 4, 32, 0.8],
  mv: ['/bin', 5, 1, 1, 3, 32, 0.7],
  rm: ['/bin', 5, 1, 1, 3, 32, 0.7],
  cat: ['/bin', 3, 1, 1, 3, 32, 0.6],
  wc: ['/usr/bin', 3, 1, 1, 3, 32, 1],
  expr: ['/usr/bin', 4, 1, 1, 2, 32, 0.6],
  mkdir: ['/bin', 3, 1, 1, 2, 32, 0.6],
  rmdir: ['/bin', 2, 1, 1, 2, 32, 0.6],
  touch: ['/bin', 4, 1, 1, 2, 32, 0.6],
  date: ['/bin', 5, 1, 1, 3, 32, 0.8],
  who: ['/usr/bin', 5, 1, 1, 3, 32, 1],
  ps: ['/bin', 12, 2, 4, 8, 48, 6],
} as const satisfies Readonly<Record<string, Row>>

export type ToolName = keyof typeof rows

export interface Tool extends LinkedProgram {
  /** In user mode at 450 MHz, before `sdet.demand`. */
  readonly milliseconds: number
}

/** What is installed: the tools, and what starts them. */
export interface Tools {
  readonly loader: Loader
  readonly tools: Readonly<Record<ToolName, Tool>>
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
  const install = (name: ToolName): Tool => {
    const [folder, textPages, dataPages, bssPages, heapPages, workingSetKB, milliseconds] =
      rows[name]
    const image = `${folder}/${name}`
    const program = { name, image, textPages, dataPages, bssPages, workingSetKB }
    return { ...loader.install(folders[folder], program, heapPages), milliseconds }
  }
  const names = Object.keys(rows) as ToolName[]
  const tools = Object.fromEntries(names.map((name) => [name, install(name)]))
  return { loader, tools: tools as Record<ToolName, Tool> }
}
