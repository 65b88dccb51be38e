/**
 * What all users of the machine have in common: the tools, /tmp, and the files that tools read:
 * headers, the C library to link with, macros and fonts of nroff, the dictionary, utmp. Sizes are
 * assumed, KB of such files in Red Hat 5.
 */
import type { FileCalls } from '../../kernel/fs/file-calls'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import { Commands } from './commands'
import { FileWork } from './file-work'
import type { ToolName } from './tools'
import { installTools } from './tools'

const kilobyte = 1024

/** A file that a tool reads, or part of it. */
export interface Reading {
  readonly directory: Inode
  readonly name: string
  readonly bytes: number
}

/** stdio.h, stdlib.h, string.h and what they include. */
const headerSizes = [3, 5, 8, 4, 12, 6]
/** What ld reads of libc.a or libc.so to link a small program. */
const linkedBytes = 48 * kilobyte

export class Environment {
  readonly calls: FileCalls
  readonly files: FileWork
  readonly commands: Commands
  /** What is installed. */
  readonly tools: readonly ToolName[]
  readonly tmp: Inode
  readonly headers: readonly Reading[]
  readonly startFiles: readonly Reading[]
  readonly macros: readonly Reading[]
  readonly dictionary: Reading
  readonly timeZone: Reading
  readonly logins: Reading

  constructor(
    readonly kernel: Kernel,
    demand: () => number,
  ) {
    const { fs } = kernel
    this.calls = kernel.calls
    this.files = new FileWork(kernel)
    const installed = installTools(kernel)
    this.tools = Object.keys(installed.tools) as ToolName[]
    this.commands = new Commands(kernel, installed, demand)
    this.tmp = fs.installDirectory(fs.root, 'tmp', 6)
    const directory = fs.installDirectory(fs.root, 'include', 7)
    const share = fs.installDirectory(fs.root, 'share', 8)
    const install = (to: Inode, name: string, kilobytes: number, bytes = Infinity): Reading => {
      fs.install(to, name, kilobytes * kilobyte)
      return { directory: to, name, bytes: Math.min(bytes, kilobytes * kilobyte) }
    }
    this.headers = headerSizes.map((size, index) => install(directory, `header${index}.h`, size))
    this.startFiles = [
      install(share, 'crt1.o', 2),
      install(share, 'crti.o', 1),
      install(share, 'libc.a', 1000, linkedBytes),
      install(share, 'crtn.o', 1),
    ]
    this.macros = [
      install(share, 'tmac.m', 40),
      install(share, 'DESC', 1),
      install(share, 'R', 6),
      install(share, 'I', 6),
      install(share, 'B', 6),
    ]
    this.dictionary = install(share, 'hlista', 60)
    this.timeZone = install(share, 'localtime', 1)
    this.logins = install(share, 'utmp', 4)
  }
}
