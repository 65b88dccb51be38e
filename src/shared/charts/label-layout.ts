/**
 * Places labels at the ends of lines so that none covers another. Keeps their order and moves them
 * as little as possible (least squares, by pooling neighbours that would overlap).
 *
 * @param wanted pixels at which each label would like its centre; NaN for a line without an end
 * @param pitch least distance between two centres, in pixels
 * @returns the centres in the order of `wanted`; undefined for a label without an end, and for
 * those that do not fit between `top` and `bottom`, of which the first ones given are kept
 */
export function placeLabels(
  wanted: readonly number[],
  pitch: number,
  top: number,
  bottom: number,
): (number | undefined)[] {
  const room = Math.max(0, Math.floor((bottom - top) / pitch) + 1)
  const kept = wanted
    .map((y, index) => ({ y, index }))
    .filter(({ y }) => Number.isFinite(y))
    .slice(0, room)
    .sort((a, b) => a.y - b.y || a.index - b.index)

  const pools: { sum: number; size: number }[] = []
  kept.forEach(({ y }, i) => {
    let pool = { sum: y - i * pitch, size: 1 }
    for (let last = pools.at(-1); last && mean(last) >= mean(pool); last = pools.at(-1)) {
      pool = { sum: last.sum + pool.sum, size: last.size + pool.size }
      pools.pop()
    }
    pools.push(pool)
  })

  const places: (number | undefined)[] = wanted.map(() => undefined)
  const highest = bottom - (kept.length - 1) * pitch
  let i = 0
  for (const pool of pools) {
    const start = Math.min(Math.max(mean(pool), top), highest)
    for (let n = 0; n < pool.size; n++, i++) {
      const label = kept[i]
      if (label) places[label.index] = start + i * pitch
    }
  }
  return places
}

const mean = (pool: { sum: number; size: number }): number => pool.sum / pool.size
