/** Files made, read and looked at by the system calls of a small machine. */
import type { Path, Task } from '../../sched/task'
import type { SmallMachine } from '../../small-machine.test-support'
import type { Inode } from '../inode'
import type { Ext2Inode } from './inode'

export const kilobyte = 1024

/** Makes a file, or empties it, and writes so many bytes in pieces of 8 KB. */
export function* put(m: SmallMachine, task: Task, at: Inode, name: string, bytes: number): Path {
  const file = yield* m.calls.open(task, at, name, 'truncate')
  if (file < 0) throw new Error(`${name} was not made`)
  for (let done = 0; done < bytes; done += 8192) {
    yield* m.calls.write(task, file, Math.min(8192, bytes - done))
  }
  yield* m.calls.close(task, file)
}

/** Reads a file to its end. Returns the bytes that came, undefined when there is no such file. */
export function* get(
  m: SmallMachine,
  task: Task,
  at: Inode,
  name: string,
): Path<number | undefined> {
  const file = yield* m.calls.open(task, at, name)
  if (file < 0) return undefined
  let bytes = 0
  for (let got = -1; got !== 0; bytes += got) got = yield* m.calls.read(task, file, 5000)
  yield* m.calls.close(task, file)
  return bytes
}

export const inodeOf = (directory: Inode, name: string): Ext2Inode | undefined =>
  (directory as Ext2Inode).entries?.get(name)?.inode
