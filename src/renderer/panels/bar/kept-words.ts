/** What is kept of the run: on disk where it is recorded, else in memory. */
import type { RunStatus } from '../../../shared/frame'
import { instantText } from '../../format/clock'
import { hoursText } from '../../format/hours'
import { sizeText } from '../../../shared/size-text'
import { bytes } from '../../format/units'

export interface KeptWords {
  readonly kept: string
  readonly keptOf: string
  /** What there is to say of the recording, in lines. */
  readonly recording: string
  readonly stopped: boolean
}

export function keptWords({
  keptBytes,
  recording,
}: Pick<RunStatus, 'keptBytes' | 'recording'>): KeptWords {
  if (!recording) {
    const kept = bytes(keptBytes)
    return { kept, keptOf: 'samples kept', recording: 'Not recorded', stopped: false }
  }
  const { name, bytes: size, bytesPerHour, freeBytes, wholeAfter, stopped } = recording
  if (stopped !== undefined) {
    const why = `Recording ${name} has stopped: ${stopped}`
    return { kept: sizeText(size), keptOf: 'not recorded', recording: why, stopped: true }
  }
  const hours = freeBytes / bytesPerHour
  const lines = [
    `Recorded as ${name}`,
    ...(bytesPerHour > 0 ? [`grows by ${sizeText(bytesPerHour)} an hour`] : []),
    ...(Number.isFinite(freeBytes)
      ? [`${sizeText(freeBytes)} free on its disk${timeLeft(hours)}`]
      : []),
    ...(wholeAfter > 0 ? [`samples before ${instantText(wholeAfter)} are kept as tiers`] : []),
  ]
  return { kept: sizeText(size), keptOf: 'recorded', recording: lines.join('\n'), stopped: false }
}

/** Hours of wall time until something is full, where that is within years. */
function timeLeft(hours: number): string {
  const text = hoursText(hours)
  return text === undefined ? '' : `: enough for ${text}`
}
