import { parseAction } from '../../sim/actions/action'
import type { Mark, MarkKind } from '../../shared/frame'
import { grouped } from './number'

/** A mark in the fewest words: `fault orphaned-buffers`, `slow-disk off`, `sdet.scripts = 64`, `reboot`. */
export function markLabel(mark: Mark): string {
  const action = parseAction(mark.text)
  if (typeof action === 'string') return mark.text
  switch (action.kind) {
    case 'fault':
      if (action.intensity === 0) return `fault ${action.id} off`
      if (action.intensity === 1) return `fault ${action.id}`
      return `fault ${action.id} ${grouped(action.intensity * 100)} %`
    case 'fix':
      return action.on ? `fix ${action.id}` : `fix ${action.id} off`
    case 'set':
      return `${action.path} = ${action.value}`
    case 'reboot':
      return 'reboot'
  }
}

/** The custom property that holds the colour of a kind of mark. Shapes tell them apart as well. */
export const markColour: Readonly<Record<MarkKind, string>> = {
  fault: '--fault',
  fix: '--fix',
  set: '--warn',
  reboot: '--accent',
  round: '--text-dim',
  note: '--text-dim',
}
