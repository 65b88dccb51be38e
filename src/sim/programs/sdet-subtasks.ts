/**
 * The subtasks that an SDET script is made of: a few lines of a developer's session each, with
 * every command that SPEC's list marks as used in the measured window (sdet_command.txt). How often
 * each stands in a script is not published. The counts are assumed: some 130 commands, fewer than
 * the sources leave room for (a lone script takes 55 s on a 50 MHz SuperSPARC, SPEC SDM91,
 * reference-figures §3.3), so that a simulated second costs the host little.
 */
import type { Inode } from '../kernel/fs/inode'
import type { Path, Task } from '../kernel/sched/task'
import type { Command, Work } from './developer/commands'
import { Compiler } from './developer/compiler'
import type { Environment } from './developer/environment'
import { FileTools } from './developer/file-tools'
import { TextTools } from './developer/text-tools'

/** How often a script has each subtask (assumed). */
export const subtaskCounts = {
  edit: 5,
  compile: 3,
  build: 1,
  format: 2,
  spell: 2,
  look: 4,
  search: 2,
  arrange: 2,
  archive: 2,
  status: 1,
  procedure: 2,
  print: 2,
} as const
export type Subtask = keyof typeof subtaskCounts

/** Bytes of the files that every user gets a copy of (assumed): the clone directory. */
export const cloneFiles = {
  'prog1.c': 3000,
  'prog2.c': 3500,
  'util.c': 2500,
  Makefile: 600,
  doc1: 7000,
  doc2: 9000,
  text1: 4000,
  text2: 3000,
  text3: 5000,
  notes: 1500,
  procedure: 300,
} as const
/** Those of its directory `src`. */
export const sourceFiles = {
  'main.c': 4000,
  'table.c': 6000,
  'table.h': 1200,
  'print.c': 3500,
  README: 2500,
} as const

const editCommands = 200
const texts = ['text1', 'text2', 'text3'] as const
const sourceNames = Object.keys(sourceFiles)
const standardOutput = 1

/** A user's directory and the one in it. */
export interface Home {
  readonly work: Inode
  readonly src: Inode
}

// eslint-disable-next-line require-yield -- nothing in it waits
function* onlyComputes(): Path {
  return undefined
}

export class Subtasks {
  private readonly files: FileTools
  private readonly text: TextTools
  private readonly compiler: Compiler

  constructor(
    private readonly environment: Environment,
    private readonly home: Home,
  ) {
    this.files = new FileTools(environment)
    this.text = new TextTools(environment)
    this.compiler = new Compiler(environment, this.text)
  }

  /** @param time how many of this subtask the shell has done before */
  run(shell: Task, subtask: Subtask, time: number): Path {
    switch (subtask) {
      case 'edit':
        return this.edit(shell, texts[time % texts.length])
      case 'compile':
        return this.compile(shell, time % 2 === 0 ? 'prog1.c' : 'prog2.c')
      case 'build':
        return this.build(shell)
      case 'format':
        return this.format(shell, time % 2 === 0 ? 'doc1' : 'doc2')
      case 'spell':
        return this.spell(shell, time % 2 === 0 ? 'doc1' : 'doc2')
      case 'look':
        return this.look(shell)
      case 'search':
        return this.search(shell)
      case 'arrange':
        return this.arrange(shell)
      case 'archive':
        return this.archive(shell)
      case 'status':
        return this.status(shell)
      case 'procedure':
        return this.procedure(shell)
      case 'print':
        return this.print(shell, texts[time % texts.length])
    }
  }

  private command(shell: Task, command: Command): Path {
    return this.environment.commands.run(shell, command)
  }

  /** test -f file && ed file << !; wc file. The lines for ed stand in a file that sh makes. */
  private *edit(shell: Task, name: string): Path {
    const { files, calls, tmp } = this.environment
    const { work } = this.home
    yield* calls.stat(shell, work, name)
    const here = `sh${shell.pid}`
    yield* files.write(shell, tmp, here, editCommands)
    const input = { directory: tmp, name: here }
    yield* this.command(shell, { tool: 'ed', work: this.text.ed(work, name), input })
    yield* files.unlink(shell, tmp, here)
    yield* this.command(shell, { tool: 'wc', work: this.text.reading(work, [name]) })
  }

  /** cc -o prog prog.c; rm prog. */
  private *compile(shell: Task, source: string): Path {
    const { work } = this.home
    yield* this.command(shell, this.compiler.compile(work, source, 'prog', true))
    yield* this.command(shell, { tool: 'rm', work: this.files.remove(work, ['prog']) })
  }

  /** touch util.c; make; rm util.o prog1.o tool. */
  private *build(shell: Task): Path {
    const { work } = this.home
    yield* this.command(shell, { tool: 'touch', work: this.files.touch(work, 'util.c') })
    yield* this.command(shell, this.compiler.make(work, ['prog1.c', 'util.c'], 'tool'))
    const made = ['prog1.o', 'util.o', 'tool']
    yield* this.command(shell, { tool: 'rm', work: this.files.remove(work, made) })
  }

  /** nroff -mm doc | col > doc.out; pr doc.out; rm doc.out. */
  private *format(shell: Task, document: string): Path {
    const { work } = this.home
    const output = { directory: work, name: `${document}.out` }
    yield* this.environment.commands.pipeline(shell, [
      this.text.nroff(work, document),
      { tool: 'col', work: this.text.filtering(1), output },
    ])
    yield* this.command(shell, { tool: 'pr', work: this.text.passing(work, output.name) })
    yield* this.command(shell, { tool: 'rm', work: this.files.remove(work, [output.name]) })
  }

  /** spell doc > /tmp/sp; cat /tmp/sp; rm /tmp/sp. */
  private *spell(shell: Task, document: string): Path {
    const { tmp } = this.environment
    const output = { directory: tmp, name: `sp${shell.pid}` }
    const work = this.text.spell(this.home.work, document)
    yield* this.command(shell, { tool: 'spell', work, output })
    yield* this.command(shell, { tool: 'cat', work: this.text.passing(tmp, output.name) })
    yield* this.command(shell, { tool: 'rm', work: this.files.remove(tmp, [output.name]) })
  }

  /** cd src; ls -l; cat README; cd ..; echo. cd and echo are the shell's own. */
  private *look(shell: Task): Path {
    const { work, src } = this.home
    yield* this.changeDirectory(shell, work, 'src')
    yield* this.command(shell, { tool: 'ls', work: this.files.list(src) })
    yield* this.command(shell, { tool: 'cat', work: this.text.passing(src, 'README') })
    yield* this.changeDirectory(shell, work, 'src')
    yield* this.echo(shell)
  }

  /** find . -name '*.c' -print; grep main *.c; expr. */
  private *search(shell: Task): Path {
    const { work, src } = this.home
    const find: Work = (task) => this.findBoth(task)
    yield* this.command(shell, { tool: 'find', work: find })
    const sources = ['prog1.c', 'prog2.c', 'util.c']
    yield* this.command(shell, { tool: 'grep', work: this.text.reading(work, sources) })
    yield* this.environment.calls.stat(shell, src, 'main.c')
    yield* this.command(shell, { tool: 'expr', work: onlyComputes })
  }

  private *findBoth(task: Task): Path {
    yield* this.files.list(this.home.work)(task)
    yield* this.files.list(this.home.src)(task)
  }

  /** mkdir d; cp text1 notes d; ls d; mv d/text1 d/new; diff text1 d/new; rm d/*; rmdir d. */
  private *arrange(shell: Task): Path {
    const { calls } = this.environment
    const { work } = this.home
    const { files } = this
    let made: Inode | undefined
    const mkdir = function* (task: Task): Path {
      made = yield* calls.mkdir(task, work, 'd')
    }
    yield* this.command(shell, { tool: 'mkdir', work: mkdir })
    if (!made) return
    const d = made
    yield* this.command(shell, { tool: 'cp', work: files.copy(work, 'text1', d) })
    yield* this.command(shell, { tool: 'cp', work: files.copy(work, 'notes', d) })
    yield* this.command(shell, { tool: 'ls', work: files.list(d) })
    yield* this.command(shell, { tool: 'mv', work: files.move(d, 'text1', 'new') })
    yield* this.command(shell, { tool: 'diff', work: this.text.compare(work, 'text1', d, 'new') })
    yield* this.command(shell, { tool: 'rm', work: files.remove(d, ['new', 'notes']) })
    yield* this.command(shell, { tool: 'rmdir', work: files.removeDirectory(work, 'd') })
  }

  /**
   * find src -print | cpio -o > /tmp/ar; mkdir x; cd x; cpio -i < /tmp/ar; cd ..; rm -r x; rm
   * /tmp/ar.
   */
  private *archive(shell: Task): Path {
    const { calls, tmp, commands } = this.environment
    const { work, src } = this.home
    const { files } = this
    const archive = { directory: tmp, name: `ar${shell.pid}` }
    yield* commands.pipeline(shell, [
      { tool: 'find', work: files.list(src) },
      { tool: 'cpio', work: files.archive(src, sourceNames), output: archive },
    ])
    let made: Inode | undefined
    const mkdir = function* (task: Task): Path {
      made = yield* calls.mkdir(task, work, 'x')
    }
    yield* this.command(shell, { tool: 'mkdir', work: mkdir })
    if (!made) return
    const x = made
    yield* this.changeDirectory(shell, work, 'x')
    yield* this.command(shell, {
      tool: 'cpio',
      work: files.extract(x, sourceFiles),
      input: archive,
    })
    yield* this.changeDirectory(shell, work, 'x')
    yield* this.command(shell, { tool: 'rm', work: files.removeTree(work, 'x', x) })
    yield* this.command(shell, { tool: 'rm', work: files.remove(tmp, [archive.name]) })
  }

  /** date; who; ps. */
  private *status(shell: Task): Path {
    const { timeZone, logins, kernel } = this.environment
    const { text } = this
    yield* this.command(shell, { tool: 'date', work: (task) => text.readAll(task, [timeZone]) })
    yield* this.command(shell, { tool: 'who', work: (task) => text.readAll(task, [logins]) })
    const ps = function* (task: Task): Path {
      yield* kernel.proc.read(task)
    }
    yield* this.command(shell, { tool: 'ps', work: ps })
    yield* this.echo(shell)
  }

  /** sh procedure: a shell of its own that counts with expr, and tests. */
  private *procedure(shell: Task): Path {
    yield* this.command(shell, { tool: 'sh', work: (task) => this.inner(task) })
  }

  private *inner(shell: Task): Path {
    const { files, calls } = this.environment
    const { work } = this.home
    yield* files.read(shell, work, 'procedure')
    for (let times = 0; times < 4; times++) {
      yield* calls.stat(shell, work, 'notes')
      yield* this.command(shell, { tool: 'expr', work: onlyComputes })
    }
    yield* this.echo(shell)
  }

  /** pr text > /tmp/pr; cat /tmp/pr; rm /tmp/pr. */
  private *print(shell: Task, name: string): Path {
    const { tmp } = this.environment
    const output = { directory: tmp, name: `pr${shell.pid}` }
    const pr = this.text.passing(this.home.work, name)
    yield* this.command(shell, { tool: 'pr', work: pr, output })
    yield* this.command(shell, { tool: 'cat', work: this.text.passing(tmp, output.name) })
    yield* this.command(shell, { tool: 'rm', work: this.files.remove(tmp, [output.name]) })
  }

  private *changeDirectory(shell: Task, directory: Inode, name: string): Path {
    const { calls } = this.environment
    const isThere = yield* calls.named(shell, 'sys_chdir', directory, name)
    if (!isThere) shell.exitStatus = 1
  }

  private echo(shell: Task): Path {
    return this.environment.files.pour(shell, standardOutput, 20)
  }
}
