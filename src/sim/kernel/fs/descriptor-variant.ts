/**
 * How the lowest free descriptor of a process is found: a part of the kernel that can be replaced.
 * `one-bitmap` searches the bitmap from its start, word by word (find_first_zero_bit of 2.2);
 * `two-bitmaps`, the repair in CITI TR 99-4 after Banga, Druschel and Mogul, keeps a second bitmap
 * with one bit for each word that is full, and searches that first. `ufalloc` of Digital UNIX looks
 * at one slot of the array of files after another; `ufalloc-two-level` (Banga & Mogul, USENIX 1998)
 * is a tree of two levels of 64-bit words, 64 × 64.
 */
export const descriptorVariants = [
  'one-bitmap',
  'two-bitmaps',
  'ufalloc',
  'ufalloc-two-level',
] as const
export type DescriptorVariant = (typeof descriptorVariants)[number]

/** Words of 32 descriptors that a bit of the second bitmap stands for. */
export const wordsPerFull = (variant: string): number => (variant === 'ufalloc-two-level' ? 2 : 1)
