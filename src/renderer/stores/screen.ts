import { useEventListener, useFullscreen, useWindowSize } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { StartRequest } from '../../shared/api'
import type { Question } from './commands'
import { remember, remembered } from './storage'
import { useTheme } from './theme'

export type View = 'live' | 'profile' | 'kernel' | 'trace'
export const views: readonly { readonly id: View; readonly title: string; readonly key: string }[] =
  [
    { id: 'live', title: 'Live', key: 'L' },
    { id: 'profile', title: 'Profile', key: 'P' },
    { id: 'kernel', title: 'Kernel', key: 'K' },
    { id: 'trace', title: 'Trace', key: 'M' },
  ]

/** What lies over the screen; one at a time. */
export type Overlay =
  | ('palette' | 'help' | 'new-run' | 'run-until' | 'step' | 'save' | 'counter')
  | ('speed' | 'theme' | 'library' | 'statistics' | 'chapters' | 'branch')

/** What a new run begins with, and what that is called. */
export interface NewRunFrom {
  readonly title: string
  readonly request: StartRequest
}

const drawerKey = 'soakscope.drawer'

/** What is on the screen: which view, which theme, what is open. None of it belongs to the run. */
export const useScreenStore = defineStore('screen', () => {
  const view = shallowRef<View>('live')
  const { theme, themeChoice, toggleTheme } = useTheme()
  const chosenDrawer = shallowRef(remembered(drawerKey))
  const { width } = useWindowSize()
  /**
   * As somebody left it; before that, open where the charts have room beside it. A new window has
   * its size only some time after the page begins.
   */
  const drawerOpen = computed({
    get: () => (chosenDrawer.value ?? (width.value >= 1100 ? 'open' : 'closed')) === 'open',
    set(open) {
      chosenDrawer.value = open ? 'open' : 'closed'
      remember(drawerKey, chosenDrawer.value)
    },
  })
  /** What the demonstration is about stays in sight while it runs. */
  const aboutShown = shallowRef(false)
  /** Full screen and larger type, for an audience. */
  const presenting = shallowRef(false)
  const fullscreen = useFullscreen()
  watch(presenting, (now) => {
    document.documentElement.toggleAttribute('data-presenting', now)
    // Where a page may not fill the screen, larger type is what is left.
    void (now ? fullscreen.enter() : fullscreen.exit()).catch(() => undefined)
  })
  watch(fullscreen.isFullscreen, (is) => {
    if (!is) presenting.value = false
  })
  const overlay = shallowRef<Overlay | undefined>()
  /** The vmstat terminal stands still. */
  const frozen = shallowRef(false)
  /** Counters with a chart of their own in the Live view, the newest first. */
  const addedCounters = shallowRef<readonly string[]>([])
  /** Counter drawn in the timeline, when one was chosen. */
  const timelineCounter = shallowRef<string | undefined>()

  /** Adds a counter's chart to the Live view and shows it, or takes it away. */
  function toggleCounter(id: string): void {
    const others = addedCounters.value.filter((other) => other !== id)
    const added = others.length === addedCounters.value.length
    addedCounters.value = added ? [id, ...others] : others
    if (added) view.value = 'live'
  }
  /** A question that the palette opens with. */
  let question: Question | undefined
  function ask(next: Question): void {
    question = next
    overlay.value = 'palette'
  }
  /** The question that it was opened for, once. */
  function takeQuestion(): Question | undefined {
    const taken = question
    question = undefined
    return taken
  }

  /** The run that the dialog of a new run begins with, where somebody asked for one. */
  const newRunFrom = shallowRef<NewRunFrom | undefined>()
  function askForRun(from: NewRunFrom): void {
    newRunFrom.value = from
    overlay.value = 'new-run'
  }

  let byPointer = false
  useEventListener(window, 'pointerdown', () => (byPointer = true), { capture: true })
  useEventListener(window, 'keydown', () => (byPointer = false), { capture: true })
  /** The overlay was opened from its button, with the keyboard. */
  let fromButton = false
  function toggleOverlay(which: Overlay): void {
    overlay.value = overlay.value === which ? undefined : which
    fromButton = false
  }
  /** For the `open` of one overlay: closing it leaves another that has opened meanwhile alone. */
  function setOverlay(which: Overlay, open: boolean): void {
    if (open) {
      overlay.value = which
      fromButton = !byPointer
    } else if (overlay.value === which) overlay.value = undefined
  }

  /**
   * When a menu closes, focus goes back to its button, if somebody was there with the keyboard; but
   * not when the pointer or a key of its own opened it, because then the next Space would press
   * that button instead of pausing the run.
   */
  function returnFocus(event: Event): void {
    if (!fromButton) event.preventDefault()
  }

  return {
    view,
    theme,
    themeChoice,
    drawerOpen,
    overlay,
    presenting,
    aboutShown,
    frozen,
    addedCounters,
    timelineCounter,
    ask,
    takeQuestion,
    newRunFrom,
    askForRun,
    toggleCounter,
    toggleTheme,
    toggleOverlay,
    setOverlay,
    returnFocus,
  }
})
