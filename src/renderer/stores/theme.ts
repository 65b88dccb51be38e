import { useMediaQuery } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import { remember, remembered } from './storage'

export type Theme = 'dark' | 'light'
/** What the user wants: a theme, or whatever the system has. */
export type ThemeChoice = Theme | 'system'

export const themeChoices: readonly { readonly id: ThemeChoice; readonly title: string }[] = [
  { id: 'dark', title: 'Dark theme' },
  { id: 'light', title: 'Light theme' },
  { id: 'system', title: 'Theme of the system' },
]

const themeKey = 'soakscope.theme'

/** The theme of the page: the system's, also when that changes, until one is chosen. */
export function useTheme() {
  const systemIsLight = useMediaQuery('(prefers-color-scheme: light)')
  const before = remembered(themeKey)
  const themeChoice = shallowRef<ThemeChoice>(
    before === 'dark' || before === 'light' ? before : 'system',
  )
  const theme = computed<Theme>(() => {
    if (themeChoice.value !== 'system') return themeChoice.value
    return systemIsLight.value ? 'light' : 'dark'
  })
  watch(theme, (now) => (document.documentElement.dataset['theme'] = now), { immediate: true })
  watch(themeChoice, (now) => remember(themeKey, now === 'system' ? undefined : now))

  const toggleTheme = (): void => {
    themeChoice.value = theme.value === 'dark' ? 'light' : 'dark'
  }
  return { theme, themeChoice, toggleTheme }
}
