import { useDocumentVisibility } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import { useLiveStore } from '../../stores/live'

const everyMs = 1000

/** The profile by stack, fetched once a second while the run goes on and somebody looks. */
export function useProfile(): ShallowRef<ProfileSnapshot | undefined> {
  const store = useLiveStore()
  const visibility = useDocumentVisibility()
  const profile = shallowRef<ProfileSnapshot>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = false
  let ended = false

  async function ask(): Promise<void> {
    clearTimeout(timer)
    if (ended || asking || visibility.value === 'hidden') return
    if (store.phase !== 'running' && store.phase !== 'paused' && store.phase !== 'ended') return
    asking = true
    const answer = await store.profile()
    asking = false
    if (ended) return
    if (answer) profile.value = answer
    if (store.phase === 'running') timer = setTimeout(() => void ask(), everyMs)
  }

  watch(
    [visibility, () => store.phase, () => store.run, () => store.phase !== 'running' && store.tick],
    () => void ask(),
    { immediate: true },
  )
  onScopeDispose(() => {
    ended = true
    clearTimeout(timer)
  })
  return profile
}
