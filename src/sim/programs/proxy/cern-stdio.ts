/** What a program of 1995 does to read a file by stdio, and /etc, in which it looks names up. */
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import { ioBytes } from './proxy'

export const passwd = 'passwd'
export const group = 'group'
/** Sizes of a server's (assumed). */
const passwdBytes = 2000
const groupBytes = 500

export function installEtc({ fs }: Kernel): Inode {
  const etc = fs.installDirectory(fs.root, 'etc', 1)
  fs.install(etc, passwd, passwdBytes)
  fs.install(etc, group, groupBytes)
  return etc
}

/** fopen(), fgets() to the end, fclose(): a file that is not there is passed over. */
export function* readWhole(kernel: Kernel, task: Task, directory: Inode, name: string): Path {
  const { calls } = kernel
  const file = yield* calls.open(task, directory, name, 'read')
  if (file < 0) return
  yield* calls.fstat(task)
  while ((yield* calls.read(task, file, ioBytes)) > 0);
  yield* calls.close(task, file)
}
