import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import type { Mark } from '../../../shared/frame'
import { captionText } from './showing'

/** To notice that something is said, and then so many characters a second, read in passing. */
const noticeMs = 3000
const charactersPerSecond = 12

/** Wall milliseconds for which a caption is there to be read. */
export const readableMs = (words: string): number =>
  noticeMs + (words.length / charactersPerSecond) * 1000

/**
 * The caption's words for as long as somebody needs to read them; then they go, and with them
 * what they take of the screen. While it is held it stays: for an audience, and where time stands.
 */
export function useCaption(
  run: () => number | undefined,
  caption: () => Mark | undefined,
  isHeld: () => boolean,
): { readonly words: ComputedRef<string | undefined>; readonly close: () => void } {
  const name = computed(() => {
    const mark = caption()
    return mark && `${run()} ${mark.at} ${mark.text}`
  })
  const gone = shallowRef<string | undefined>()
  const words = computed(() => {
    const mark = caption()
    return mark && (isHeld() || name.value !== gone.value) ? captionText(mark) : undefined
  })
  const close = (): void => {
    gone.value = name.value
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    [name, isHeld],
    () => {
      clearTimeout(timer)
      const mark = caption()
      if (mark && !isHeld()) timer = setTimeout(close, readableMs(captionText(mark)))
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { words, close }
}
