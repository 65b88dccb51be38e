/** What is to be known of a recording before its figures are believed. */
import type { OpenedAbout } from '../../../shared/api'
import type { ImportedFrom } from '../../../shared/recorded-parts'
import { instantText } from '../../format/clock'

export interface RecordingFault {
  /** A few words. */
  readonly words: string
  /** All of it, one line each. */
  readonly more: string
}

export function recordingFaults(about: OpenedAbout): RecordingFault[] {
  const { hasOtherModel, model, state, writer, missing, wholeAfter, seconds } = about
  const faults: RecordingFault[] = []
  if (about.imported) faults.push(importedWords(about.imported))
  if (hasOtherModel) {
    const more = `Soakscope ${model} made it: run again here, it may come out otherwise.`
    faults.push({ words: `made by version ${model}`, more })
  }
  if (writer !== undefined) {
    const more = `It is shown as it was when it was opened; ${writer} writes it.`
    faults.push({ words: 'still being recorded', more })
  } else if (state === 'recording') {
    const more = 'Its program ended before it was closed. What was written is here.'
    faults.push({ words: 'cut off', more })
  }
  if (missing.length > 0) {
    const many = missing.length === 1 ? '1 part is missing' : `${missing.length} parts are missing`
    faults.push({ words: many, more: missing.join('\n') })
  }
  const hasSamples = about.imported?.hasSamples !== false
  if (hasSamples && wholeAfter > 0 && wholeAfter <= seconds) {
    const words = `in tiers up to ${instantText(wholeAfter)}`
    const more = 'Older samples are kept as rows of 10 s and more, with least, largest and mean.'
    faults.push({ words, more })
  }
  return faults
}

/** What a file does not have cannot be shown of it. */
function importedWords({ hasSamples, hasProfile, notes }: ImportedFrom): RecordingFault {
  const words = !hasProfile
    ? 'numbers only'
    : hasSamples
      ? 'numbers and a profile'
      : 'a profile only'
  const lacks = [
    ...(hasSamples ? [] : ['Counters are not in it: there is nothing to chart.']),
    ...(hasProfile ? [] : ['A profile is not in it.']),
    'It is no run: nothing branches off it, it does not go on, and the kernel has no structures.',
  ]
  const say = (note: string): string => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`
  return { words, more: [...lacks, ...notes.map(say)].join('\n') }
}
