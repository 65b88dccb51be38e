/** Files that become ready when a test says so, at descriptors of a process. */
import type { SmallMachine } from '../../small-machine.test-support'
import type { Task } from '../../sched/task'
import type { OpenFile } from '../files'
import { Watchers } from './watchers'

export class TestFile implements OpenFile {
  readonly name = 'test'
  users = 0
  bits = 0
  readonly watchers = new Watchers()

  poll(): number {
    return this.bits
  }

  read(): number {
    this.bits = 0
    return 1
  }

  write(): number {
    return 1
  }

  release(): void {
    this.watchers.close()
  }

  /** A callback, as a bottom half makes it. Returns its cycles. */
  become(bits: number): number {
    this.bits = bits
    return this.watchers.callBack()
  }
}

/** Opens so many. Returns them by descriptor. */
export function openFiles(m: SmallMachine, task: Task, count: number): Map<number, TestFile> {
  const { descriptors } = m.kernel
  descriptors.tables.perProcess = 100_000
  descriptors.system.set(200_000, 0)
  const files = new Map<number, TestFile>()
  for (let opened = 0; opened < count; opened++) {
    const descriptor = descriptors.reserve(task)
    const file = new TestFile()
    descriptors.install(task, descriptor, file)
    files.set(descriptor, file)
  }
  return files
}
