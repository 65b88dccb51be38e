/** The tools that go through text: what each does once it runs. */
import type { Inode } from '../../kernel/fs/inode'
import type { Path, Task } from '../../kernel/sched/task'
import type { Command, Work } from './commands'
import type { Environment, Reading } from './environment'

/** Share of a document that a formatter, a sorter or a speller hands on (assumed). */
const growth = { formatted: 1.5, words: 0.8, misspelt: 0.05, matched: 0.1 } as const
const standardInput = 0
const standardOutput = 1

export class TextTools {
  constructor(private readonly environment: Environment) {}

  /** Reads a file and does nothing with it but compute: wc, cat to the console, grep. */
  reading(directory: Inode, names: readonly string[]): Work {
    return (task) => this.read(task, directory, names)
  }

  private *read(task: Task, directory: Inode, names: readonly string[]): Path {
    const { files } = this.environment
    for (const name of names) {
      const bytes = yield* files.read(task, directory, name)
      yield* files.pour(task, standardOutput, Math.round(bytes * growth.matched))
    }
  }

  /** Reads a file and writes as much of it to standard output: cat, pr, deroff. */
  passing(directory: Inode, name: string, share = 1): Work {
    return (task) => this.pass(task, directory, name, share)
  }

  private *pass(task: Task, directory: Inode, name: string, share: number): Path {
    const { files } = this.environment
    const bytes = yield* files.read(task, directory, name)
    yield* files.pour(task, standardOutput, Math.round(bytes * share))
  }

  /** Reads standard input and writes so much of it to standard output: col, sort. */
  filtering(share: number): Work {
    return (task) => this.filter(task, share)
  }

  private *filter(task: Task, share: number): Path {
    const { files } = this.environment
    const bytes = yield* files.drain(task, standardInput)
    yield* files.pour(task, standardOutput, Math.round(bytes * share))
  }

  /** diff of two files. */
  compare(one: Inode, name: string, other: Inode, otherName: string): Work {
    return (task) => this.diff(task, one, name, other, otherName)
  }

  private *diff(task: Task, one: Inode, name: string, other: Inode, otherName: string): Path {
    const { files } = this.environment
    const lengths = [yield* files.read(task, one, name), yield* files.read(task, other, otherName)]
    if (lengths[0] !== lengths[1]) task.exitStatus = 1
  }

  /**
   * nroff is a shell script that becomes groff, which runs troff and grotty with a pipe between
   * them.
   */
  nroff(directory: Inode, name: string): Command {
    return { tool: 'nroff', work: (task) => this.format(task, directory, name) }
  }

  private format(task: Task, directory: Inode, name: string): Path {
    const groff: Work = (by) => this.groff(by, directory, name)
    return this.environment.commands.runAs(task, 'groff', groff)
  }

  private *groff(task: Task, directory: Inode, name: string): Path {
    const { commands } = this.environment
    const troff: Work = (by) => this.troff(by, directory, name)
    yield* commands.pipeline(task, [
      { tool: 'troff', work: troff },
      { tool: 'grotty', work: this.filtering(1 / growth.formatted) },
    ])
  }

  private *troff(task: Task, directory: Inode, name: string): Path {
    yield* this.readAll(task, this.environment.macros)
    yield* this.pass(task, directory, name, growth.formatted)
  }

  /** spell is a shell script: deroff, sort -u and spellprog with pipes between them. */
  spell(directory: Inode, name: string): Work {
    return (task) => this.check(task, directory, name)
  }

  private *check(task: Task, directory: Inode, name: string): Path {
    const { commands } = this.environment
    const spellprog: Work = (by) => this.lookUp(by)
    yield* commands.pipeline(task, [
      { tool: 'deroff', work: this.passing(directory, name) },
      { tool: 'sort', work: this.filtering(growth.words) },
      { tool: 'spellprog', work: spellprog },
    ])
  }

  private *lookUp(task: Task): Path {
    yield* this.readAll(task, [this.environment.dictionary])
    yield* this.filter(task, growth.misspelt)
  }

  *readAll(task: Task, readings: readonly Reading[]): Path {
    for (const { directory, name, bytes } of readings) {
      yield* this.environment.files.read(task, directory, name, bytes)
    }
  }

  /**
   * ed reads its commands from standard input and the file into a buffer in /tmp, goes through it,
   * and writes the whole file.
   */
  ed(directory: Inode, name: string): Work {
    return (task) => this.edit(task, directory, name)
  }

  private *edit(task: Task, directory: Inode, name: string): Path {
    const { files, tmp } = this.environment
    const buffer = `e${task.pid}`
    yield* files.drain(task, standardInput)
    const bytes = yield* files.read(task, directory, name)
    yield* files.write(task, tmp, buffer, bytes)
    yield* files.read(task, tmp, buffer)
    yield* files.write(task, directory, name, bytes)
    yield* files.unlink(task, tmp, buffer)
  }
}
