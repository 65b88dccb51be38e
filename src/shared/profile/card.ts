/** A counter that says what a procedure's cycles went into. */
export interface WorkCount {
  readonly counter: string
  /** What it counts, after its number: `sleepers woken`. */
  readonly of: string
}

export interface ProcedureCard {
  /** What it is in Linux 2.2, in a sentence or two. */
  readonly about: string
  /** What makes it dear. */
  readonly why: string
  /** Most telling first: the cycles of one are told of the first that is not 0. */
  readonly counts?: readonly WorkCount[]
  /** False where it is executed for many at a time: the calls in a profile are not its own then. */
  readonly callsCount?: false
  /** Where Digital UNIX does the same in another way. */
  readonly digitalUnix?: string
}

export type Cards = Readonly<Record<string, ProcedureCard>>
