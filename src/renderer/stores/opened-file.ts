/** A scenario file that somebody opened, as what is shown of it: a demonstration of their own. */
import type { Demonstration } from '../../shared/api'
import { parseSpan } from '../../shared/format/clock'
import type { RunStatus } from '../../shared/frame'

/**
 * Undefined when nothing happens in it.
 *
 * @param text of a file that the host has taken
 * @param begun what the host made of it: its actions are as they are written there
 */
export function demonstrationIn(text: string, begun: RunStatus): Demonstration | undefined {
  const { scenario, seed, parameters, actions, toCome } = begun
  const timeline = [...actions, ...toCome]
  if (timeline.length === 0) return undefined
  const file = JSON.parse(text.replace(/^\uFEFF/, '')) as Readonly<Record<string, unknown>>
  const { title, about, for: length } = file
  return {
    id: 'opened',
    title: typeof title === 'string' ? title : '',
    about: typeof about === 'string' ? about : '',
    request: { scenario, seed, parameters, timeline },
    forSeconds:
      typeof length === 'string'
        ? parseSpan(length)
        : typeof length === 'number'
          ? length
          : undefined,
  }
}
