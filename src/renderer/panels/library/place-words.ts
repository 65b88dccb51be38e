/** How much room recordings take and have, in words. */
import { recordingsLimit, type RecordingLibrary } from '../../../shared/api'
import type { RecordingStatus } from '../../../shared/frame'
import { parseSize, sizeText } from '../../../shared/size-text'
import { hoursText } from '../../format/hours'

type Place = Pick<RecordingLibrary, 'limitBytes' | 'recordings'>

/** Bytes of all recordings, what has come of the present one since they were looked at included. */
export function usedBytes({ recordings }: Place, now: RecordingStatus | undefined): number {
  return recordings.reduce(
    (sum, { id, bytes }) => sum + (id === now?.name ? Math.max(bytes, now.bytes) : bytes),
    0,
  )
}

/** What is to be known of the room that is left, a sentence each. */
export function roomWords(place: Place, now: RecordingStatus | undefined): string[] {
  if (!now) return ['The present run is not recorded.']
  if (now.stopped !== undefined) return [`The present recording has stopped: ${now.stopped}`]
  const { bytesPerHour, freeBytes } = now
  const room = place.limitBytes - usedBytes(place, now)
  const toLimit = bytesPerHour > 0 ? hoursText(Math.max(0, room) / bytesPerHour) : undefined
  const toFull = bytesPerHour > 0 ? hoursText(freeBytes / bytesPerHour) : undefined
  const free = `${sizeText(freeBytes)} free on the disk`
  return [
    bytesPerHour > 0
      ? `The present run grows by ${sizeText(bytesPerHour)} an hour.`
      : 'How fast the present run grows is known after some seconds.',
    ...(room <= 0
      ? ['The limit is reached: the oldest go.']
      : toLimit === undefined
        ? []
        : [`The limit is reached in ${toLimit}; then the oldest go.`]),
    ...(Number.isFinite(freeBytes)
      ? [toFull === undefined ? `${free}.` : `${free}: enough for ${toFull}.`]
      : []),
  ]
}

/** The bytes that were typed, or in one line what would be right. */
export function readLimit(text: string): number | string {
  const bytes = parseSize(text)
  const { least, most } = recordingsLimit
  if (bytes !== undefined && bytes >= least && bytes <= most) return bytes
  const typed = text.trim() === '' ? 'nothing' : `"${text.trim().slice(0, 20)}"`
  return `a size from ${sizeText(least)}, such as 500 MB or 4 GB, not ${typed}`
}
