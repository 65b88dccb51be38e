/**
 * Thrown where a process that has been killed would go on: at its return to user mode, and in an
 * interruptible sleep.
 */
export class Killed extends Error {}
