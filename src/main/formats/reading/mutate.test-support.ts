/** Damages files for tests, always in the same way for the same seed. */

/** Random numbers from 0 to below 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Bytes and texts at which readers have stumbled. */
const odd: readonly Buffer[] = [
  ...['\0', '\u001b[2J', '\n', '\r\n', '\t', ';', ' ', '"', '{', '[', ']', '}', ',', ':', '#'],
  ...['NaN', '1e999', '-', '-1', '0', 'null', '18446744073709551616', '__proto__', '\u202e', '名'],
  ...['\uFEFF', '"seed":1,', '"a":"b",', '\ud83d\ude00'],
]
  .map((text) => Buffer.from(text))
  .concat([
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
    Buffer.from([0x80]),
    Buffer.from([0xff, 0xfe]),
    Buffer.from([0x1f, 0x8b]),
  ])

/**
 * One to four faults: bits turned, parts left out, doubled, moved or replaced, odd things put in,
 * the end cut off.
 */
export function mutated(bytes: Buffer, random: () => number): Buffer {
  const below = (most: number): number => Math.floor(random() * most)
  let result = bytes
  for (let faults = 1 + below(4); faults > 0; faults--) {
    const at = below(result.length + 1)
    const to = Math.min(result.length, at + 1 + below(random() < 0.2 ? 200 : 8))
    const [before, part, after] = [
      result.subarray(0, at),
      result.subarray(at, to),
      result.subarray(to),
    ]
    const other = odd[below(odd.length)] ?? part
    const turned = Buffer.from(part)
    if (turned[0] !== undefined) turned[0] ^= 1 << below(8)
    const made: readonly (readonly Buffer[])[] = [
      [before, turned, after],
      [before, after],
      [before, part, part, after],
      [before, other, after],
      [before, other, part, after],
      [after, before],
      [before],
    ]
    result = Buffer.concat(made[below(made.length)] ?? [result])
  }
  return result
}
