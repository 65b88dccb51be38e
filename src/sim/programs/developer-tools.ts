/**
 * The programs of a software developer of 1998, as Red Hat 5 installed them: what of each is touched when it runs.
 * Page counts are assumptions of the size of those binaries (cc1 of egcs 1.0: 1.5 MB of text, groff 0.3 MB, …),
 * none of them was fitted. One library, libc 5.4/2.0, is shared by all.
 */
import type { Inode } from '../kernel/ext2-inode'
import type { Kernel } from '../kernel/kernel'
import { pageBytes } from '../kernel/page-frames'
import type { Executable, Program } from '../kernel/processes'

const program = (
  name: string,
  directory: '/bin' | '/usr/bin' | '/usr/lib',
  textPages: number,
  libraryPages: number,
  dataPages: number,
  workingSetKB: number,
): Program => ({
  name,
  image: `${directory}/${name}`,
  textPages,
  libraryPages,
  dataPages,
  workingSetKB,
})

const programs = [
  program('sh', '/bin', 50, 40, 45, 96),
  program('cc', '/usr/bin', 18, 30, 24, 48),
  program('cpp', '/usr/lib', 24, 30, 60, 128),
  program('cc1', '/usr/lib', 290, 35, 230, 384),
  program('as', '/usr/bin', 45, 30, 70, 160),
  program('ld', '/usr/bin', 50, 30, 90, 192),
  program('nroff', '/usr/bin', 70, 45, 100, 192),
  program('ed', '/bin', 12, 30, 24, 64),
  program('cpio', '/bin', 18, 30, 28, 64),
  program('spell', '/usr/bin', 16, 30, 90, 192),
  program('make', '/usr/bin', 24, 35, 40, 96),
  program('grep', '/bin', 14, 30, 20, 64),
  program('find', '/usr/bin', 12, 30, 20, 64),
  program('diff', '/usr/bin', 14, 30, 30, 96),
  program('ls', '/bin', 12, 35, 20, 48),
  program('cp', '/bin', 8, 28, 16, 32),
  program('mv', '/bin', 7, 26, 14, 32),
  program('rm', '/bin', 6, 26, 14, 32),
  program('cat', '/bin', 4, 24, 12, 32),
  program('mkdir', '/bin', 4, 24, 12, 32),
  program('touch', '/bin', 5, 24, 12, 32),
  program('date', '/bin', 6, 28, 12, 32),
  program('who', '/usr/bin', 6, 28, 14, 32),
] as const

export type ToolName =
  | 'sh' | 'cc' | 'cpp' | 'cc1' | 'as' | 'ld' | 'nroff' | 'ed' | 'cpio' | 'spell' | 'make' | 'grep'
  | 'find' | 'diff' | 'ls' | 'cp' | 'mv' | 'rm' | 'cat' | 'mkdir' | 'touch' | 'date' | 'who' // prettier-ignore
export type Tools = Readonly<Record<ToolName, Executable>>

const libraryBytes = 700 * 1024

/** Installs the programs on the machine's disk, before it starts. */
export function installTools(kernel: Kernel): Tools {
  const { fs } = kernel
  const usr = fs.installDirectory(fs.root, 'usr', 0)
  const directories: Record<string, Inode> = {
    '/bin': fs.installDirectory(fs.root, 'bin', 1),
    '/usr/bin': fs.installDirectory(usr, 'bin', 2),
    '/usr/lib': fs.installDirectory(usr, 'lib', 3),
  }
  const library = fs.install(fs.installDirectory(fs.root, 'lib', 4), 'libc.so', libraryBytes)
  const installed = programs.map((tool) => {
    const directory = directories[tool.image.slice(0, tool.image.lastIndexOf('/'))]
    // A file is larger than what a run touches of it: half as much again, assumed.
    const file = fs.install(directory, tool.name, Math.ceil(tool.textPages * 1.5) * pageBytes)
    return [tool.name, { program: tool, file, library }] as const
  })
  return Object.fromEntries(installed) as Record<ToolName, Executable>
}
