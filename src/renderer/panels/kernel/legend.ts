/** An entry of a structure's legend. */
export interface LegendEntry {
  readonly id?: string
  readonly name: string
  /**
   * CSS of the little square before the name, which looks like what is drawn; words alone when left
   * out.
   */
  readonly swatch?: Readonly<Record<string, string>>
  /** How many there are now. */
  readonly count?: string
}

type Swatch = NonNullable<LegendEntry['swatch']>

/** A colour mixed into the panel, as `mixed` does for the canvas. */
export const tinted = (colour: string, share: number): string =>
  `color-mix(in srgb, var(${colour}) ${share * 100}%, var(--panel))`

export const filled = (colour: string): Swatch => ({ background: `var(${colour})` })

/** Lines across it, from lower left to upper right. */
export const hatched = (colour: string, share: number, gap: number): Swatch => ({
  background: `repeating-linear-gradient(135deg, var(${colour}) 0 2px, ${tinted(colour, share)} 2px ${gap}px)`,
})

/** A line from top to bottom. */
export const upright = (colour: string): Swatch => ({ width: '3px', background: `var(${colour})` })
