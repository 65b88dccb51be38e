/** Bytes of unknown origin as text: UTF-8, UTF-16 in either order, or one byte a character. */

/** Bytes that are looked at to tell what a file is. */
const headBytes = 4096

/** The whole as text, without byte-order mark and with the line ends that it has. */
export function textOf(bytes: Uint8Array): string {
  const wide = utf16Of(bytes)
  if (wide !== undefined) return new TextDecoder(wide).decode(bytes)
  return decodeBytes(bytes[0] === 0xef && bytes[1] === 0xbb ? bytes.subarray(3) : bytes)
}

/**
 * UTF-8, and Latin-1 where it is none: then two names that differ in a byte stay different, which
 * they would not with the replacement character.
 */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  }
}

/** The kind of UTF-16, by its mark or by the zeros that ASCII has in it. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (isPlain(a) && b === 0 && isPlain(c) && d === 0) return 'utf-16le'
  if (a === 0 && isPlain(b) && c === 0 && isPlain(d)) return 'utf-16be'
  return undefined
}

/** The number of the first line that is not UTF-8; undefined when all is. */
export function lineNotUtf8(bytes: Uint8Array): number | undefined {
  const reader = new TextDecoder('utf-8', { fatal: true })
  for (let from = 0, line = 1; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from)
    const to = end < 0 ? bytes.length : end + 1
    try {
      reader.decode(bytes.subarray(from, to))
    } catch {
      return line
    }
    from = to
  }
  return undefined
}

/** Whether there are bytes that no text has. Escape sequences and form feeds may be in a log. */
export function isBinary(bytes: Uint8Array): boolean {
  if (utf16Of(bytes) !== undefined) return false
  return bytes.subarray(0, headBytes).some((byte) => byte < 0x20 && !isBlankOrEscape(byte))
}

const isBlankOrEscape = (byte: number): boolean => (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b
const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f
