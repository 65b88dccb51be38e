/** Programs that tests of processes run. */
import type { Area } from '../mm/address-space'
import type { Touch } from '../mm/faults'
import type { Executable, Image, Interpreter } from './program'
import { Mode } from '../../observe/call-tree'
import type { SmallMachine } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'

export const pageKB = 4

/** A program of 20 pages of text, 4 of data and 6 of bss, on disk, and its interpreter. */
export function installed(m: SmallMachine): Executable & { readonly interpreter: Interpreter } {
  const { fs } = m.kernel
  return {
    program: {
      name: 'tool',
      image: '/bin/tool',
      textPages: 20,
      dataPages: 4,
      bssPages: 6,
      workingSetKB: 32,
    },
    file: fs.install(fs.root, 'tool', 30 * pageKB * 1024),
    main: m.tree.declare('/bin/tool', 'main', Mode.user),
    interpreter: {
      file: fs.install(fs.root, 'ld.so', 22 * pageKB * 1024),
      textPages: 10,
      dataPages: 2,
    },
  }
}

/** Runs a program and goes through all that is mapped: text is read, the rest written. */
export function* execAndTouch(m: SmallMachine, task: Task, tool: Executable): Path<Image> {
  const image = yield* m.kernel.processes.exec(task, tool)
  const { text, interpreterText, data, bss, stack, interpreterData } = image
  const all = (writes: boolean, areas: readonly (Area | undefined)[]): Touch[] =>
    areas.flatMap((area) => (area ? [{ area, from: 0, pages: area.pages, writes }] : []))
  yield* m.kernel.memory.faults.touch(task, [
    ...all(false, [text, interpreterText]),
    ...all(true, [data, bss, stack, interpreterData]),
  ])
  return image
}

/** The parent forks a child that does `body`, and waits for it. Returns the child's exit status. */
export function* inChild(m: SmallMachine, task: Task, body: (child: Task) => Path): Path<number> {
  const { processes } = m.kernel
  const child = yield* processes.fork(task, body)
  if (!child) throw new Error('no memory for a child')
  const status = yield* processes.wait(task)
  if (status === undefined) throw new Error('no child to wait for')
  return status
}
