/**
 * The messages of profile.proto as far as a comparison needs them. Values are signed and ids unsigned, both
 * of 64 bits, so both are BigInt: addresses serve as ids, and delta profiles have negative values.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { FileFault } from './comparable'
import { decodeBytes } from './text-of'

export interface PprofMessage {
  readonly sampleTypes: ValueType[]
  readonly mappings: Mapping[]
  readonly locations: Location[]
  readonly functions: FunctionName[]
  readonly strings: string[]
  readonly comments: bigint[]
  durationNanos: bigint
  periodType: ValueType | undefined
  period: bigint
  defaultSampleType: bigint
}
export interface ValueType {
  type: bigint
  unit: bigint
}
export interface Sample {
  /** Leaf first. */
  readonly locationIds: bigint[]
  readonly values: bigint[]
}
export interface Mapping {
  id: bigint
  start: bigint
  offset: bigint
  filename: bigint
}
export interface Location {
  id: bigint
  mappingId: bigint
  address: bigint
  /** Function ids, the innermost of inlined ones first. */
  readonly functionIds: bigint[]
}
export interface FunctionName {
  id: bigint
  name: bigint
  systemName: bigint
}

/** What a field does to the message, by its number. Fields that are not named are skipped. */
type Fields<T> = Readonly<
  Record<number, (message: T, reader: BinaryReader, wire: WireType) => void>
>

/** @throws when the bytes are no such message, or end too early. */
export function decodePprof(bytes: Uint8Array): PprofMessage {
  return read(new BinaryReader(bytes, decodeBytes), profileFields, {
    ...{ sampleTypes: [], mappings: [], locations: [], functions: [], strings: [], comments: [] },
    ...{ durationNanos: 0n, periodType: undefined, period: 0n, defaultSampleType: 0n },
  })
}

/**
 * Calls for each sample. They are not kept: a file of 256 MB can have fifty million of them.
 *
 * @throws when the bytes are no profile, or end too early
 */
export function eachSample(bytes: Uint8Array, take: (sample: Sample) => void): void {
  const fields: Fields<undefined> = {
    2: (_, reader) => take(within(reader, sampleFields, { locationIds: [], values: [] })),
  }
  read(new BinaryReader(bytes), fields, undefined)
}

/** Functions, locations and the like that are taken, of each; no program has as many. */
const entriesMax = 2_000_000

function add<T>(list: T[], entry: T): void {
  if (list.length >= entriesMax)
    throw new FileFault(`it has more than ${entriesMax.toLocaleString('en')} entries of a kind`)
  list.push(entry)
}

const profileFields: Fields<PprofMessage> = {
  1: ({ sampleTypes }, reader) =>
    add(sampleTypes, within(reader, valueTypeFields, { type: 0n, unit: 0n })),
  // Read once here too, so that a sample that is damaged is found with everything else.
  2: (_, reader) => void within(reader, sampleFields, { locationIds: [], values: [] }),
  3: ({ mappings }, reader) =>
    add(mappings, within(reader, mappingFields, { id: 0n, start: 0n, offset: 0n, filename: 0n })),
  4: ({ locations }, reader) =>
    add(
      locations,
      within(reader, locationFields, { id: 0n, mappingId: 0n, address: 0n, functionIds: [] }),
    ),
  5: ({ functions }, reader) =>
    add(functions, within(reader, functionFields, { id: 0n, name: 0n, systemName: 0n })),
  6: ({ strings }, reader) => add(strings, reader.string()),
  10: (profile, reader) => void (profile.durationNanos = signed(reader)),
  11: (profile, reader) =>
    void (profile.periodType = within(reader, valueTypeFields, { type: 0n, unit: 0n })),
  12: (profile, reader) => void (profile.period = signed(reader)),
  13: (profile, reader, wire) => all(reader, wire, signed, profile.comments),
  14: (profile, reader) => void (profile.defaultSampleType = signed(reader)),
}

const valueTypeFields: Fields<ValueType> = {
  1: (type, reader) => void (type.type = signed(reader)),
  2: (type, reader) => void (type.unit = signed(reader)),
}

const sampleFields: Fields<Sample> = {
  1: (sample, reader, wire) => all(reader, wire, unsigned, sample.locationIds),
  2: (sample, reader, wire) => all(reader, wire, signed, sample.values),
}

const mappingFields: Fields<Mapping> = {
  1: (mapping, reader) => void (mapping.id = unsigned(reader)),
  2: (mapping, reader) => void (mapping.start = unsigned(reader)),
  4: (mapping, reader) => void (mapping.offset = unsigned(reader)),
  5: (mapping, reader) => void (mapping.filename = signed(reader)),
}

const locationFields: Fields<Location> = {
  1: (location, reader) => void (location.id = unsigned(reader)),
  2: (location, reader) => void (location.mappingId = unsigned(reader)),
  3: (location, reader) => void (location.address = unsigned(reader)),
  4: (location, reader) =>
    void location.functionIds.push(within(reader, lineFields, { functionId: 0n }).functionId),
}

const lineFields: Fields<{ functionId: bigint }> = {
  1: (line, reader) => void (line.functionId = unsigned(reader)),
}

const functionFields: Fields<FunctionName> = {
  1: (named, reader) => void (named.id = unsigned(reader)),
  2: (named, reader) => void (named.name = signed(reader)),
  3: (named, reader) => void (named.systemName = signed(reader)),
}

const signed = (reader: BinaryReader): bigint => BigInt(reader.int64())
const unsigned = (reader: BinaryReader): bigint => BigInt(reader.uint64())

function within<T>(reader: BinaryReader, fields: Fields<T>, message: T): T {
  return read(new BinaryReader(reader.bytes()), fields, message)
}

function read<T>(reader: BinaryReader, fields: Fields<T>, message: T): T {
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const field = fields[number]
    // Every field that is named is a varint, a message, a text, or a packed list of varints.
    if (!field) reader.skip(wire, number)
    else if (wire === WireType.Varint || wire === WireType.LengthDelimited)
      field(message, reader, wire)
    else throw new Error(`field ${number} has wire type ${wire}`)
    assertWhole(reader)
  }
  return message
}

/** A list of varints: packed into one field, or a field each. */
function all(
  reader: BinaryReader,
  wire: WireType,
  one: (reader: BinaryReader) => bigint,
  list: bigint[],
): void {
  if (wire === WireType.Varint) return void list.push(one(reader))
  const packed = new BinaryReader(reader.bytes())
  while (packed.pos < packed.len) {
    list.push(one(packed))
    assertWhole(packed)
  }
}

function assertWhole({ pos, len }: BinaryReader): void {
  if (pos > len) throw new RangeError('a value goes on beyond the end')
}
