import { ChromeTraceReader } from '../../shared/chrome-trace-file'
import { failure, type Result } from '../../shared/result'
import type { TraceFile } from '../../shared/trace-file'

/** Longest line in characters: the first, which names every process and procedure. */
const lineMax = 32 * 1024 * 1024

/** A Chrome trace that we wrote, line by line: as one text it may be longer than a text can be. */
export async function readChromeTrace(file: Blob): Promise<Result<TraceFile>> {
  const reader = new ChromeTraceReader()
  // A part of a text keeps all of it in memory: what is left of a piece is short.
  let left = ''
  try {
    const pieces = file.stream().pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await pieces.read()
      if (done) break
      const lines = (left + value).split('\n')
      left = lines.pop() ?? ''
      const wanted = lines.every((line) => line === '' || reader.take(line))
      if (wanted && left.length <= lineMax) continue
      await pieces.cancel()
      break
    }
  } catch {
    return failure('bad-argument', 'it cannot be read; is it still there?')
  }
  if (left !== '') reader.take(left)
  return reader.end()
}
