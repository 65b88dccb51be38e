/** Makes pprof files for tests with another library than the one that reads them. */
import {
  Function as PprofFunction,
  Label,
  Line,
  Location,
  Mapping,
  Profile,
  Sample,
  StringTable,
  ValueType,
} from 'pprof-format'

type Id = number | bigint

export interface MadeFrame {
  readonly id: Id
  /** Names of the procedures there, the innermost first; none where there are no symbols. */
  readonly names: readonly string[]
  readonly address?: Id
  readonly mapping?: Id
}

export interface MadeProfile {
  readonly types?: readonly (readonly [string, string])[]
  readonly defaultType?: string
  readonly mappings?: readonly { id: Id; start?: Id; offset?: Id; file: string }[]
  readonly frames?: readonly MadeFrame[]
  /** Ids of frames, leaf first, and a value for each type. */
  readonly samples?: readonly (readonly [readonly Id[], readonly Id[]])[]
  readonly seconds?: number
  readonly period?: number
  readonly comments?: readonly string[]
}

/** Function ids are those of their frames times 8, plus the place in the frame. */
export function pprofBytes(made: MadeProfile): Buffer {
  const strings = new StringTable()
  const text = (words: string): number => strings.dedup(words)
  const types = made.types ?? [['cycles', 'count']]
  const frames = made.frames ?? []
  const functionId = (id: Id, at: number): bigint => (BigInt(id) * 8n + BigInt(at)) % 2n ** 64n
  return Buffer.from(
    new Profile({
      stringTable: strings,
      sampleType: types.map(
        ([type, unit]) => new ValueType({ type: text(type), unit: text(unit) }),
      ),
      ...(made.defaultType === undefined ? {} : { defaultSampleType: text(made.defaultType) }),
      mapping: (made.mappings ?? []).map(
        ({ id, start = 0, offset = 0, file }) =>
          new Mapping({ id, memoryStart: start, fileOffset: offset, filename: text(file) }),
      ),
      function: frames.flatMap(({ id, names }) =>
        names.map((name, at) => new PprofFunction({ id: functionId(id, at), name: text(name) })),
      ),
      location: frames.map(
        ({ id, names, address = 0, mapping = 0 }) =>
          new Location({
            id,
            address,
            mappingId: mapping,
            line: names.map((_, at) => new Line({ functionId: functionId(id, at) })),
          }),
      ),
      sample: (made.samples ?? []).map(
        ([locationId, value]) =>
          new Sample({
            locationId: [...locationId],
            value: [...value],
            label: [new Label({ key: text('cpu'), num: 1 })],
          }),
      ),
      ...(made.seconds === undefined ? {} : { durationNanos: Math.round(made.seconds * 1e9) }),
      ...(made.period === undefined
        ? {}
        : {
            period: made.period,
            periodType: new ValueType({ type: text('cpu'), unit: text('nanoseconds') }),
          }),
      comment: (made.comments ?? []).map(text),
    }).encode(),
  )
}
