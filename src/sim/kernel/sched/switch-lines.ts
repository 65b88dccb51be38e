/**
 * The lines of a task that a switch to it loads beside those that the walk reads: counted from what
 * it goes through (2.2.1, i386). Of its structure: of the TSS esp0, eip and esp, fs and gs, the
 * selector, the last debug register (include/asm-i386/processor.h: five lines), and the mm
 * structure's segments (one). Of its kernel stack, which is read from schedule() up to the return
 * to user mode: switch_to's registers and schedule()'s frame (two), registers of the system call
 * and of the processor at the top (three), and the frames between. Those are three to four of about
 * 48 bytes for a process asleep in accept or read, with a wait queue entry and the arguments that
 * sys_socketcall copied (six lines, assumed). They follow one another, as each return waits for its
 * address, so each takes the latency.
 */
export const linesPerSwitch = 5 + 1 + 2 + 3 + 6
