/**
 * Which few of many are shown by name, steady over time: who is in keeps its slot, and its colour
 * with it, until somebody outside is clearly larger.
 *
 * @param shown the keys in their slots so far; an empty slot is undefined
 * @param sizes every candidate's size, by key
 * @param slots how many can be shown
 * @param lead how much larger a newcomer must be than the one it replaces
 */
export function steadyTop<K>(
  shown: readonly (K | undefined)[],
  sizes: ReadonlyMap<K, number>,
  slots: number,
  lead = 1.25,
): (K | undefined)[] {
  const size = (key: K | undefined): number => (key === undefined ? 0 : (sizes.get(key) ?? 0))
  const next = Array.from({ length: slots }, (_, slot) =>
    size(shown[slot]) > 0 ? shown[slot] : undefined,
  )
  const outside = [...sizes]
    .filter(([key, value]) => value > 0 && !next.includes(key))
    .sort((a, b) => b[1] - a[1])
  for (const [key, value] of outside) {
    const free = next.indexOf(undefined)
    if (free >= 0) {
      next[free] = key
      continue
    }
    let weakest = 0
    next.forEach((held, slot) => {
      if (size(held) < size(next[weakest])) weakest = slot
    })
    if (value <= size(next[weakest]) * lead) break
    next[weakest] = key
  }
  return next
}
