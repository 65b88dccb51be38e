/**
 * A run that goes on when its window is closed. Where the desktop has a tray it is seen there, with
 * what runs; anywhere, starting the program again brings the window back. Off unless it was chosen
 * in the menu, which is remembered.
 */
import { app, Menu, nativeImage, Tray } from 'electron'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunStatus } from '../../shared/frame'
import { runWords } from './stay-words'

/** Wall milliseconds between two looks at what runs. */
const lookMs = 2000
const side = 22

export interface StayOptions {
  readonly hasTray: boolean
  readonly status: () => RunStatus | undefined
  /** Opens the window again. */
  readonly show: () => void
}

export class Stay {
  private chosen = isChosen()
  private tray: Tray | undefined
  private looking: NodeJS.Timeout | undefined
  private away = false

  constructor(private readonly options: StayOptions) {
    app.on('second-instance', () => this.comeBack())
    // The icon in macOS's Dock.
    app.on('activate', () => this.comeBack())
  }

  /** Whether it is chosen. */
  get stays(): boolean {
    return this.chosen
  }

  choose(chosen: boolean): void {
    this.chosen = chosen
    try {
      writeFileSync(choiceFile(), `${JSON.stringify({ stays: chosen })}\n`)
    } catch {
      // A profile that cannot be written to: it holds until the program ends.
    }
  }

  /** The last window is closed. @returns whether the run goes on */
  windowClosed(): boolean {
    if (!this.chosen || this.options.status() === undefined) return false
    // Whoever starts the program from now on is led here. Another one may stay already.
    if (!app.requestSingleInstanceLock()) return false
    this.away = true
    if (this.options.hasTray) {
      this.tray = new Tray(icon())
      this.tray.on('click', () => this.comeBack())
      this.look()
      this.looking = setInterval(() => this.look(), lookMs)
    }
    return true
  }

  private look(): void {
    const words = runWords(this.options.status())
    this.tray?.setToolTip(words)
    this.tray?.setContextMenu(
      Menu.buildFromTemplate([
        { label: words, enabled: false },
        { type: 'separator' },
        { label: 'Show', click: () => this.comeBack() },
        { label: 'Quit', click: () => app.quit() },
      ]),
    )
  }

  private comeBack(): void {
    if (!this.away) return
    this.away = false
    clearInterval(this.looking)
    this.tray?.destroy()
    this.tray = undefined
    app.releaseSingleInstanceLock()
    this.options.show()
  }
}

/**
 * Whether another program of this profile stays without a window; it shows it now, and this one has
 * nothing more to do.
 */
export function anotherStays(): boolean {
  if (!app.requestSingleInstanceLock()) return true
  app.releaseSingleInstanceLock()
  return false
}

const choiceFile = (): string => join(app.getPath('userData'), 'stay.json')

function isChosen(): boolean {
  try {
    const file: unknown = JSON.parse(readFileSync(choiceFile(), 'utf8'))
    return typeof file === 'object' && file !== null && 'stays' in file && file.stays === true
  } catch {
    return false
  }
}

/** Bars that grow, in the colour of the accent: seen on dark and on light. */
function icon(): Electron.NativeImage {
  const bytes = Buffer.alloc(4 * side * side)
  for (let y = 2; y < side - 2; y++) {
    for (let x = 2; x < side - 2; x++) {
      const bar = Math.floor((x - 2) / 5)
      const isGap = (x - 2) % 5 === 4
      if (isGap || side - 2 - y > 5 + 4 * bar) continue
      // Blue, green, red, alpha.
      bytes.writeUInt32BE(0xf0a03cff, 4 * (y * side + x))
    }
  }
  return nativeImage.createFromBitmap(bytes, { width: side, height: side })
}
