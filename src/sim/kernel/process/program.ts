/** An executable: what exec maps of it. */
import type { ProcedureId } from '../../observe/call-tree'
import type { Inode } from '../fs/inode'
import type { Area } from '../mm/address-space'

export interface Program {
  /** Name of the process and of its image in the profile. */
  readonly name: string
  readonly image: string
  /** Pages of its text that a run touches. */
  readonly textPages: number
  /** Pages of initialised data, which are in its file behind the text: written, they are copied. */
  readonly dataPages: number
  /** Pages of data that begins as zeros (bss). */
  readonly bssPages: number
  /** What it keeps going back to: its working set in the cache, KB. */
  readonly workingSetKB: number
}

/** The pages of ld.so that a run touches: text, and data that is written. */
export interface Interpreter {
  readonly file: Inode
  readonly textPages: number
  readonly dataPages: number
}

/** A program as installed. */
export interface Executable {
  readonly program: Program
  /** Its main() in the profile. */
  readonly main: ProcedureId
  readonly file: Inode
  /** What links it with its libraries (PT_INTERP); a static program has none. */
  readonly interpreter?: Interpreter
}

/** The areas of a process that has just called exec. */
export interface Image {
  readonly text: Area
  readonly data: Area
  readonly bss: Area
  readonly stack: Area
  readonly interpreterText: Area | undefined
  readonly interpreterData: Area | undefined
}
