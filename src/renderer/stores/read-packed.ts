/** A file that was packed with gzip, unpacked; or why not, in words that follow its name. */
export async function readPacked(
  file: Blob,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | string> {
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.length
      if (length > bytesMax) {
        await reader.cancel()
        return `is larger than ${bytesMax} bytes, unpacked`
      }
      pieces.push(value)
    }
  } catch {
    return 'is not packed with gzip, or is cut off'
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
