/**
 * Files of other tools, told by how they begin, so that what cannot be read is called by its name.
 * Only what people have at hand when they compare servers is listed.
 */

import { foreignChromeTrace } from '../../../shared/chrome-trace-kind'

/** Lines of a text that are looked at. */
const linesMax = 60

/** What bytes are that are no text; undefined when that is not known. */
export function kindOfBytes(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1')
  const found = magics.find(([magic]) => head.startsWith(magic))
  if (found) return found[1]
  return legacyCpu(bytes) ? 'a legacy binary CPU profile of gperftools' : undefined
}

const magics: readonly (readonly [string, string])[] = [
  ['PERFILE', 'perf.data'],
  ['\x7fELF', 'a program (ELF)'],
  ['PK\x03\x04', 'a ZIP archive; unpack it first'],
  ['BZh', 'compressed with bzip2; unpack it first'],
  ['\xfd7zXZ', 'compressed with xz; unpack it first'],
  ['\x28\xb5\x2f\xfd', 'compressed with zstd; unpack it first'],
  ['SQLite format 3', 'an SQLite database'],
  ['PAR1', 'Parquet'],
  ['ARROW1', 'an Arrow file'],
  ['\x89PNG', 'a picture (PNG)'],
  ['gmon', 'what gprof reads (gmon.out)'],
]

/** Words of 32 or 64 bits: 0, 3, 0, the period, 0. */
function legacyCpu(bytes: Uint8Array): boolean {
  return [4, 8].some((size) =>
    [0, 3, 0, undefined, 0].every(
      (word, at) =>
        word === undefined ||
        (bytes.byteLength >= 5 * size &&
          bytes.subarray(at * size, (at + 1) * size).every((byte, i) => byte === (i ? 0 : word))),
    ),
  )
}

/** What a text is; undefined when it is none of these. */
export function kindOfText(text: string): string | undefined {
  const lines = firstLines(text)
  const first = lines.find((line) => line.trim() !== '') ?? ''
  const found = kinds.find(([, tells]) => tells(first, lines))
  return found?.[0]
}

/** The lines by which a text is told. */
export const firstLines = (text: string): readonly string[] =>
  text
    .slice(0, 32_768)
    .split(/\r\n|\n|\r/)
    .slice(0, linesMax)

type Tells = (first: string, lines: readonly string[]) => boolean

const begins =
  (pattern: RegExp): Tells =>
  (first) =>
    pattern.test(first)
const has =
  (...patterns: readonly RegExp[]): Tells =>
  (_, lines) =>
    patterns.every((pattern) => lines.some((line) => pattern.test(line)))

const sysstat = /^(Linux|SunOS|AIX|FreeBSD|HP-UX) \S+ .*\d/

/**
 * Second line of vmstat's header on Linux, the BSDs, Solaris, AIX and Digital UNIX: run queue, then
 * memory.
 */
const vmstatHeader = /^\s*r\s+(b\s+(w\s+)?(swpd|avm|swap)\s+(free|fre)|w\s+u\s+act\s+free)\s/

/** `r`, `b`, perhaps `w`, then memory. */
export const linuxVmstatHeader = /^\s*r\s+b\s+(w\s+)?swpd\s+free\s/
const bsdHeader = /^\s*r\s+b\s+(w\s+)?avm\s+fre\s/

/** In this order: what tells less comes later. */
const kinds: readonly (readonly [string, Tells])[] = [
  [
    'a legacy text profile of pprof',
    begins(
      /^(heap profile: |heap_v2\/|--- ?(contention|mutex|heapz|growthz|threadz|cpu|profile|symbol)|goroutine profile: |threadcreate profile: )/,
    ),
  ],
  [
    'what pprof prints (-raw, -top or another report)',
    begins(/^(PeriodType: |Showing nodes |File: |Type: )/),
  ],
  ['what vm_stat of macOS prints', begins(/^Mach Virtual Memory Statistics/)],
  ['CSV of dstat', has(/^"?(pcp-)?dstat [\d.]+ CSV output/i)],
  ['what dstat prints', has(/^-+total-(cpu|usage)/)],
  [
    'what iostat prints',
    (first, lines) => sysstat.test(first) && has(/^(avg-cpu|Device)/)(first, lines),
  ],
  [
    'what sar or mpstat prints',
    (first, lines) => sysstat.test(first) && has(/^(\d\d:){2}\d\d(\s+[AP]M)?\s+\S+/)(first, lines),
  ],
  ['a vmstat log of Linux, which soakscope import takes', has(linuxVmstatHeader)],
  ['a vmstat log of a BSD; import takes those of Linux', has(bsdHeader)],
  ['a vmstat log of another system than Linux; import takes those of Linux', has(vmstatHeader)],
  [
    'what perf script prints',
    has(/^\S.*\s\d+(\/\d+)?\s.*:\s*$/, /^\s+[0-9a-f]{4,16} .+ \(.*\)\s*$/),
  ],
  ['what perf report prints', has(/^# Overhead\s/)],
  ['what gprof prints', begins(/^Flat profile:/)],
  ['what top prints', begins(/^top - /)],
  ['a flame graph (SVG) or a page of the web', begins(/^\s*<(\?xml|!DOCTYPE|svg|html)/i)],
  ['what run --samples writes', begins(/^"?time \[s\]/)],
]

/** Whether a JSON value is what speedscope writes and reads. */
export const isSpeedscope = (value: unknown): boolean =>
  hasKey(value, 'shared') && hasKey(value, 'profiles')

/** What a JSON value is; undefined when it may be a report. */
export function kindOfJson(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const [first] = value as readonly unknown[]
    return hasKey(first, 'ph') ? foreignChromeTrace : 'JSON of another kind (a list)'
  }
  return jsonKinds.find(([, ...keys]) => keys.every((key) => hasKey(value, key)))?.[0]
}

/** Names, and keys that all must be there. */
const jsonKinds: readonly (readonly [string, ...string[]])[] = [
  [foreignChromeTrace, 'traceEvents'],
  ['a CPU profile of V8', 'nodes', 'startTime'],
  ['a profile of Firefox', 'meta', 'threads'],
  ['what sadf of sysstat writes', 'sysstat'],
  ['a scenario file', 'soakscope', 'scenario'],
  ['what compare --json writes', 'a', 'b', 'profile'],
]

const hasKey = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
