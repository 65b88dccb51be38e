/** An executable: what of it gets touched when it runs. */
import type { ProcedureId } from '../../observe/call-tree'
import type { Inode } from '../fs/inode'

export interface Program {
  /** Name of the process and of its image in the profile. */
  readonly name: string
  readonly image: string
  /** Pages of its text, and of the C library, that a run touches. */
  readonly textPages: number
  readonly libraryPages: number
  /** Anonymous pages after start-up: data, bss, stack, first heap. */
  readonly dataPages: number
  /** What it keeps going back to: its working set in the cache, KB. */
  readonly workingSetKB: number
}

/** A program as installed: its file and the library's. */
export interface Executable {
  readonly program: Program
  /** Its main() in the profile. */
  readonly main: ProcedureId
  readonly file: Inode
  readonly library: Inode
}
