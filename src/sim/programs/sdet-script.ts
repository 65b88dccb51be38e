/**
 * One SDET script: a developer's commands in an order of its own, each a process that its shell
 * forks. SPEC SDM's script is licensed; TR 99-4 names cc, nroff, cpio and ed, the rest is assumed,
 * as are counts and sizes (sdet-plan.ts). Only `demand`, the scale of all user-mode
 * computing, is fitted: to 4,176 scripts an hour with 128 scripts. At its end the script checks
 * that its files exist and have the right size. They are overwritten in the next round; deleted are
 * only ed's temporary file and the formatted documents of the round before.
 */
import type { Descriptor } from '../kernel/fs/descriptor-table'
import { DescriptorError } from '../kernel/fs/descriptor-table'
import type { Inode } from '../kernel/fs/inode'
import type { Kernel } from '../kernel/kernel'
import type { Path, Task } from '../kernel/sched/task'
import type { FileCalls, OpenMode } from '../kernel/fs/file-calls'
import type { ToolName, Tools } from './developer/tools'
import type { LookTool, SdetPlan, Unit } from './sdet-plan'
import { documentCount, sourceCount } from './sdet-plan'

/** What stdio moves at once: BUFSIZ of glibc 2.0. */
const ioBytes = 8192
const kilobyte = 1024
/** 1 ms at 450 MHz. */
const millisecond = 450_000

/** Computing of a command in user mode, ms at 450 MHz before `demand` (assumed proportions). */
const computing: Readonly<Partial<Record<ToolName, number>>> = {
  cc: 8,
  cpp: 40,
  cc1: 210,
  as: 40,
  ld: 60,
  nroff: 190,
  spell: 80,
  ed: 30,
  cpio: 30,
  make: 30,
  grep: 12,
  find: 18,
  diff: 15,
  ls: 8,
  cp: 6,
  mv: 3,
  rm: 4,
  cat: 3,
  mkdir: 3,
  date: 3,
  who: 5,
}
/** The shell's own work for a command. */
const shellPerCommand = 1.5

/** Exit status of a command that could not be started. */
const notStarted = 127

/**
 * What a command does once it runs. Bodies are generator methods, called by plain functions: the
 * host makes a class for every generator function, which for each command anew takes it a
 * microsecond or more.
 */
type Work = (task: Task) => Path

/** Files of the work directory by number. Made once: the host hashes a name when it is new. */
const named = (count: number, name: (index: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => name(index))
const files = {
  sources: named(sourceCount, (index) => `s${index}.c`),
  objects: named(sourceCount, (index) => `s${index}.o`),
  programs: named(sourceCount, (index) => `s${index}.out`),
  documents: named(documentCount, (index) => `d${index}`),
  formatted: named(documentCount, (index) => `d${index}.out`),
  /** The formatted documents of the round before. */
  kept: named(documentCount, (index) => `d${index}.out.old`),
  masterSources: named(sourceCount, (index) => `source${index}.c`),
  masterDocuments: named(documentCount, (index) => `document${index}`),
}

/** What all scripts of a machine share. */
export interface SdetEnvironment {
  readonly kernel: Kernel
  readonly calls: FileCalls
  readonly tools: Tools
  /**
   * /usr/include, /usr/lib/tmac, the dictionary and the tree that the scripts' files are copied
   * from.
   */
  readonly headers: readonly string[]
  readonly include: Inode
  readonly master: Inode
}

export class SdetScript {
  failed = false
  /** Names in `work` with the size that they must have at the end. */
  private readonly expected = new Map<string, number>()

  constructor(
    private readonly environment: SdetEnvironment,
    private readonly plan: SdetPlan,
    /** The directory that the user works in, and the one above it. */
    private readonly work: Inode,
    private readonly home: Inode,
    private readonly demand: () => number,
  ) {}

  /** The script's shell, from start to exit. */
  *run(shell: Task): Path {
    const { kernel, tools } = this.environment
    yield* kernel.memory.copyOnWrite(shell)
    const isLinked = yield* tools.loader.run(shell, tools.programs.sh)
    if (!isLinked) {
      this.failed = true
      return
    }
    yield* this.prepare(shell)
    for (let index = 0; index < this.plan.units.length; index++) {
      yield* this.unit(shell, this.plan.units[index], this.plan.sizes[index])
    }
    yield* this.command(shell, 'diff', (task) => this.check(task))
    if (this.failed) shell.exitStatus = 1
  }

  /** The shell forks, the child becomes `tool` and does `work`; the shell waits for it. */
  private *command(shell: Task, tool: ToolName, work: Work, scale = 1): Path {
    const { processes } = this.environment.kernel
    yield* this.compute(shell, shellPerCommand)
    const child = yield* processes.fork(shell, (task) => this.child(task, tool, work, scale))
    if (!child) {
      this.failed = true
      return
    }
    const status = yield* processes.wait(shell)
    if (status !== 0) this.failed = true
  }

  /** Half of the computing comes before the output, half while it is written. */
  private *child(task: Task, tool: ToolName, work: Work, scale: number): Path {
    const { kernel, tools } = this.environment
    const half = ((computing[tool] ?? 0) * scale) / 2
    yield* kernel.memory.copyOnWrite(task)
    const isLinked = yield* tools.loader.run(task, tools.programs[tool])
    if (!isLinked) {
      task.exitStatus = notStarted
      return
    }
    yield* this.compute(task, half)
    yield* work(task)
    yield* this.compute(task, half)
  }

  private compute(task: Task, milliseconds: number): Path {
    const cycles = Math.round(milliseconds * this.demand() * millisecond)
    return this.environment.kernel.processes.compute(task, cycles)
  }

  private prepare(shell: Task): Path {
    return this.command(shell, 'cp', (task) => this.copyFromMaster(task))
  }

  private *copyFromMaster(task: Task): Path {
    const { master } = this.environment
    const { work } = this
    for (let index = 0; index < sourceCount; index++) {
      const bytes = Math.round(this.plan.sources[index] * kilobyte)
      yield* this.readFile(task, master, files.masterSources[index], bytes)
      yield* this.writeFile(task, work, files.sources[index], bytes)
    }
    for (let index = 0; index < documentCount; index++) {
      const bytes = Math.round(this.plan.documents[index] * kilobyte)
      yield* this.readFile(task, master, files.masterDocuments[index], bytes)
      yield* this.writeFile(task, work, files.documents[index], bytes)
    }
  }

  private unit(shell: Task, unit: Unit, size: number): Path {
    switch (unit.kind) {
      case 'compile':
        return this.command(shell, 'cc', (cc) => this.compile(cc, unit.source, unit.link, size))
      case 'format':
        return this.command(
          shell,
          'nroff',
          (nroff) => this.format(nroff, unit.document, size),
          size,
        )
      case 'edit':
        return this.command(shell, 'ed', (ed) => this.edit(ed, files.documents[unit.file]), size)
      case 'copy':
        return this.command(shell, 'cpio', (cpio) => this.copy(cpio))
      case 'make':
        return this.command(shell, 'make', (make) => this.make(make))
      case 'move':
        return this.move(shell, unit.file)
      case 'look':
        return this.command(shell, unit.tool, (tool) => this.look(tool, unit.tool))
    }
  }

  /**
   * cc forks cpp, cc1 and as, and ld when it links. What passes from one to the next goes through
   * memory (cc -pipe); only what is meant to stay is written.
   */
  private *compile(cc: Task, source: number, link: boolean, size: number): Path {
    yield* this.command(cc, 'cpp', (cpp) => this.preprocess(cpp, source), size)
    yield* this.command(cc, 'cc1', (cc1) => this.grow(cc1, Math.round(50 * size)), size)
    const object = Math.round(30 * kilobyte * size)
    const file = files.objects[source]
    yield* this.command(cc, 'as', (as) => this.writeFile(as, this.work, file, object), size)
    if (link) yield* this.command(cc, 'ld', (ld) => this.link(ld, source, size))
  }

  private *preprocess(cpp: Task, source: number): Path {
    const { headers, include } = this.environment
    yield* this.readFile(cpp, this.work, files.sources[source], Infinity)
    for (const header of headers) yield* this.readFile(cpp, include, header, Infinity)
  }

  private grow(task: Task, pages: number): Path {
    return this.environment.kernel.memory.grow(task, pages)
  }

  private *link(ld: Task, source: number, size: number): Path {
    yield* this.readFile(ld, this.work, files.objects[source], Infinity)
    yield* this.readFile(ld, this.environment.master, 'libc.a', 96 * kilobyte)
    yield* this.writeFile(ld, this.work, files.programs[source], Math.round(60 * kilobyte * size))
  }

  private *format(nroff: Task, document: number, size: number): Path {
    yield* this.readFile(nroff, this.environment.master, 'macros', 30 * kilobyte)
    yield* this.readFile(nroff, this.work, files.documents[document], Infinity)
    yield* this.writeFile(
      nroff,
      this.work,
      files.formatted[document],
      Math.round(75 * kilobyte * size),
    )
  }

  private *make(task: Task): Path {
    for (let index = 0; index < sourceCount; index++) {
      yield* this.environment.calls.stat(task, this.work, files.sources[index])
      yield* this.environment.calls.stat(task, this.work, files.objects[index])
    }
  }

  /** ed keeps a copy in a temporary file and writes the whole file back. */
  private *edit(task: Task, name: string): Path {
    const { calls } = this.environment
    const { work } = this
    const bytes = (yield* calls.stat(task, work, name)) ?? 0
    yield* this.readFile(task, work, name, Infinity)
    yield* this.writeFile(task, work, 'ed.tmp', bytes)
    yield* this.readFile(task, work, 'ed.tmp', Infinity)
    yield* this.writeFile(task, work, name, bytes)
    yield* calls.unlink(task, work, 'ed.tmp')
    this.expected.delete('ed.tmp')
  }

  /** cpio -p copies the work directory file by file. */
  private *copy(task: Task): Path {
    const { calls } = this.environment
    const copy = yield* calls.mkdir(task, this.home, 'copy')
    for (const name of yield* calls.list(task, this.work)) {
      const size = yield* this.readFile(task, this.work, name, Infinity)
      yield* this.writeFile(task, copy, name, size)
    }
  }

  /**
   * Deletes the formatted document of the round before and keeps this round's in its place.
   */
  private *move(shell: Task, document: number): Path {
    const name = files.formatted[document]
    const kept = files.kept[document]
    yield* this.command(shell, 'rm', (rm) => this.remove(rm, kept))
    this.expected.delete(kept)
    yield* this.command(shell, 'mv', (mv) => this.rename(mv, name, kept))
  }

  private *remove(task: Task, name: string): Path {
    yield* this.environment.calls.unlink(task, this.work, name)
  }

  private *rename(task: Task, name: string, kept: string): Path {
    const { work } = this
    const moved = yield* this.environment.calls.rename(task, work, name, work, kept)
    const size = this.expected.get(name)
    if (!moved || size === undefined) return
    this.expected.delete(name)
    this.expected.set(kept, size)
  }

  private *look(task: Task, tool: LookTool): Path {
    const { calls, master } = this.environment
    const { work } = this
    if (tool === 'who' || tool === 'date') return
    if (tool === 'ls' || tool === 'find') {
      for (const name of yield* calls.list(task, work)) yield* calls.stat(task, work, name)
      return
    }
    if (tool === 'spell') yield* this.readFile(task, master, 'words', 96 * kilobyte)
    for (let index = 0; index < documentCount; index++) {
      yield* this.readFile(task, work, files.documents[index], Infinity)
      if (tool === 'cat') break
    }
  }

  /**
   * The script's own error check: everything that should be there is, and is as long as it should
   * be.
   */
  private *check(task: Task): Path {
    for (const [name, size] of this.expected) {
      const got = yield* this.readFile(task, this.work, name, Infinity)
      const stated = yield* this.environment.calls.stat(task, this.work, name)
      if (got !== size || stated !== size) this.failed = true
    }
  }

  /**
   * A command that is refused a descriptor, or a file structure, says so and has failed; a file may
   * well not be there.
   */
  private *open(task: Task, directory: Inode, name: string, mode: OpenMode): Path<Descriptor> {
    const file = yield* this.environment.calls.open(task, directory, name, mode)
    if (file < 0 && file !== DescriptorError.noSuchFile) this.failed = true
    return file
  }

  /** Reads a file from its start. Returns the bytes read; 0 when it is not there. */
  private *readFile(task: Task, directory: Inode, name: string, max: number): Path<number> {
    const { calls } = this.environment
    const file = yield* this.open(task, directory, name, 'read')
    if (file < 0) return 0
    let got = 0
    while (got < max) {
      const bytes = yield* calls.read(task, file, ioBytes)
      if (bytes === 0) break
      got += bytes
      if (bytes < ioBytes) break
    }
    yield* calls.close(task, file)
    return got
  }

  /** Writes a file from its start, over what is there. */
  private *writeFile(task: Task, directory: Inode, name: string, bytes: number): Path {
    const { calls } = this.environment
    const file = yield* this.open(task, directory, name, 'create')
    if (file < 0) return
    for (let at = 0; at < bytes; at += ioBytes) {
      yield* calls.write(task, file, Math.min(ioBytes, bytes - at))
    }
    yield* calls.close(task, file)
    if (directory === this.work) this.expected.set(name, bytes)
  }
}
