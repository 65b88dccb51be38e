import { useDocumentVisibility } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { StructureKind, StructureSnapshot } from '../../../sim/observe/structures'
import { useLiveStore } from '../../stores/live'
import { usePastStore } from '../../stores/past'

export type SnapshotOf<K extends StructureKind> = Extract<StructureSnapshot, { kind: K }>

/** Twice a second is as often as an eye can take in a structure that has changed as a whole. */
const everyMs = 500
/** In slow motion a structure changes bit by bit, and is followed closer. */
const everySlowMs = 200
/**
 * A snapshot that takes long to come is asked for less often, so that it uses at most a quarter of
 * the time.
 */
const restFactor = 3

/**
 * A structure of the kernel while it can be seen: fetched at most twice a second while the run goes
 * on, and once for every instant at which it stands still. Nothing is asked for while the page is
 * hidden.
 * @param chosen which one, where there are several
 */
export function useSnapshot<K extends StructureKind>(
  kind: K,
  chosen: ShallowRef<string | undefined> = shallowRef(),
): ShallowRef<SnapshotOf<K> | undefined> {
  const store = useLiveStore()
  const past = usePastStore()
  const visibility = useDocumentVisibility()
  const snapshot = shallowRef<SnapshotOf<K>>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = false
  let askedAt: string | undefined
  let ended = false

  /** Tells instants apart: a run that stands still is asked once. */
  const instant = (): string | undefined => {
    if (past.shown !== undefined) return `past:${past.shown}:${chosen.value ?? ''}`
    const status = store.status
    return status && `${status.run}:${status.now}:${status.events}:${chosen.value ?? ''}`
  }
  const answers = (): boolean =>
    past.shown !== undefined ||
    store.phase === 'running' ||
    store.phase === 'paused' ||
    store.phase === 'ended'

  async function ask(): Promise<void> {
    clearTimeout(timer)
    const at = instant()
    if (ended || asking || !answers() || visibility.value === 'hidden') return
    let took = 0
    if (at !== askedAt) {
      asking = true
      const since = performance.now()
      const answer = await (past.shown === undefined
        ? store.snapshot(kind, chosen.value)
        : store.pastSnapshot(kind, chosen.value))
      took = performance.now() - since
      asking = false
      askedAt = at
      if (ended) return
      if (answer?.kind === kind) snapshot.value = answer as SnapshotOf<K>
    }
    if (store.phase === 'running' && past.shown === undefined) {
      const every = store.status?.slow?.since === undefined ? everyMs : everySlowMs
      timer = setTimeout(() => void ask(), Math.max(every - took, took * restFactor))
    } else if (instant() !== at) {
      await ask()
    }
  }

  // While it does not run the clock moves by steps only, and a step is shown at once.
  watch(
    [
      visibility,
      chosen,
      () => store.phase,
      () => store.run,
      () => past.shown,
      () => store.phase !== 'running' && instant(),
    ],
    () => void ask(),
    { immediate: true },
  )
  onScopeDispose(() => {
    ended = true
    clearTimeout(timer)
  })
  return snapshot
}
