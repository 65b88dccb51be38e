/**
 * What the frames of a pprof file are called. Where a program has no symbols, a frame is an
 * address.
 */
import { FileFault } from './comparable'
import type { Location, Mapping, PprofMessage } from './pprof-message'
import type { ProfileRows, Row } from './profile-rows'

/** Names by their place in the file's table of strings. */
export function stringsOf({ strings }: PprofMessage): (at: bigint) => string {
  return (at) => {
    const found = strings[Number(at)]
    if (found !== undefined) return found
    throw new FileFault(`it names text ${at}, which is not in it`)
  }
}

/** The rows of a location, the innermost of inlined procedures first. */
export function frameNames(
  profile: PprofMessage,
  rows: ProfileRows,
): (locationId: bigint) => readonly Row[] {
  const text = stringsOf(profile)
  const functions = byId('function', profile.functions)
  const mappings = byId('mapping', profile.mappings)
  const locations = byId('location', profile.locations)
  const known = new Map<bigint, readonly Row[]>()

  const functionName = (id: bigint): string => {
    const found = functions.get(id)
    if (!found) throw new FileFault(`it names function ${id}, which is not in it`)
    return text(found.name) || text(found.systemName)
  }
  const rowsAt = (location: Location): readonly Row[] => {
    const mapping = mappings.get(location.mappingId)
    if (!mapping && location.mappingId !== 0n) {
      throw new FileFault(`it names mapping ${location.mappingId}, which is not in it`)
    }
    const image = mapping ? text(mapping.filename) : ''
    const names = location.functionIds.map((id) => (id === 0n ? '' : functionName(id)))
    return (names.length > 0 ? names : ['']).map((name) =>
      name === '' ? addressRow(rows, image, location, mapping) : rows.row(image, name),
    )
  }
  // Even what no sample touches must hold together, or the file is damaged.
  for (const location of profile.locations) known.set(location.id, rowsAt(location))
  return (id) => {
    const found = known.get(id)
    if (found) return found
    throw new FileFault(`it names location ${id}, which is not in it (of ${locations.size})`)
  }
}

/**
 * A program is loaded elsewhere each time it runs, so an address is known by where in the image's
 * file it is: address − start of the mapping + offset of the mapping.
 */
function addressRow(
  rows: ProfileRows,
  image: string,
  { address }: Location,
  mapping: Mapping | undefined,
): Row {
  if (address === 0n) return rows.row(image, '(no name)')
  const shown = `0x${address.toString(16)}`
  const inside = mapping !== undefined && image !== '' && address >= mapping.start
  if (!inside) return rows.row(image, shown)
  return rows.row(image, shown, `+0x${(address - mapping.start + mapping.offset).toString(16)}`)
}

function byId<T extends { readonly id: bigint }>(what: string, all: readonly T[]): Map<bigint, T> {
  const found = new Map<bigint, T>()
  for (const each of all) {
    if (each.id === 0n) throw new FileFault(`a ${what} of it has no id`)
    if (found.has(each.id)) {
      throw new FileFault(`it has ${what} ${each.id} twice; are several profiles concatenated?`)
    }
    found.set(each.id, each)
  }
  return found
}
