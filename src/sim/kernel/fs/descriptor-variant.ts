/**
 * How the lowest free descriptor of a process is found: a part of the kernel that can be replaced.
 * `one-bitmap` searches the bitmap from its start, word by word (find_first_zero_bit of 2.2);
 * `two-bitmaps`, the repair in CITI TR 99-4 after Banga, Druschel and Mogul, keeps a second bitmap
 * with one bit for each word that is full, and searches that first.
 */
export const descriptorVariants = ['one-bitmap', 'two-bitmaps'] as const
export type DescriptorVariant = (typeof descriptorVariants)[number]
