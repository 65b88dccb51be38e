/**
 * The lines of a task that a switch to it loads beside those that the walk reads: counted from what
 * it goes through (2.2.1, i386). They follow one another, as each return waits for its address, so
 * each takes the latency.
 */

/**
 * Of the TSS: esp0, eip and esp, fs and gs, the selector, the last debug register
 * (include/asm-i386/processor.h).
 */
const tssLines = 5
/** Of the mm structure: its segments. */
const mmLines = 1
/** Of the kernel stack, up to the return to user mode: switch_to's registers and schedule(). */
const scheduleLines = 2
/** At the top of the stack: registers of the system call and of the processor. */
const registerLines = 3
/**
 * The frames between: three to four of about 48 bytes for a process asleep in accept or read, with
 * a wait queue entry and the arguments that sys_socketcall copied (assumed).
 */
const frameLines = 6
export const linesPerSwitch = tssLines + mmLines + scheduleLines + registerLines + frameLines
