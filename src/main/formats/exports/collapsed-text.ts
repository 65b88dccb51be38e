import { collapsedStacks } from '../collapsed'
import { profileOf, type Exportable } from './exportable'

/** The profile as collapsed stacks; a window is the root of each of them. */
export async function* collapsedText(source: Exportable): AsyncGenerator<string> {
  yield* collapsedStacks(await profileOf(source), source.window !== undefined)
}
