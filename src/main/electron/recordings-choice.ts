/**
 * Where recordings are and how many bytes of them, as somebody chose in the window: remembered in
 * the words that the command line has for it, which go before them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { recordingsLimit } from '../../shared/api'
import type { BeginningWords } from '../beginning'
import type { RecordingsPlace } from '../recordings/host-recording'

const fileIn = (profile: string): string => join(profile, 'recordings.json')

/** Nothing where nothing was chosen, or what is there was not written by Soakscope. */
export function chosenRecordings(profile: string): Pick<BeginningWords, 'record' | 'recordLimit'> {
  try {
    const file: unknown = JSON.parse(readFileSync(fileIn(profile), 'utf8'))
    if (typeof file !== 'object' || file === null) return {}
    if (!('folder' in file && 'limitBytes' in file)) return {}
    const { folder, limitBytes } = file
    if (typeof folder !== 'string' || !isAbsolute(folder)) return {}
    if (typeof limitBytes !== 'number' || !Number.isInteger(limitBytes)) return {}
    if (limitBytes < recordingsLimit.least || limitBytes > recordingsLimit.most) return {}
    return { record: folder, recordLimit: `${limitBytes / 1e6}MB` }
  } catch {
    return {}
  }
}

export function rememberRecordings(profile: string, { folder, limitBytes }: RecordingsPlace): void {
  try {
    writeFileSync(fileIn(profile), `${JSON.stringify({ folder, limitBytes })}\n`)
  } catch {
    // A profile that cannot be written to: it holds until the program ends.
  }
}
