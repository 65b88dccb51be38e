/**
 * cc and make. cc runs cpp, cc1 and as, and ld when it links; what passes from one to the next
 * stands in files in /tmp that cc removes at its end (gcc without -pipe).
 */
import type { Inode } from '../../kernel/fs/inode'
import type { Path, Task } from '../../kernel/sched/task'
import type { Command, Work } from './commands'
import type { Environment } from './environment'
import type { TextTools } from './text-tools'

/** Bytes that come out for a byte of C source (assumed). */
const growth = { preprocessed: 5, assembly: 2.5, object: 0.8 } as const
/** A small program that is linked with the shared library. */
const programBytes = 12 * 1024

export class Compiler {
  constructor(
    private readonly environment: Environment,
    private readonly text: TextTools,
  ) {}

  /** cc of one source to an object beside it, or to a program. */
  compile(directory: Inode, source: string, target: string, links: boolean): Command {
    return { tool: 'cc', work: (cc) => this.cc(cc, directory, source, target, links) }
  }

  private *cc(cc: Task, directory: Inode, source: string, target: string, links: boolean): Path {
    const { commands, files, calls, tmp } = this.environment
    const base = `cc${cc.pid}`
    const bytes = (yield* calls.stat(cc, directory, source)) ?? 0
    const assembly = Math.round(bytes * growth.assembly)
    const object = Math.round(bytes * growth.object)
    const cpp: Work = (task) => this.preprocess(task, directory, source, `${base}.i`)
    yield* commands.run(cc, { tool: 'cpp', work: cpp })
    const cc1: Work = (task) => this.translate(task, `${base}.i`, `${base}.s`, assembly)
    yield* commands.run(cc, { tool: 'cc1', work: cc1 })
    const [objects, name] = links ? [tmp, `${base}.o`] : [directory, target]
    const as: Work = (task) => this.assemble(task, `${base}.s`, objects, name, object)
    yield* commands.run(cc, { tool: 'as', work: as })
    if (links) {
      const ld: Work = (task) => this.link(task, tmp, [name], directory, target)
      yield* commands.run(cc, { tool: 'ld', work: ld })
      yield* files.unlink(cc, tmp, name)
    }
    yield* files.unlink(cc, tmp, `${base}.i`)
    yield* files.unlink(cc, tmp, `${base}.s`)
  }

  private *preprocess(task: Task, directory: Inode, source: string, output: string): Path {
    const { files, headers, tmp } = this.environment
    const bytes = yield* files.read(task, directory, source)
    yield* this.text.readAll(task, headers)
    yield* files.write(task, tmp, output, Math.round(bytes * growth.preprocessed))
  }

  private *translate(task: Task, input: string, output: string, bytes: number): Path {
    const { files, tmp } = this.environment
    yield* files.read(task, tmp, input)
    yield* files.write(task, tmp, output, bytes)
  }

  private *assemble(
    task: Task,
    input: string,
    directory: Inode,
    output: string,
    bytes: number,
  ): Path {
    const { files, tmp } = this.environment
    yield* files.read(task, tmp, input)
    yield* files.write(task, directory, output, bytes)
  }

  private *link(
    task: Task,
    from: Inode,
    objects: readonly string[],
    directory: Inode,
    target: string,
  ): Path {
    const { calls, files, startFiles } = this.environment
    for (const object of objects) yield* files.read(task, from, object)
    yield* this.text.readAll(task, startFiles)
    yield* files.write(task, directory, target, programBytes)
    yield* calls.named(task, 'sys_chmod', directory, target)
  }

  /** make reads its Makefile, asks after every file, and runs what is needed. */
  make(directory: Inode, sources: readonly string[], target: string): Command {
    return { tool: 'make', work: (make) => this.build(make, directory, sources, target) }
  }

  private *build(make: Task, directory: Inode, sources: readonly string[], target: string): Path {
    const { commands, files, calls } = this.environment
    yield* files.read(make, directory, 'Makefile')
    const objects = sources.map((source) => source.replace('.c', '.o'))
    for (const name of [target, ...objects, ...sources]) yield* calls.stat(make, directory, name)
    for (let index = 0; index < sources.length; index++) {
      yield* commands.run(make, this.compile(directory, sources[index], objects[index], false))
    }
    const linking: Work = (cc) => this.linkAlone(cc, directory, objects, target)
    yield* commands.run(make, { tool: 'cc', work: linking })
  }

  private *linkAlone(cc: Task, directory: Inode, objects: readonly string[], target: string): Path {
    const ld: Work = (task) => this.link(task, directory, objects, directory, target)
    yield* this.environment.commands.run(cc, { tool: 'ld', work: ld })
  }
}
