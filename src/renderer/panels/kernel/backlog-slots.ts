import type { ListenBacklogSnapshot, WaitingConnection } from '../../../sim/observe/structures'
import { span } from '../../format/clock'
import { grouped } from '../../format/number'

/** The two queues of a listening socket as rows of slots on one scale; everything in CSS pixels. */
export interface BacklogLayout {
  readonly pitch: number
  /** Slots in a row that are drawn. */
  readonly slots: number
  /** The backlog is too long to be drawn slot by slot: its end is shown behind a break. */
  readonly cut: boolean
  /** Where the backlog ends. */
  readonly limitX: number
}

const pitchMax = 26
/** Narrower slots can neither be told apart nor pointed at. */
const pitchMin = 3
/** Room for the line at the end of the backlog. */
const limitPx = 2
/** For the break and the limit behind it. */
const breakPx = 44

export function backlogLayout(snapshot: ListenBacklogSnapshot, width: number): BacklogLayout {
  const { backlog, synQueue, acceptQueue } = snapshot
  const used = Math.max(synQueue.length, acceptQueue.length)
  const slots = Math.max(1, backlog, used)
  const pitch = Math.min(pitchMax, Math.max(1, width - limitPx) / slots)
  // A queue past the limit is drawn whole, whatever the width of its slots.
  if (pitch >= pitchMin || used >= backlog) {
    return { pitch, slots, cut: false, limitX: backlog * pitch }
  }
  const room = Math.max(1, width - breakPx)
  const fit = Math.max(1, Math.floor(room / pitchMin))
  const drawn = Math.max(fit, used)
  return { pitch: room / drawn, slots: drawn, cut: true, limitX: width - limitPx }
}

export const backlogQueues = ['SYN queue', 'accept queue'] as const

export const queueOf = (
  snapshot: ListenBacklogSnapshot,
  row: number,
): readonly WaitingConnection[] => (row === 0 ? snapshot.synQueue : snapshot.acceptQueue)

/** Where a row lies: its words above, its slots below. */
export interface BacklogRow {
  readonly top: number
  readonly slotTop: number
  readonly slotHeight: number
}

const wordsPx = 19
const slotHeightMax = 180
const rowGap = 8

export function backlogRow(row: number, height: number): BacklogRow {
  const each = height / backlogQueues.length
  const slotHeight = Math.max(4, Math.min(slotHeightMax, each - wordsPx - rowGap))
  const top = Math.round(row * Math.min(each, slotHeightMax + wordsPx + 2 * rowGap))
  return { top, slotTop: top + wordsPx, slotHeight: Math.floor(slotHeight) }
}

/** The slot at a position, counted through both rows; -1 beside them. */
export function slotAt(layout: BacklogLayout, height: number, x: number, y: number): number {
  const slot = Math.floor(x / layout.pitch)
  if (x < 0 || slot >= layout.slots) return -1
  const row = backlogQueues.findIndex((_, index) => {
    const { top, slotTop, slotHeight } = backlogRow(index, height)
    return y >= top && y < slotTop + slotHeight
  })
  return row < 0 ? -1 : row * layout.slots + slot
}

/** How far a slot is filled, 0–1: grows with the age, ten seconds fill it. */
export const ageShare = (ms: number): number =>
  0.16 + 0.84 * Math.min(1, Math.log10(1 + Math.max(0, ms)) / Math.log10(1 + 10_000))

const age = (ms: number): string => span(ms / 1000)

/** A slot in words: whose connection waits there, and for how long. */
export function describeSlot(
  snapshot: ListenBacklogSnapshot,
  layout: BacklogLayout,
  at: number,
): string {
  const row = Math.floor(at / layout.slots)
  const slot = at % layout.slots
  const name = backlogQueues[row]
  if (at < 0 || name === undefined) return ''
  const place = `${name}, ${grouped(slot + 1)} of ${grouped(snapshot.backlog)}`
  const connection = queueOf(snapshot, row)[slot]
  if (!connection) return `${place}: free`
  const past = slot >= snapshot.backlog ? ' · past the limit' : ''
  return `${place}: client ${connection.client}, SYN came ${age(connection.ageMs)} ago${past}`
}

/** What is said while no slot is pointed at. */
export function describeBacklog({ synQueue, acceptQueue }: ListenBacklogSnapshot): string {
  const oldest = (queue: readonly WaitingConnection[], what: string): string =>
    queue[0] ? `${age(queue[0].ageMs)} ${what}` : ''
  const said = [oldest(synQueue, 'half open'), oldest(acceptQueue, 'open')].filter(Boolean)
  return said.length > 0 ? `oldest ${said.join(', ')}` : 'both queues are empty'
}
