/**
 * One SDET script: a software developer's commands in an order of the script's own, each a process that the
 * script's shell forks. SPEC SDM's script is licensed; TR 99-4 names cc, nroff, cpio and ed, the rest is what a
 * developer's shell history of the time holds. Counts and sizes below are assumptions (marked in sdetPlan);
 * only `demand`, the scale of all computing in user mode, is fitted: to 4,176 scripts an hour with 128 scripts.
 * At its end the script checks that what it made is there and has the right size. A user's files stay from round to
 * round and are written over; what is deleted is ed's temporary file and the formatted documents kept from the round
 * before.
 */
import type { RandomStream } from '../engine/random'
import type { Inode } from '../kernel/ext2-inode'
import type { Kernel } from '../kernel/kernel'
import type { Path, Task } from '../kernel/task'
import type { SystemCalls } from '../kernel/system-calls'
import type { ToolName, Tools } from './developer-tools'

/** What stdio moves at once: BUFSIZ of glibc 2.0. */
const ioBytes = 8192
const kilobyte = 1024
/** 1 ms at 450 MHz. */
const millisecond = 450_000

/** Computing of a command in user mode, ms at 450 MHz before `demand` (assumed proportions). */
const computing: Readonly<Partial<Record<ToolName, number>>> = {
  cc: 8, cpp: 40, cc1: 210, as: 40, ld: 60, nroff: 190, spell: 80, ed: 30, cpio: 30, make: 30,
  grep: 12, find: 18, diff: 15, ls: 8, cp: 6, mv: 3, rm: 4, cat: 3, mkdir: 3, date: 3, who: 5,
} // prettier-ignore
/** The shell's own work for a command. */
const shellPerCommand = 1.5

type Unit =
  | { readonly kind: 'compile'; readonly source: number; readonly link: boolean }
  | { readonly kind: 'format'; readonly document: number }
  | { readonly kind: 'edit'; readonly file: number }
  | { readonly kind: 'copy' }
  | {
      readonly kind: 'look'
      readonly tool: 'ls' | 'cat' | 'grep' | 'find' | 'spell' | 'who' | 'date'
    }
  | { readonly kind: 'make' }
  | { readonly kind: 'move'; readonly file: number }

export interface SdetPlan {
  readonly units: readonly Unit[]
  /** KB of each C source and each document. */
  readonly sources: readonly number[]
  readonly documents: readonly number[]
  /** Factor on each unit's output and computing, in order. */
  readonly sizes: readonly number[]
}

const sourceCount = 4
const documentCount = 3

/** What one script does: drawn once, the same in every round, as SDET's scripts are. */
export function sdetPlan(random: RandomStream): SdetPlan {
  const sources = Array.from({ length: sourceCount }, () => random.between(6, 12))
  const documents = Array.from({ length: documentCount }, () => random.between(30, 50))
  const units: Unit[] = []
  for (let source = 0; source < sourceCount; source++) {
    units.push({ kind: 'compile', source, link: source % 2 === 1 })
  }
  for (let document = 0; document < documentCount; document++) {
    units.push({ kind: 'format', document })
  }
  for (let edit = 0; edit < 2 * documentCount; edit++) {
    units.push({ kind: 'edit', file: edit % documentCount })
  }
  units.push({ kind: 'copy' }, { kind: 'make' })
  for (const tool of ['ls', 'ls', 'cat', 'grep', 'find', 'spell', 'who', 'date'] as const) {
    units.push({ kind: 'look', tool })
  }
  for (let file = 0; file < 2; file++) units.push({ kind: 'move', file })
  random.shuffle(units)
  return { units, sources, documents, sizes: units.map(() => 0.8 + 0.4 * random.uniform()) }
}

/** What all scripts of a machine share. */
export interface SdetGround {
  readonly kernel: Kernel
  readonly calls: SystemCalls
  readonly tools: Tools
  /** /usr/include, /usr/lib/tmac, the dictionary and the tree that the scripts' files are copied from. */
  readonly headers: readonly string[]
  readonly include: Inode
  readonly master: Inode
}

export class SdetScript {
  failed = false
  /** Names in `work` with the size that they must have at the end. */
  private readonly expected = new Map<string, number>()

  constructor(
    private readonly ground: SdetGround,
    private readonly plan: SdetPlan,
    /** The directory that the user works in, and the one above it. */
    private readonly work: Inode,
    private readonly home: Inode,
    private readonly demand: () => number,
  ) {}

  /** The whole life of the script's shell. */
  *run(shell: Task): Path {
    const { kernel, tools } = this.ground
    yield* kernel.processes.copyOnWrite(shell)
    yield* kernel.processes.exec(shell, tools.sh)
    yield* this.prepare(shell)
    for (let index = 0; index < this.plan.units.length; index++) {
      yield* this.unit(shell, this.plan.units[index], this.plan.sizes[index])
    }
    yield* this.check(shell)
    if (this.failed) shell.exitStatus = 1
  }

  /** The shell forks, the child becomes `tool` and does `body`; the shell waits for it. */
  private *command(shell: Task, tool: ToolName, body: (task: Task) => Path, scale = 1): Path {
    const { kernel, tools } = this.ground
    yield* this.compute(shell, shellPerCommand)
    const { processes } = kernel
    const script = this
    const child = yield* processes.fork(shell, function* (task): Path {
      yield* processes.copyOnWrite(task)
      yield* processes.exec(task, tools[tool])
      // Half of the computing comes before the output, half while it is written.
      yield* script.compute(task, ((computing[tool] ?? 0) * scale) / 2)
      yield* body(task)
      yield* script.compute(task, ((computing[tool] ?? 0) * scale) / 2)
    })
    if (!child) {
      this.failed = true
      return
    }
    const status = yield* processes.wait(shell)
    if (status !== 0) this.failed = true
  }

  private *compute(task: Task, milliseconds: number): Path {
    const cycles = Math.round(milliseconds * this.demand() * millisecond)
    yield* this.ground.kernel.processes.compute(task, cycles)
  }

  private *prepare(shell: Task): Path {
    const { master } = this.ground
    const { work } = this
    yield* this.command(
      shell,
      'cp',
      function* (this: SdetScript, task: Task): Path {
        for (let index = 0; index < sourceCount; index++) {
          const bytes = Math.round(this.plan.sources[index] * kilobyte)
          yield* this.readFile(task, master, `source${index}.c`, bytes)
          yield* this.writeFile(task, work, `s${index}.c`, bytes)
        }
        for (let index = 0; index < documentCount; index++) {
          const bytes = Math.round(this.plan.documents[index] * kilobyte)
          yield* this.readFile(task, master, `document${index}`, bytes)
          yield* this.writeFile(task, work, `d${index}`, bytes)
        }
      }.bind(this),
    )
  }

  private *unit(shell: Task, unit: Unit, size: number): Path {
    const { work } = this
    switch (unit.kind) {
      case 'compile':
        return yield* this.compile(shell, work, unit.source, unit.link, size)
      case 'format':
        return yield* this.command(
          shell,
          'nroff',
          function* (this: SdetScript, task: Task): Path {
            yield* this.readFile(task, this.ground.master, 'macros', 30 * kilobyte)
            yield* this.readFile(task, work, `d${unit.document}`, Infinity)
            yield* this.writeFile(
              task,
              work,
              `d${unit.document}.out`,
              Math.round(75 * kilobyte * size),
            )
          }.bind(this),
          size,
        )
      case 'edit':
        return yield* this.edit(shell, work, `d${unit.file}`, size)
      case 'copy':
        return yield* this.copy(shell, work)
      case 'make':
        return yield* this.command(
          shell,
          'make',
          function* (this: SdetScript, task: Task): Path {
            for (let index = 0; index < sourceCount; index++) {
              yield* this.ground.calls.stat(task, work, `s${index}.c`)
              yield* this.ground.calls.stat(task, work, `s${index}.o`)
            }
          }.bind(this),
        )
      case 'move':
        return yield* this.move(shell, work, `d${unit.file}.out`)
      case 'look':
        return yield* this.look(shell, work, unit.tool)
    }
  }

  /**
   * cc forks cpp, cc1 and as, and ld when it links. What passes from one to the next goes through memory (cc -pipe);
   * only what is meant to stay is written.
   */
  private *compile(shell: Task, work: Inode, source: number, link: boolean, size: number): Path {
    const { headers, include, master } = this.ground
    const base = `s${source}`
    const script = this
    yield* this.command(shell, 'cc', function* (task): Path {
      yield* script.command(
        task,
        'cpp',
        function* (cpp): Path {
          yield* script.readFile(cpp, work, `${base}.c`, Infinity)
          for (const header of headers) yield* script.readFile(cpp, include, header, Infinity)
        },
        size,
      )
      yield* script.command(
        task,
        'cc1',
        function* (cc1): Path {
          yield* script.ground.kernel.processes.grow(cc1, Math.round(50 * size))
        },
        size,
      )
      yield* script.command(
        task,
        'as',
        function* (as): Path {
          yield* script.writeFile(as, work, `${base}.o`, Math.round(30 * kilobyte * size))
        },
        size,
      )
      if (link) {
        yield* script.command(task, 'ld', function* (ld): Path {
          yield* script.readFile(ld, work, `${base}.o`, Infinity)
          yield* script.readFile(ld, master, 'libc.a', 96 * kilobyte)
          yield* script.writeFile(ld, work, `${base}.out`, Math.round(60 * kilobyte * size))
        })
      }
    })
  }

  /** ed keeps a copy in a temporary file and writes the whole file back. */
  private *edit(shell: Task, work: Inode, name: string, size: number): Path {
    const { calls } = this.ground
    yield* this.command(
      shell,
      'ed',
      function* (this: SdetScript, task: Task): Path {
        const bytes = (yield* calls.stat(task, work, name)) ?? 0
        yield* this.readFile(task, work, name, Infinity)
        yield* this.writeFile(task, work, 'ed.tmp', bytes)
        yield* this.readFile(task, work, 'ed.tmp', Infinity)
        yield* this.writeFile(task, work, name, bytes)
        yield* calls.unlink(task, work, 'ed.tmp')
      }.bind(this),
      size,
    )
    this.expected.delete('ed.tmp')
  }

  /** cpio -p copies the work directory file by file. */
  private *copy(shell: Task, work: Inode): Path {
    const { calls } = this.ground
    const { home } = this
    yield* this.command(
      shell,
      'cpio',
      function* (this: SdetScript, task: Task): Path {
        const copy = yield* calls.mkdir(task, home, 'copy')
        for (const name of yield* calls.list(task, work)) {
          const size = yield* this.readFile(task, work, name, Infinity)
          yield* this.writeFile(task, copy, name, size)
        }
      }.bind(this),
    )
  }

  /** The document as it was formatted in the round before goes, this round's is kept in its place. */
  private *move(shell: Task, work: Inode, name: string): Path {
    const { calls } = this.ground
    const kept = `${name}.old`
    yield* this.command(shell, 'rm', function* (task): Path {
      yield* calls.unlink(task, work, kept)
    })
    this.expected.delete(kept)
    yield* this.command(
      shell,
      'mv',
      function* (this: SdetScript, task: Task): Path {
        const moved = yield* calls.rename(task, work, name, work, kept)
        const size = this.expected.get(name)
        if (!moved || size === undefined) return
        this.expected.delete(name)
        this.expected.set(kept, size)
      }.bind(this),
    )
  }

  private *look(
    shell: Task,
    work: Inode,
    tool: 'ls' | 'cat' | 'grep' | 'find' | 'spell' | 'who' | 'date',
  ): Path {
    const { calls, master } = this.ground
    yield* this.command(
      shell,
      tool,
      function* (this: SdetScript, task: Task): Path {
        if (tool === 'who' || tool === 'date') return
        if (tool === 'ls' || tool === 'find') {
          for (const name of yield* calls.list(task, work)) yield* calls.stat(task, work, name)
          return
        }
        if (tool === 'spell') yield* this.readFile(task, master, 'words', 96 * kilobyte)
        for (let index = 0; index < documentCount; index++) {
          yield* this.readFile(task, work, `d${index}`, Infinity)
          if (tool === 'cat') break
        }
      }.bind(this),
    )
  }

  /** The script's own error check: everything that should be there is, and is as long as it should be. */
  private *check(shell: Task): Path {
    const { calls } = this.ground
    const { work } = this
    yield* this.command(
      shell,
      'diff',
      function* (this: SdetScript, task: Task): Path {
        for (const [name, size] of this.expected) {
          const got = yield* this.readFile(task, work, name, Infinity)
          const stated = yield* calls.stat(task, work, name)
          if (got !== size || stated !== size) this.failed = true
        }
      }.bind(this),
    )
  }

  /** Reads a file from its start. Returns the bytes read; 0 when it is not there. */
  private *readFile(task: Task, directory: Inode, name: string, most: number): Path<number> {
    const { calls } = this.ground
    const file = yield* calls.open(task, directory, name, 'read')
    if (file === undefined) return 0
    let got = 0
    while (got < most) {
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
    const { calls } = this.ground
    const file = yield* calls.open(task, directory, name, 'create')
    if (file === undefined) return
    for (let at = 0; at < bytes; at += ioBytes) {
      yield* calls.write(task, file, Math.min(ioBytes, bytes - at))
    }
    yield* calls.close(task, file)
    if (directory === this.work) this.expected.set(name, bytes)
  }
}
