/**
 * Two profiles in one file, as pprof takes them for a difference: the samples of the base with
 * negated values and the label `pprof::base`. Frames are matched by name and image.
 */
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
import { gzipSync } from 'node:zlib'
import { ExportFault } from './export-fault'

/** @throws ExportFault when the two have no sample type in common. */
export function pprofDifference(base: Profile, other: Profile): Uint8Array {
  const types = commonTypes(base, other)
  const joined = new JoinedProfile()
  const strings = joined.strings
  const sample = [
    ...joined.samplesOf(base, types.base, -1),
    ...joined.samplesOf(other, types.other, 1),
  ]
  return gzipSync(
    new Profile({
      stringTable: strings,
      sampleType: types.names.map(
        ([type, unit]) => new ValueType({ type: strings.dedup(type), unit: strings.dedup(unit) }),
      ),
      defaultSampleType: strings.dedup(types.usual),
      sample,
      mapping: joined.mappings,
      location: joined.locations,
      function: joined.functions,
      durationNanos: other.durationNanos,
      comment: [...commentsOf('base', base), ...commentsOf('compared', other)].map((words) =>
        strings.dedup(words),
      ),
    }).encode(),
  )
}

const textOf = ({ stringTable }: Profile, at: number | bigint): string =>
  stringTable.strings[Number(at)] ?? ''

const commentsOf = (side: string, profile: Profile): string[] =>
  profile.comment.map((at) => `${side}: ${textOf(profile, at)}`)

const typesOf = (profile: Profile): string[][] =>
  profile.sampleType.map(({ type, unit }) => [textOf(profile, type), textOf(profile, unit)])

function commonTypes(base: Profile, other: Profile) {
  const key = ([type, unit]: readonly string[]): string => `${type}/${unit}`
  const ofBase = typesOf(base).map(key)
  const found = typesOf(other)
    .map((names, at) => ({ names, other: at, base: ofBase.indexOf(key(names)) }))
    .filter((one) => one.base >= 0)
  if (found.length === 0) {
    const [a, b] = [ofBase, typesOf(other).map(key)].map((all) => all.join(', '))
    throw new ExportFault(`they count different things: ${a}; and ${b}`)
  }
  const usual = textOf(other, other.defaultSampleType)
  const last = found.at(-1)?.names[0] ?? ''
  return {
    names: found.map(({ names }) => [names[0] ?? '', names[1] ?? ''] as const),
    base: found.map(({ base: at }) => at),
    other: found.map(({ other: at }) => at),
    usual: found.some(({ names }) => names[0] === usual) ? usual : last,
  }
}

/** Addresses that each image has, so that locations can be told apart by address. */
const imageSpan = 0x1000_0000

class JoinedProfile {
  readonly strings = new StringTable()
  readonly mappings: Mapping[] = []
  readonly locations: Location[] = []
  readonly functions: PprofFunction[] = []
  private readonly ids = new Map<string, number>()

  samplesOf(profile: Profile, columns: readonly number[], sign: 1 | -1): Sample[] {
    const locationOf = this.locationsOf(profile)
    const isBase = new Label({
      key: this.strings.dedup('pprof::base'),
      str: this.strings.dedup('true'),
    })
    return profile.sample.map(({ locationId, value, label }) => {
      const labels = label.map(({ key, str, num, numUnit }) => {
        const text = (at: number | bigint): number => this.strings.dedup(textOf(profile, at))
        return new Label({ key: text(key), str: text(str), num, numUnit: text(numUnit) })
      })
      return new Sample({
        locationId: locationId.map(locationOf),
        value: columns.map((column) => BigInt(value[column] ?? 0) * BigInt(sign)),
        label: sign < 0 ? [...labels, isBase] : labels,
      })
    })
  }

  /** The location of the joined profile for each one of a side. */
  private locationsOf(profile: Profile): (id: number | bigint) => number {
    const text = (at: number | bigint): string => textOf(profile, at)
    const functions = new Map(profile.function.map((one) => [String(one.id), one]))
    const mappings = new Map(profile.mapping.map((one) => [String(one.id), one]))
    const known = new Map<string, number>()
    for (const { id, mappingId, address, line } of profile.location) {
      const mapping = mappings.get(String(mappingId))
      const image = mapping ? text(mapping.filename) : ''
      const lines = line.map(({ functionId, line: number }) => {
        const found = functions.get(String(functionId))
        const names = { name: text(found?.name ?? 0), file: text(found?.filename ?? 0) }
        return { ...names, number: Number(number) }
      })
      // Where there is no name, the place in the image's file tells.
      const start = mapping ? BigInt(mapping.memoryStart) - BigInt(mapping.fileOffset) : 0n
      const place = lines.length > 0 ? '' : String(BigInt(address) - start)
      known.set(String(id), this.location(image, lines, place))
    }
    return (id) => {
      const found = known.get(String(id))
      if (found === undefined)
        throw new ExportFault(`one of them names location ${id}, and has none`)
      return found
    }
  }

  private location(
    image: string,
    lines: readonly { name: string; file: string; number: number }[],
    place: string,
  ): number {
    return this.once(['location', image, place, ...lines.flatMap(Object.values)], () => {
      const mappingId = this.mapping(image)
      const line = lines.map(
        ({ name, file, number }) =>
          new Line({ functionId: this.functionOf(name, file), line: number }),
      )
      const id = this.locations.length + 1
      const address = place === '' ? mappingId * imageSpan + id : BigInt(place)
      this.locations.push(new Location({ id, mappingId, address, line }))
      return id
    })
  }

  private mapping(image: string): number {
    return this.once(['mapping', image], () => {
      const id = this.mappings.length + 1
      this.mappings.push(
        new Mapping({
          id,
          memoryStart: id * imageSpan,
          memoryLimit: (id + 1) * imageSpan,
          filename: this.strings.dedup(image),
          hasFunctions: true,
        }),
      )
      return id
    })
  }

  private functionOf(name: string, file: string): number {
    return this.once(['function', name, file], () => {
      const id = this.functions.length + 1
      const text = this.strings.dedup(name)
      this.functions.push(
        new PprofFunction({ id, name: text, systemName: text, filename: this.strings.dedup(file) }),
      )
      return id
    })
  }

  private once(words: readonly unknown[], make: () => number): number {
    const key = JSON.stringify(words)
    const found = this.ids.get(key)
    if (found !== undefined) return found
    const made = make()
    this.ids.set(key, made)
    return made
  }
}
