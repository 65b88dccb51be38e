/**
 * The programs of a software developer of 1998, as Red Hat 5 installed them: what of each is
 * touched when it runs. Page counts are assumptions of the size of those binaries (cc1 of egcs 1.0:
 * 1.5 MB of text, groff 0.3 MB, …), none of them was fitted. One library, libc 5.4/2.0, is shared
 * by all.
 */
import type { Inode } from '../kernel/fs/inode'
import type { Kernel } from '../kernel/kernel'
import { pageBytes } from '../kernel/mm/page-frames'
import type { Executable, Program } from '../kernel/process/program'
import { Mode } from '../observe/call-tree'

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
  program('sh', '/bin', 36, 22, 32, 96),
  program('cc', '/usr/bin', 12, 18, 16, 48),
  program('cpp', '/usr/lib', 18, 18, 50, 128),
  program('cc1', '/usr/lib', 190, 22, 140, 384),
  program('as', '/usr/bin', 32, 18, 50, 160),
  program('ld', '/usr/bin', 36, 18, 60, 192),
  program('nroff', '/usr/bin', 48, 26, 70, 192),
  program('ed', '/bin', 9, 18, 18, 64),
  program('cpio', '/bin', 14, 18, 20, 64),
  program('spell', '/usr/bin', 12, 18, 60, 192),
  program('make', '/usr/bin', 18, 20, 28, 96),
  program('grep', '/bin', 11, 18, 14, 64),
  program('find', '/usr/bin', 9, 18, 14, 64),
  program('diff', '/usr/bin', 11, 18, 22, 96),
  program('ls', '/bin', 9, 20, 14, 48),
  program('cp', '/bin', 6, 17, 10, 32),
  program('mv', '/bin', 5, 16, 10, 32),
  program('rm', '/bin', 5, 16, 10, 32),
  program('cat', '/bin', 3, 15, 8, 32),
  program('mkdir', '/bin', 3, 15, 8, 32),
  program('date', '/bin', 5, 17, 8, 32),
  program('who', '/usr/bin', 5, 17, 10, 32),
] as const

export type ToolName =
  | 'sh'
  | 'cc'
  | 'cpp'
  | 'cc1'
  | 'as'
  | 'ld'
  | 'nroff'
  | 'ed'
  | 'cpio'
  | 'spell'
  | 'make'
  | 'grep'
  | 'find'
  | 'diff'
  | 'ls'
  | 'cp'
  | 'mv'
  | 'rm'
  | 'cat'
  | 'mkdir'
  | 'date'
  | 'who'
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
    // Declared before the first of them runs, so that each has its counter from the start.
    const main = kernel.tree.declare(tool.image, 'main', Mode.user)
    const executable: Executable = { program: tool, main, file, library }
    return [tool.name, executable] as const
  })
  return Object.fromEntries(installed) as Record<ToolName, Executable>
}
