import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import { useLiveStore } from './live'
import { useScreenStore } from './screen'

/** What is said at an instant of the run's timeline. */
export interface Chapter {
  readonly at: number
  readonly words: string
  /** It was there, is now, is made ready, or is still to come. */
  readonly state: 'past' | 'now' | 'ready' | 'to-come'
}

/**
 * The chapters of a run are its captions. The run can be brought to any of them: it is executed
 * again up to there. The next one is made ready while somebody presents or looks at the list.
 */
export const useChaptersStore = defineStore('chapters', () => {
  const live = useLiveStore()
  const screen = useScreenStore()
  const all = computed<readonly Chapter[]>(() => {
    if (live.recorded || live.tick < 0) return []
    const { now = 0, ahead } = live.status ?? {}
    const captions = [...live.actions, ...live.toCome].filter(isCaption)
    const current = captions.findLast(({ at }) => at <= now)
    return captions.map((caption) => ({
      at: caption.at,
      words: wordsOf(caption.action),
      state:
        caption === current
          ? 'now'
          : ahead?.isThere && ahead.at === caption.at
            ? 'ready'
            : caption.at <= now
              ? 'past'
              : 'to-come',
    }))
  })
  const next = computed(() => all.value.find(({ at }) => at > (live.status?.now ?? 0)))
  const before = computed(() => {
    const now = all.value.findIndex(({ state }) => state === 'now')
    return all.value[now - 1] ?? all.value[Math.max(now, 0)]
  })

  async function goTo(chapter: Chapter | undefined): Promise<void> {
    if (chapter) await live.goToChapter(chapter.at, chapter.words, true)
  }

  const isWatched = computed(() => screen.presenting || screen.overlay === 'chapters')
  watch([isWatched, () => next.value?.at, () => live.run], ([watched, at]) => {
    // The host knows whether somebody has wanted it meanwhile.
    if (!watched && live.status?.ahead) void live.forgetChapter()
    if (watched && at !== undefined && !live.aside) {
      void live.goToChapter(at, next.value?.words ?? '', false)
    }
  })

  return { all, next, before, goTo }
})

const isCaption = ({ action }: { readonly action: string }): boolean =>
  action.startsWith('caption:')
const wordsOf = (action: string): string =>
  action.slice('caption:'.length).replace(/\{[^}]*\}/g, '…')
