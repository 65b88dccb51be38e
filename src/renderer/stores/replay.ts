import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { useLiveStore } from './live'

/** Simulated per wall seconds. */
export const replaySpeeds: readonly number[] = [1, 10, 60, 600, 3600]
/** Wall milliseconds between two pictures. */
const everyMs = 100
/** Instants closer than this are one. */
const same = 1e-6

/**
 * Looking back: the screen shows the run, or a recording, as of an instant, which can be moved, or
 * moves by itself. What goes on meanwhile goes on.
 */
export const useReplayStore = defineStore('replay', () => {
  const live = useLiveStore()
  const speed = shallowRef(10)
  const direction = shallowRef<1 | -1>(1)
  const playing = shallowRef(false)
  const isLookingBack = computed(() => live.at !== undefined)
  let timer: ReturnType<typeof setInterval> | undefined
  let movedAt = 0

  /** Shows the run as of an instant, within what there is of it. */
  function seek(seconds: number): void {
    const to = Math.min(Math.max(seconds, 0), live.newest())
    live.at = to
    // Where the charts do not end there, they say there what it was.
    const isInside = live.chartWindow === Infinity || live.brush !== undefined
    live.crosshair = isInside ? to : undefined
  }

  function lookBack(): void {
    seek(live.crosshair ?? live.newest())
  }

  /** Back to the newest; from a recording, back to the run. */
  function back(): void {
    stop()
    live.crosshair = undefined
    if (live.recorded) void live.closeRecording()
    else live.at = undefined
  }

  function play(which: 1 | -1): void {
    const now = live.at ?? live.newest()
    const atItsEnd = which === 1 ? now >= live.newest() - same : now <= 0
    // From its end it begins anew.
    seek(atItsEnd && live.recorded ? (which === 1 ? 0 : live.newest()) : now)
    direction.value = which
    playing.value = true
    movedAt = performance.now()
    timer ??= setInterval(move, everyMs)
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
    playing.value = false
  }

  function toggle(which: 1 | -1): void {
    if (playing.value && direction.value === which) stop()
    else play(which)
  }

  function move(): void {
    const now = performance.now()
    const { at } = live
    if (at === undefined) return stop()
    const next = at + (direction.value * speed.value * (now - movedAt)) / 1000
    movedAt = now
    seek(next)
    if (next <= 0 || next >= live.newest()) stop()
  }

  function faster(by: 1 | -1): void {
    const index = replaySpeeds.indexOf(speed.value) + by
    speed.value = replaySpeeds[index] ?? speed.value
  }

  /** To the next action, alarm or end of a round, before or after. */
  function jump(which: 1 | -1): void {
    const from = live.at ?? live.newest()
    const instants = [
      ...live.marks.map(({ at }) => at),
      ...live.rounds.map(({ startSeconds, seconds }) => startSeconds + seconds),
    ].sort((a, b) => a - b)
    const next =
      which === 1
        ? instants.find((instant) => instant > from + same)
        : instants.findLast((instant) => instant < from - same)
    seek(next ?? (which === 1 ? live.newest() : 0))
  }

  /** By a sample, as long as one is. */
  const step = (by: number): void => seek((live.at ?? live.newest()) + by)

  watch([() => live.run, isLookingBack], () => {
    if (!isLookingBack.value) stop()
  })

  return {
    speed,
    direction,
    playing,
    isLookingBack,
    seek,
    lookBack,
    back,
    toggle,
    stop,
    faster,
    jump,
    step,
  }
})
