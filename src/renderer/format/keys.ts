/**
 * Key chords as text: `F`, `Shift+Backspace`, `Mod+K`, `?`. `Mod` is Command on a Mac and Control
 * elsewhere.
 */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

export const isMac = (platform: string): boolean => /mac|iphone|ipad/i.test(platform)

const named: Readonly<Record<string, string>> = { ' ': 'Space', Esc: 'Escape' }

/**
 * The chord of a key press, or undefined for one that means nothing here (Alt, a modifier alone).
 */
export function chordOf(press: KeyPress, mac: boolean): string | undefined {
  const mod = mac ? press.metaKey : press.ctrlKey
  if (press.altKey || (mac ? press.ctrlKey : press.metaKey)) return undefined
  if (['Shift', 'Control', 'Meta', 'Alt', 'CapsLock', 'Dead'].includes(press.key)) return undefined
  // Digits by their place: with Shift held, or on a French keyboard, the key says something else.
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1]
  const key =
    digit ?? named[press.key] ?? (press.key.length === 1 ? press.key.toUpperCase() : press.key)
  // Where Shift makes another character of a key, the character alone is the chord.
  const shifts = press.shiftKey && (digit !== undefined || key.length > 1 || /[A-Z]/.test(key))
  return [mod ? 'Mod' : '', shifts ? 'Shift' : '', key].filter(Boolean).join('+')
}

/** The caps of a chord as they are printed on a keyboard: `Mod+Shift+K` → `Ctrl`, `Shift`, `K`. */
export function keyCaps(chord: string, mac: boolean): readonly string[] {
  return chord.split(/\+(?=.)/).map((part) => {
    switch (part) {
      case 'Mod':
        return mac ? 'Cmd' : 'Ctrl'
      case 'Backspace':
        return 'Bksp'
      case 'Escape':
        return 'Esc'
      case 'ArrowLeft':
        return '←'
      case 'ArrowRight':
        return '→'
      case 'ArrowUp':
        return '↑'
      case 'ArrowDown':
        return '↓'
      case 'PageUp':
        return 'PgUp'
      case 'PageDown':
        return 'PgDn'
      default:
        // Places take what a key says, `h`; its cap is printed `H`.
        return part.length === 1 ? part.toUpperCase() : part
    }
  })
}
