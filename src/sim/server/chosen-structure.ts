/** One of the structures of a kind that workloads have brought along. */
import type { StructureSnapshot } from '../observe/structures'

/** The one of that name, else the first; with the names of all where there are several. */
export function chosenOf(
  found: readonly StructureSnapshot[],
  of: string | undefined,
): StructureSnapshot | undefined {
  const chosen = found.find((each) => 'of' in each && each.of === of) ?? found[0]
  if (found.length < 2 || !chosen || !('of' in chosen)) return chosen
  return { ...chosen, choices: found.flatMap((each) => ('of' in each ? each.of : [])) }
}
