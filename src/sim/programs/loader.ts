/**
 * What happens between execve() and main() of a program that is linked with shared libraries:
 * ld.so maps what it finds through /etc/ld.so.cache and relocates it (the calls of ld-linux.so of
 * glibc 2.0, as strace shows them). Everything is done on files that are there, each call with the
 * kernel lock for itself; the faults of one stretch of pages take it once (`mm/faults.ts`).
 */
import type { Inode } from '../kernel/fs/inode'
import type { Kernel } from '../kernel/kernel'
import type { Area } from '../kernel/mm/address-space'
import type { Touch } from '../kernel/mm/faults'
import { pageBytes } from '../kernel/mm/page-frames'
import type { Executable, Image, Interpreter, Program } from '../kernel/process/program'
import type { Path, Task } from '../kernel/sched/task'
import { Rest } from '../kernel/sched/task'
import { Mode } from '../observe/call-tree'
import type { Cycles } from '../units/cycles'

/**
 * libc 5.4/2.0 of 700 KB and ld.so of 90 KB: text that a small tool touches of them, and the pages
 * of data that relocating them writes to (assumed).
 */
const libcBytes = 700 * 1024
const libcText = 18
const libcData = 6
const libcBss = 2
const linkerBytes = 90 * 1024
const linkerText = 14
const linkerData = 3
/** Pages of /etc/ld.so.cache, all of which are gone through. */
const cachePages = 2
/** A file is larger than what a run touches of it (assumed). */
const untouchedShare = 1.5

/** A library: pages that a run touches of its text, its data and its bss. */
interface Library {
  readonly file: Inode
  readonly textPages: number
  readonly dataPages: number
  readonly bssPages: number
}

/** A program as installed, with the pages of heap that it asks for. */
export interface LinkedProgram extends Executable {
  readonly heapPages: number
  /** Pages of libc's text that it touches. */
  readonly libraryPages: number
}

/** A program on its way to main(): its areas, its cache, and what of them it has gone through. */
interface Begun {
  readonly touches: Touch[]
  image?: Image
  /** When libc is mapped. */
  cache?: Area
}

const libraryName = 'libc.so.6'
const cacheName = 'ld.so.cache'

const reads = (area: Area, from = 0, pages = area.pages - from): Touch => {
  return { area, from, pages, writes: false }
}
const writes = (area: Area): Touch => ({ area, from: 0, pages: area.pages, writes: true })
/** Pages of the text that main() begins with: a third of them (assumed). */
const firstPages = (text: Area): number => Math.ceil(text.pages / 3)

export class Loader {
  private readonly cache: Inode
  private readonly interpreter: Interpreter
  private readonly libc: Library

  /** Installs ld.so, libc and the cache in these directories. */
  constructor(
    private readonly kernel: Kernel,
    private readonly etc: Inode,
    private readonly lib: Inode,
  ) {
    const { fs } = kernel
    const file = fs.install(lib, 'ld-linux.so.2', linkerBytes)
    this.interpreter = { file, textPages: linkerText, dataPages: linkerData }
    this.libc = {
      file: fs.install(lib, libraryName, libcBytes),
      textPages: libcText,
      dataPages: libcData,
      bssPages: libcBss,
    }
    this.cache = fs.install(etc, cacheName, cachePages * pageBytes)
  }

  /** Installs a program. Its main() is declared, so that it has its counter from the start. */
  install(
    directory: Inode,
    program: Program,
    heapPages: number,
    libraryPages = libcText,
  ): LinkedProgram {
    const { kernel, interpreter } = this
    const pages = Math.ceil((program.textPages + program.dataPages) * untouchedShare)
    const file = kernel.fs.install(directory, program.name, pages * pageBytes)
    const main = kernel.tree.declare(program.image, 'main', Mode.user)
    return { program, main, file, interpreter, heapPages, libraryPages }
  }

  /**
   * The task becomes the program, comes to its main(), and has gone through all that a run touches.
   * False: a library could not be opened.
   * @param cycles that main() computes: with the linker's own, which spares the host an event
   */
  *run(task: Task, program: LinkedProgram, cycles: Cycles = 0): Path<boolean> {
    const { cost, memory, processes } = this.kernel
    const begun: Begun = { touches: [] }
    yield* memory.faults.touch(task, begun.touches, this.begin(task, program, begun))
    const { image, cache } = begun
    if (!image || !cache) return false
    yield* processes.compute(task, cost.dynamicLink + cycles)
    const rest = [reads(image.text, firstPages(image.text)), writes(image.bss)]
    yield* memory.faults.touch(task, rest, this.finish(task, program, cache, rest))
    return true
  }

  /** execve(); ld.so maps the cache and libc. */
  private *begin(task: Task, program: LinkedProgram, begun: Begun): Path {
    const image = yield* this.kernel.processes.exec(task, program)
    begun.image = image
    const { calls, memoryCalls } = this.kernel
    const descriptor = yield* calls.open(task, this.etc, cacheName)
    if (descriptor < 0) return
    calls.small(task, 'sys_newfstat')
    const cache = memoryCalls.mmap(task, cachePages, this.cache)
    yield* calls.close(task, descriptor)
    const { touches } = begun
    const { stack, interpreterText, interpreterData } = image
    touches.push(writes(stack))
    if (interpreterText) touches.push(reads(interpreterText))
    if (interpreterData) touches.push(writes(interpreterData))
    touches.push(reads(cache))
    if (!(yield* this.mapLibrary(task, program.libraryPages, touches))) return
    touches.push(writes(image.data), reads(image.text, 0, firstPages(image.text)))
    begun.cache = cache
  }

  /** ld.so unmaps the cache, malloc asks for a heap, which main() goes through too. */
  private *finish(task: Task, { heapPages }: LinkedProgram, cache: Area, touches: Touch[]): Path {
    const { memoryCalls } = this.kernel
    const put = memoryCalls.munmap(task, cache)
    if (put instanceof Rest) yield* put.path
    touches.push(writes(memoryCalls.brk(task, heapPages)))
  }

  /** Maps text, data and bss of libc. */
  private *mapLibrary(task: Task, pages: number, touches: Touch[]): Path<boolean> {
    const { calls, memoryCalls } = this.kernel
    const { file, dataPages, bssPages } = this.libc
    const descriptor = yield* calls.open(task, this.lib, libraryName)
    if (descriptor < 0) return false
    yield* calls.read(task, descriptor, pageBytes)
    calls.small(task, 'sys_newfstat')
    const text = memoryCalls.mmap(task, pages, file)
    memoryCalls.mprotect(task)
    const data = memoryCalls.mmap(task, dataPages, file, libcBytes / pageBytes - dataPages)
    const bss = memoryCalls.mmap(task, bssPages)
    yield* calls.close(task, descriptor)
    touches.push(reads(text), writes(data), writes(bss))
    return true
  }
}
