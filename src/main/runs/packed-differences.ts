/**
 * Differences of columns of whole numbers, packed: those that are not 0, each as how many were
 * passed over and its amount, in groups of 7 bits. Of thousands of call stacks few run in a second,
 * so a second takes a few kilobytes.
 */

const group = 128
const intMax = 2 ** 31
/** Longest number: 2^53 in groups of 7 bits. */
const bytesMax = 8

/**
 * @param length how many values of each column count
 * @throws RangeError when a value is not whole or has become smaller
 */
export function packDifferences(
  columns: readonly Float64Array[],
  before: readonly Float64Array[],
  length: number,
): Uint8Array {
  let bytes = new Uint8Array(1024)
  let at = 0
  const put = (value: number): void => {
    let left = value
    for (; left >= intMax; left = Math.floor(left / group)) bytes[at++] = (left % group) + group
    // What is left is an integer to the engine.
    let rest = left | 0
    for (; rest >= group; rest >>= 7) bytes[at++] = (rest & 127) | 128
    bytes[at++] = rest
  }
  columns.forEach((column, c) => {
    const old = before[c]
    let passed = 0
    for (let i = 0; i < length; i++) {
      const difference = (column[i] ?? 0) - (old?.[i] ?? 0)
      if (difference === 0) {
        passed++
        continue
      }
      if (!(difference > 0 && Number.isSafeInteger(difference))) {
        throw new RangeError(`${difference} is no amount that a whole total grows by`)
      }
      if (at + 2 * bytesMax + 1 > bytes.length) bytes = twice(bytes)
      // One more than were passed over, as 0 ends a column.
      put(passed + 1)
      put(difference)
      passed = 0
    }
    if (at + 1 > bytes.length) bytes = twice(bytes)
    bytes[at++] = 0
  })
  return bytes.slice(0, at)
}

/** Adds packed differences to as many columns as were packed. */
export function addDifferences(packed: Uint8Array, sums: readonly Float64Array[]): void {
  let at = 0
  const take = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= group) {
      const byte = packed[at++] ?? 0
      if (byte < group) return value + byte * scale
      value += (byte - group) * scale
    }
  }
  for (const sum of sums) {
    let i = -1
    for (let step = take(); step > 0; step = take()) {
      i += step
      sum[i]! += take()
    }
  }
}

function twice(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length)
  larger.set(bytes)
  return larger
}
