import { createSharedComposable } from '@vueuse/core'
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

/** Colours and type from the style sheet, for what is painted on a canvas. */
export interface ChartTheme {
  /** The value of a custom property: `--s1` → `#56c7d6`. */
  readonly colour: (property: string) => string
  readonly words: string
  readonly numbers: string
}

function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement)
  const known = new Map<string, string>()
  const value = (property: string): string => {
    const found = known.get(property) ?? style.getPropertyValue(property).trim()
    known.set(property, found)
    return found
  }
  return { colour: value, words: value('--font-ui'), numbers: value('--font-mono') }
}

/** How much larger everything on a canvas is for an audience, its type above all. */
export const canvasZoom = (theme: ChartTheme): number => Number(theme.colour('--canvas-zoom')) || 1

/** The theme in use: a new object when it changes, and when somebody presents. */
export const useChartTheme: () => ShallowRef<ChartTheme> = createSharedComposable(() => {
  const theme = shallowRef(readTheme())
  const observer = new MutationObserver(() => {
    theme.value = readTheme()
  })
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'data-presenting', 'class', 'style'],
  })
  // Text that was measured before the fonts had loaded has the wrong width.
  void document.fonts.ready.then(() => {
    theme.value = readTheme()
  })
  onScopeDispose(() => observer.disconnect())
  return theme
})
