import { isMac, keyCaps } from '../../format/keys'

/** A tooltip with the key that does the same: `Save (Ctrl+S)`. */
export const chordTitle = (text: string, chord: string): string =>
  `${text} (${keyCaps(chord, isMac(navigator.platform)).join('+')})`
