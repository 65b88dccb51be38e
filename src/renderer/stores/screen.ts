import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'

export type View = 'live' | 'profile' | 'kernel'
export const views: readonly { readonly id: View; readonly title: string; readonly key: string }[] =
  [
    { id: 'live', title: 'Live', key: 'L' },
    { id: 'profile', title: 'Profile', key: 'P' },
    { id: 'kernel', title: 'Kernel', key: 'K' },
  ]

export type Theme = 'dark' | 'light'
/** What lies over the screen; one at a time. */
export type Overlay =
  ('palette' | 'help' | 'new-run' | 'run-until' | 'step' | 'save' | 'counter') | ('speed' | 'theme')

const themeKey = 'soakscope.theme'
const drawerKey = 'soakscope.drawer'

/** What is on the screen: which view, which theme, what is open. None of it belongs to the run. */
export const useScreenStore = defineStore('screen', () => {
  const view = shallowRef<View>('live')
  const theme = shallowRef<Theme>(remembered(themeKey) === 'light' ? 'light' : 'dark')
  /** Open unless it was closed, or the window is so narrow that the charts need the room. */
  const drawerOpen = shallowRef(
    (remembered(drawerKey) ?? (window.innerWidth >= 1100 ? 'open' : 'closed')) === 'open',
  )
  const overlay = shallowRef<Overlay | undefined>()
  /** The vmstat terminal stands still. */
  const frozen = shallowRef(false)
  /** Counter drawn in the timeline, when one was chosen. */
  const timelineCounter = shallowRef<string | undefined>()

  watch(
    theme,
    (now) => {
      document.documentElement.dataset['theme'] = now
      remember(themeKey, now)
    },
    { immediate: true },
  )
  watch(drawerOpen, (open) => remember(drawerKey, open ? 'open' : 'closed'))

  function toggleTheme(): void {
    theme.value = theme.value === 'dark' ? 'light' : 'dark'
  }
  let openedByKey = false
  function toggleOverlay(which: Overlay): void {
    overlay.value = overlay.value === which ? undefined : which
    openedByKey = true
  }
  /** For the `open` of one overlay: closing it leaves another that has opened meanwhile alone. */
  function setOverlay(which: Overlay, open: boolean): void {
    if (open) {
      overlay.value = which
      openedByKey = false
    } else if (overlay.value === which) overlay.value = undefined
  }

  /**
   * When a menu closes, focus goes back to its button; but not when a key opened it from somewhere else, because
   * then the next Space would press that button instead of pausing the run.
   */
  function returnFocus(event: Event): void {
    if (openedByKey) event.preventDefault()
  }

  return {
    view,
    theme,
    drawerOpen,
    overlay,
    frozen,
    timelineCounter,
    toggleTheme,
    toggleOverlay,
    setOverlay,
    returnFocus,
  }
})

/** Storage may be refused to a page (a browser's setting); then nothing is remembered. */
function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}
function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    return
  }
}
