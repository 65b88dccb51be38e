/** What a procedure's cycles count as. */
export const Mode = { user: 0, system: 1, spin: 2, interrupt: 3, idle: 4, wait: 5 } as const
export type ModeCode = (typeof Mode)[keyof typeof Mode]
