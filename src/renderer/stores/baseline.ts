import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import {
  baselineAround,
  findBaseline,
  type BaselineStretch,
  type RunSoFar,
} from './baseline-stretch'
import { useLiveStore } from './live'
import { useMessagesStore } from './messages'

/**
 * What the run is measured against: a healthy stretch of it that was found, or one that somebody
 * set.
 */
export const useBaselineStore = defineStore('baseline', () => {
  const live = useLiveStore()
  const messages = useMessagesStore()
  const chosen = shallowRef<BaselineStretch | undefined>()
  const found = shallowRef<BaselineStretch | undefined>()
  const stretch = computed(() => chosen.value ?? found.value)

  function soFar(): RunSoFar {
    const { history } = live
    return {
      inRounds: live.column('work.round') !== undefined,
      rounds: live.rounds,
      newest: history.rows > 0 ? history.time(history.rows - 1) : 0,
      firstAction: live.actions.find(({ at }) => at > 0)?.at ?? Infinity,
    }
  }

  let run: number | undefined
  watch(
    [() => live.tick, () => live.run],
    () => {
      if (live.run !== run) {
        run = live.run
        chosen.value = undefined
        found.value = undefined
      }
      found.value ??= findBaseline(soFar())
    },
    { immediate: true },
  )

  /**
   * Measures against the brushed window, else what lies around the crosshair, else what the run
   * does now.
   */
  function setHere(): void {
    const { brush } = live
    const run = soFar()
    const here = brush
      ? { ...brush, words: 'brushed window', chosen: true }
      : baselineAround(live.crosshair ?? run.newest, run)
    if (here) chosen.value = here
    else messages.say('error', 'A baseline needs at least 10 s of samples')
  }
  /** Back to what the run found by itself. */
  function setFound(): void {
    chosen.value = undefined
  }

  return { stretch, chosen, setHere, setFound }
})
