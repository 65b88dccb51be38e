/**
 * Files under way stand beside their place as `.<name>.<host>-<process>-<start>-<random>.part`. The
 * name tells who writes, so that what a killed process has left is found and removed by the next
 * one.
 */
import { createHash, randomUUID } from 'node:crypto'
import { lstatSync, opendirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import type { Place } from './place'

/**
 * Characters of the file's own name: with four bytes each and the rest, below the 255 of a file
 * system.
 */
const nameKept = 40
const pattern = /^\..*\.([0-9a-f]{8}-\d+-\d+)-[0-9a-f]{8}\.part$/s

/** Part files of this process. */
const underWay = new Set<string>()

/** A name in the same folder that no other file has. It is this process's until `partDone`. */
export function partName({ folder, path }: Place): string {
  const name = [...basename(path)].slice(0, nameKept).join('')
  const part = join(folder, `.${name}.${writerTag()}-${randomUUID().slice(0, 8)}.part`)
  underWay.add(part)
  return part
}

export function partDone(part: string): void {
  underWay.delete(part)
}

/** Removes every part file of this process, when it has no time to end in good order. */
export function dropParts(): void {
  for (const part of underWay) rmSync(part, { force: true })
  underWay.clear()
}
process.once('exit', dropParts)

/** Removes the part files in a folder whose writers are gone. */
export function sweepParts(folder: string): void {
  sweep(folder, pattern, (part) => {
    if (lstatSync(part).isFile()) rmSync(part, { force: true })
  })
}

/**
 * Removes what has such a name, with the tag of its writer in it, and whose writer is gone. What
 * cannot be told or removed stays.
 */
export function sweep(folder: string, name: RegExp, remove: (path: string) => void): void {
  try {
    const entries = opendirSync(folder)
    try {
      for (let entry = entries.readSync(); entry; entry = entries.readSync()) {
        const [, writer] = name.exec(entry.name) ?? []
        if (writer === undefined || !isGone(writer)) continue
        try {
          remove(join(folder, entry.name))
        } catch {
          // Another user's, for instance: the others are looked at all the same.
        }
      }
    } finally {
      entries.closeSync()
    }
  } catch {
    // The folder may be writable and not readable: then nothing is swept.
  }
}

/** Anybody may write to the temporary folder: nothing is removed that another has put there. */
export function isOwnFolder(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && (!process.getuid || stat.uid === process.getuid())
}

/** Names this process among all that ever were on this host: `<host>-<process>-<start>`. */
export const writerTag = (): string => `${hostTag()}-${process.pid}-${startOf(process.pid) ?? 0}`

/** Whether the process of this tag is gone for certain: one of another host never is. */
export function isGone(tag: string): boolean {
  const [host, process, start] = tag.split('-')
  return host === hostTag() && !isAlive(Number(process), start)
}

/**
 * Numbers of processes mean something on one host, and in one namespace of it: a container that
 * shares a folder has others.
 */
let tag: string | undefined
function hostTag(): string {
  return (tag ??= createHash('sha256')
    .update(`${hostname()}\0${namespace()}`)
    .digest('hex')
    .slice(0, 8))
}
function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** Whether the process with this number lives, and is the one that began then. */
function isAlive(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Of another user it may be, and then the signal is not permitted.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const began = startOf(pid)
  return began === undefined || start === '0' || began === start
}

/** Clock ticks from the boot to the start of a process: a number that is used again has another. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the program's name in brackets, which may have brackets and blanks in it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
