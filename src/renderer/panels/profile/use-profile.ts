import { useDocumentVisibility } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import { isSameWindow, useExactWindowStore } from '../../stores/exact-window'
import { useLiveStore, type TimeRange } from '../../stores/live'
import { functionCounters } from '../../../shared/charts/function-counters'
import { profileOfCounters } from './profile-of-counters'

type LiveStore = ReturnType<typeof useLiveStore>

const everyMs = 1000

/** A profile, and the brushed window that it was asked for; undefined for the whole run. */
export interface ShownProfile {
  readonly of: ProfileSnapshot
  readonly window: TimeRange | undefined
  /** Its stacks have gone with the run: each procedure stands for itself. */
  readonly flat: boolean
  /** Of exactly the window: the run was executed again for it. */
  readonly isExact?: boolean
}

/**
 * The profile by stack of the brushed window, or of the whole run; asked for once a second while it
 * can change and somebody looks. Table, flame graph and samples all come from it, so they are of
 * one window.
 */
export function useProfile(): ShallowRef<ShownProfile | undefined> {
  const store = useLiveStore()
  const exact = useExactWindowStore()
  const visibility = useDocumentVisibility()
  const profile = shallowRef<ShownProfile>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = false
  let ended = false

  async function ask(): Promise<void> {
    clearTimeout(timer)
    if (ended || asking || visibility.value === 'hidden') return
    const { phase, run } = store
    const window = store.profileWindow()
    if (phase === 'died') {
      profile.value = { of: ofCounters(window), window, flat: true }
      return
    }
    if (phase === 'starting' || phase === undefined) return
    const executed = exact.profileOf(windowToAsk(store))
    if (executed) {
      profile.value = { of: executed, window, flat: false, isExact: true }
      return
    }
    // There is none to ask for, and the view says so.
    if (store.recorded?.imported?.hasProfile === false) {
      profile.value = undefined
      return
    }
    asking = true
    const now = store.status?.now ?? 0
    const answer = await store.profile(window)
    asking = false
    if (ended) return
    if (!isSameWindow(window, store.profileWindow()) || run !== store.run) return ask()
    if (answer) profile.value = { of: answer, window, flat: false }
    // What is over does not change any more.
    const isOver = window !== undefined && window.to < now
    if (store.phase === 'running' && !isOver) timer = setTimeout(() => void ask(), everyMs)
  }
  const ofCounters = (window: TimeRange | undefined): ProfileSnapshot => {
    const to = store.history.time(store.history.rows - 1) || 0
    return profileOfCounters(
      store.history,
      functionCounters(store.counters),
      window ?? { from: 0, to },
    )
  }

  watch(
    [
      ...[visibility, () => store.phase, () => store.run, () => store.brush],
      ...[() => store.at, () => store.chartWindow, () => exact.profile],
      () => store.phase !== 'running' && store.tick,
    ],
    () => void ask(),
    { immediate: true },
  )
  onScopeDispose(() => {
    ended = true
    clearTimeout(timer)
  })
  return profile
}

/** What a profile is wanted of; undefined where it is of all of a run that lives. */
export function windowToAsk({
  recorded,
  profileWindow,
}: Pick<LiveStore, 'recorded' | 'profileWindow'>): TimeRange | undefined {
  return profileWindow() ?? (recorded && { from: 0, to: recorded.seconds })
}
