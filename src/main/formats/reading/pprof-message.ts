/**
 * The messages of profile.proto as far as a comparison needs them. Values are signed and ids
 * unsigned, both of 64 bits, so both are BigInt: addresses serve as ids, and delta profiles have
 * negative values.
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
  readonly labels: Label[]
}
export interface Label {
  key: bigint
  number: bigint
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
    sampleTypes: [],
    mappings: [],
    locations: [],
    functions: [],
    strings: [],
    comments: [],
    durationNanos: 0n,
    periodType: undefined,
    period: 0n,
    defaultSampleType: 0n,
  })
}

/**
 * Calls for each sample. They are not kept: a file of 256 MB can have fifty million of them.
 *
 * @throws when the bytes are no profile, or end too early
 */
export function eachSample(bytes: Uint8Array, take: (sample: Sample) => void): void {
  const fields: Fields<undefined> = {
    2: part((_, reader) =>
      take(within(reader, sampleFields, { locationIds: [], values: [], labels: [] })),
    ),
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
  1: part(({ sampleTypes }, reader) =>
    add(sampleTypes, within(reader, valueTypeFields, { type: 0n, unit: 0n })),
  ),
  // Read once here too, so that a sample that is damaged is found with everything else.
  2: part(
    (_, reader) => void within(reader, sampleFields, { locationIds: [], values: [], labels: [] }),
  ),
  3: part(({ mappings }, reader) =>
    add(mappings, within(reader, mappingFields, { id: 0n, start: 0n, offset: 0n, filename: 0n })),
  ),
  4: part(({ locations }, reader) =>
    add(
      locations,
      within(reader, locationFields, { id: 0n, mappingId: 0n, address: 0n, functionIds: [] }),
    ),
  ),
  5: part(({ functions }, reader) =>
    add(functions, within(reader, functionFields, { id: 0n, name: 0n, systemName: 0n })),
  ),
  6: part(({ strings }, reader) => add(strings, reader.string())),
  10: one((profile, reader) => void (profile.durationNanos = signed(reader))),
  11: part(
    (profile, reader) =>
      void (profile.periodType = within(reader, valueTypeFields, { type: 0n, unit: 0n })),
  ),
  12: one((profile, reader) => void (profile.period = signed(reader))),
  13: (profile, reader, wire) => all(reader, wire, signed, profile.comments),
  14: one((profile, reader) => void (profile.defaultSampleType = signed(reader))),
}

const valueTypeFields: Fields<ValueType> = {
  1: one((type, reader) => void (type.type = signed(reader))),
  2: one((type, reader) => void (type.unit = signed(reader))),
}

const sampleFields: Fields<Sample> = {
  1: (sample, reader, wire) => all(reader, wire, unsigned, sample.locationIds),
  2: (sample, reader, wire) => all(reader, wire, signed, sample.values),
  3: part(
    (sample, reader) =>
      void sample.labels.push(within(reader, labelFields, { key: 0n, number: 0n })),
  ),
}

const labelFields: Fields<Label> = {
  1: one((label, reader) => void (label.key = signed(reader))),
  3: one((label, reader) => void (label.number = signed(reader))),
}

const mappingFields: Fields<Mapping> = {
  1: one((mapping, reader) => void (mapping.id = unsigned(reader))),
  2: one((mapping, reader) => void (mapping.start = unsigned(reader))),
  4: one((mapping, reader) => void (mapping.offset = unsigned(reader))),
  5: one((mapping, reader) => void (mapping.filename = signed(reader))),
}

const locationFields: Fields<Location> = {
  1: one((location, reader) => void (location.id = unsigned(reader))),
  2: one((location, reader) => void (location.mappingId = unsigned(reader))),
  3: one((location, reader) => void (location.address = unsigned(reader))),
  4: part(
    (location, reader) =>
      void location.functionIds.push(within(reader, lineFields, { functionId: 0n }).functionId),
  ),
}

const lineFields: Fields<{ functionId: bigint }> = {
  1: one((line, reader) => void (line.functionId = unsigned(reader))),
}

const functionFields: Fields<FunctionName> = {
  1: one((named, reader) => void (named.id = unsigned(reader))),
  2: one((named, reader) => void (named.name = signed(reader))),
  3: one((named, reader) => void (named.systemName = signed(reader))),
}

const signed = (reader: BinaryReader): bigint => BigInt(reader.int64())
const unsigned = (reader: BinaryReader): bigint => BigInt(reader.uint64())

type Take<T> = (message: T, reader: BinaryReader) => void

/** A field that is one number. */
function one<T>(take: Take<T>): Fields<T>[number] {
  return (message, reader, wire) => {
    if (wire !== WireType.Varint) throw new Error('a number has another wire type')
    take(message, reader)
  }
}

/** A field that is a message or a text. */
function part<T>(take: Take<T>): Fields<T>[number] {
  return (message, reader, wire) => {
    if (wire !== WireType.LengthDelimited) throw new Error('a message has another wire type')
    take(message, reader)
  }
}

function within<T>(reader: BinaryReader, fields: Fields<T>, message: T): T {
  return read(new BinaryReader(reader.bytes()), fields, message)
}

function read<T>(reader: BinaryReader, fields: Fields<T>, message: T): T {
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const field = fields[number]
    if (!field) reader.skip(wire, number)
    else field(message, reader, wire)
    assertWhole(reader)
  }
  return message
}

/** A list of varints: packed into one field, or a field each. */
function all(
  reader: BinaryReader,
  wire: WireType,
  number: (reader: BinaryReader) => bigint,
  list: bigint[],
): void {
  if (wire === WireType.Varint) return void list.push(number(reader))
  if (wire !== WireType.LengthDelimited) throw new Error('a list has another wire type')
  const packed = new BinaryReader(reader.bytes())
  while (packed.pos < packed.len) {
    list.push(number(packed))
    assertWhole(packed)
  }
}

function assertWhole({ pos, len }: BinaryReader): void {
  if (pos > len) throw new RangeError('a value goes on beyond the end')
}
