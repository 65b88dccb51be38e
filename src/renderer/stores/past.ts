import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { PastOffer, PastState } from '../../shared/recorded-parts'
import { useLiveStore } from './live'

/** Wall milliseconds between two looks at how far it has come. */
const lookMs = 250
/** Instants closer than this are one. */
const same = 1e-6

/**
 * The kernel at a past moment: the run is executed again up to the instant that is looked back to,
 * and its structures are then those of that instant.
 */
export const usePastStore = defineStore('past', () => {
  const live = useLiveStore()
  /** What it would take, for the instant that is looked back to. */
  const offer = shallowRef<PastOffer | undefined>()
  const state = shallowRef<PastState | undefined>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  /** A later moment takes the place of one that is waited for. */
  let wishes = 0

  /** The moment whose structures can be seen: the one that is looked back to. */
  const shown = computed(() => {
    const { at } = live
    const now = state.value
    return now?.isThere && at !== undefined && Math.abs(now.at - at) < same ? now.at : undefined
  })
  /** This moment is shown, or on its way. */
  const isWanted = computed(() => shown.value !== undefined || state.value?.isThere === false)
  const checked = computed(() => {
    const equal = state.value?.equal ?? 0
    if (equal === 0) return 'no digest was kept up to there to hold it against'
    return equal === 1 ? 'the one digest of it is equal' : `all ${equal} digests of it are equal`
  })

  /** Asks what it would take to look into this instant. */
  async function estimate(): Promise<void> {
    const { at } = live
    if (at === undefined) return void (offer.value = undefined)
    const own = ++asked
    const next = await live.offerPast(at)
    if (own === asked) offer.value = next
  }

  async function begin(): Promise<void> {
    const { at } = live
    if (at === undefined) return
    // What is on its way shows at once.
    state.value = { at, now: 0, speed: 0, isThere: false, equal: 0, failed: undefined }
    const own = ++wishes
    const begun = await live.showPast(at)
    // It may have been called off meanwhile.
    if (state.value && own === wishes) take(begun)
  }

  function take(next: PastState | undefined): void {
    state.value = next
    clearTimeout(timer)
    if (next && !next.isThere && next.failed === undefined) {
      timer = setTimeout(() => void look(), lookMs)
    }
  }
  async function look(): Promise<void> {
    const next = await live.pastState()
    if (state.value) take(next)
  }

  /** What was executed again is somebody else's now. */
  function lose(): void {
    wishes++
    clearTimeout(timer)
    state.value = undefined
  }

  async function forget(): Promise<void> {
    clearTimeout(timer)
    if (!state.value) return
    lose()
    await live.forgetPast()
  }

  // Back at now, or with another run or recording, nobody looks into it any more.
  watch([() => live.run, () => live.at === undefined], () => void forget())

  return { offer, state, shown, isWanted, checked, estimate, begin, lose, forget }
})
