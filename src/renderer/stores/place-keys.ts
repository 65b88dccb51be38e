/** Keys of a part of the screen while it has the focus: what they do, in words. */
export interface PlaceKeys {
  readonly title: string
  readonly keys: readonly { readonly keys: readonly string[]; readonly title: string }[]
}

const ends = { keys: ['Home', 'End'], title: 'To the first, to the last' }
const none = { keys: ['Escape'], title: 'Choose none' }

/**
 * A part takes no key that does not stand in here (`takesKey`), so that the list of all keys has
 * every one of them, also those of a view that is not shown.
 */
export const placeKeys = {
  timeline: {
    title: 'On the timeline',
    keys: [
      { keys: ['ArrowLeft', 'ArrowRight'], title: 'Move the crosshair' },
      { keys: ['PageUp', 'PageDown'], title: 'Move it far' },
      { keys: ['Shift+ArrowLeft', 'Shift+ArrowRight'], title: 'Brush a window from the crosshair' },
      { keys: ['[', ']'], title: 'To the mark before, to the mark after' },
      { keys: ['Home', 'End'], title: 'To the start, to now' },
      { keys: ['Enter'], title: 'Look back to the crosshair' },
      { keys: ['Escape'], title: 'Clear the brushed window' },
    ],
  },
  chart: {
    title: 'On a chart',
    keys: [
      { keys: ['ArrowLeft', 'ArrowRight'], title: 'Move the crosshair' },
      { keys: ['Shift+ArrowLeft', 'Shift+ArrowRight'], title: 'Move it ten points' },
      { keys: ['Home', 'End'], title: 'To the ends of the window' },
      { keys: ['v'], title: 'Begin a window at the crosshair, then end it there' },
      { keys: ['h'], title: 'Draw a threshold; again: of the next line' },
      { keys: ['ArrowUp', 'ArrowDown'], title: 'Move the threshold; Enter makes an alarm of it' },
      { keys: ['Enter'], title: 'Enlarge it, and back' },
      { keys: ['Escape'], title: 'Back from large; clear crosshair, then brush' },
    ],
  },
  vmstat: {
    title: 'On the columns of vmstat',
    keys: [{ keys: ['ArrowLeft', 'ArrowRight'], title: 'To the column before, to the next' }, ends],
  },
  profile: {
    title: 'In the table of the Profile view',
    keys: [
      { keys: ['ArrowUp', 'ArrowDown'], title: 'To the row before, to the next' },
      { keys: ['PageUp', 'PageDown'], title: 'Ten rows up, ten down' },
      ends,
      none,
    ],
  },
  flame: {
    title: 'On the flame graph',
    keys: [
      { keys: ['ArrowUp', 'ArrowDown'], title: 'To the caller, to the callee' },
      { keys: ['ArrowLeft', 'ArrowRight'], title: 'To the box beside' },
      { keys: ['Enter'], title: 'Zoom into the box' },
      { keys: ['Home'], title: 'Back to the whole graph' },
      { keys: ['Escape'], title: 'Let go of the box, then zoom out' },
    ],
  },
  trace: {
    title: 'On the drawing of the Trace view',
    keys: [
      { keys: ['w', 's', 'ArrowUp', 'ArrowDown'], title: 'Zoom in, zoom out' },
      { keys: ['a', 'd', 'ArrowLeft', 'ArrowRight'], title: 'Move to earlier, to later' },
      { keys: ['f', 'Home'], title: 'All of the trace' },
      { keys: [',', '.'], title: 'To the stay before, to the next on that CPU' },
      { keys: ['[', ']'], title: 'To the CPU above, to the one below' },
      none,
    ],
  },
  structure: {
    title: 'On a drawing of the Kernel view',
    keys: [
      { keys: ['ArrowLeft', 'ArrowRight'], title: 'To the one before, to the next' },
      { keys: ['ArrowUp', 'ArrowDown'], title: 'To the one above, to the one below' },
      ends,
      none,
    ],
  },
  form: {
    title: 'In a dialog',
    keys: [
      { keys: ['Enter'], title: 'Do it' },
      { keys: ['Mod+Enter'], title: 'Start the new run or the branch, from any field' },
      { keys: ['Tab', 'Shift+Tab'], title: 'To the next control, to the one before' },
      { keys: ['Escape'], title: 'Close it, nothing done' },
    ],
  },
} as const satisfies Readonly<Record<string, PlaceKeys>>

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** Whether a part that has the focus takes a key. Shift is its own affair. */
export function takesKey(place: keyof typeof placeKeys, press: Press): boolean {
  if (press.ctrlKey || press.metaKey || press.altKey) return false
  const { keys }: PlaceKeys = placeKeys[place]
  return keys.some((row) => row.keys.includes(press.key))
}

/**
 * Keys of commands that only one view offers, so that they are listed while another one is shown.
 */
export const viewKeys = {
  'profile.filter': { view: 'Profile', key: '/', title: 'Filter the profile' },
  'profile.grouping': { view: 'Profile', key: 'G', title: 'By procedure, image, process; off-CPU' },
  'profile.exact': {
    view: 'Profile',
    key: 'Shift+X',
    title: 'Exactly this window, executed again',
  },
  'trace.take': { view: 'Trace', key: 'Shift+M', title: 'Take a trace, stop it' },
  'vmstat.newest': { view: 'Live', key: 'G', title: 'vmstat: to the newest line' },
} as const satisfies Readonly<
  Record<string, { readonly view: string; readonly key: string; readonly title: string }>
>
