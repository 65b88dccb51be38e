/**
 * Cycles of a core, and nanoseconds as plain numbers. Sums and products of either are numbers and
 * may stand for it; but what is said to be the one is refused where the other is asked for.
 */

/** Clock cycles of a core. */
export type Cycles = number & { readonly unit?: 'cycles' }
/** Nanoseconds of a figure that need not be whole: a memory access, a seek. */
export type Nanoseconds = number & { readonly unit?: 'ns' }
