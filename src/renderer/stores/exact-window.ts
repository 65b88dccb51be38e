import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { PastState } from '../../shared/recorded-parts'
import type { TimeWindow } from '../../shared/api'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import { useLiveStore } from './live'
import { usePastStore } from './past'

/** Wall milliseconds between two looks at how far it has come. */
const lookMs = 250

export const isSameWindow = (a: TimeWindow | undefined, b: TimeWindow | undefined): boolean =>
  a?.from === b?.from && a?.to === b?.to

/**
 * The profile of exactly a window, where what is kept of the run is coarser: the run is executed
 * again to the window's end. It has everything that a live profile has, calls and time without a
 * CPU too. Another window lets it go.
 */
export const useExactWindowStore = defineStore('exact-window', () => {
  const live = useLiveStore()
  const past = usePastStore()
  const window = shallowRef<TimeWindow | undefined>()
  const state = shallowRef<PastState | undefined>()
  const profile = shallowRef<ProfileSnapshot | undefined>()
  /** Wall seconds that it would take, for the window that was asked about last. */
  const takes = shallowRef<number | undefined>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let wishes = 0

  const profileOf = (wanted: TimeWindow | undefined): ProfileSnapshot | undefined =>
    wanted && isSameWindow(window.value, wanted) ? profile.value : undefined
  const isOnItsWay = computed(() => window.value !== undefined && profile.value === undefined)

  async function estimate({ to }: TimeWindow): Promise<void> {
    takes.value = (await live.offerPast(to))?.seconds
  }

  async function begin({ from, to }: TimeWindow): Promise<void> {
    const own = ++wishes
    clearTimeout(timer)
    // There is one run that is executed again, and it has another window now.
    past.lose()
    profile.value = undefined
    window.value = { from, to }
    state.value = { at: to, now: 0, speed: 0, isThere: false, equal: 0, failed: undefined }
    await take(own, await live.showPastProfile({ from, to }))
  }

  async function take(own: number, next: PastState | undefined): Promise<void> {
    if (own !== wishes) return
    if (!next) return lose()
    state.value = next
    if (next.failed !== undefined) return
    if (!next.isThere) {
      timer = setTimeout(() => void live.pastState().then((later) => take(own, later)), lookMs)
      return
    }
    const taken = await live.pastProfile()
    if (own !== wishes) return
    if (taken) profile.value = taken
    else lose()
  }

  /** What is executed again is somebody else's from now on. */
  function lose(): void {
    wishes++
    clearTimeout(timer)
    window.value = state.value = profile.value = undefined
  }

  async function forget(): Promise<void> {
    if (!window.value) return
    lose()
    await live.forgetPast()
  }

  watch([() => live.run, () => live.recorded?.id, () => live.brush], () => void forget())
  watch(
    () => past.state,
    (theirs) => theirs && lose(),
  )

  return { window, state, profile, takes, isOnItsWay, profileOf, estimate, begin, forget }
})
