import { shallowRef, watch, type ShallowRef } from 'vue'
import { useLiveStore } from '../../stores/live'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import type { ProfilePart } from './profile-part'
import { partOf } from './profile-part'
import { inOrderOfTime, stretchesOf } from './order-of-time'

/**
 * The profile of one stretch of the shown window after the other, asked for anew when the window
 * changes. Undefined while it is not wanted, and until it is there.
 */
export function useOrderOfTime(
  shown: () => ProfileSnapshot | undefined,
  part: () => ProfilePart,
  wanted: () => boolean,
): ShallowRef<ProfileSnapshot | undefined> {
  const store = useLiveStore()
  const stretches = shallowRef<readonly ProfileSnapshot[]>([])
  const result = shallowRef<ProfileSnapshot>()
  let asked = 0
  async function ask(profile: ProfileSnapshot): Promise<void> {
    const number = ++asked
    const { fromSeconds, toSeconds } = profile
    const found: ProfileSnapshot[] = []
    const every = store.status?.profileEvery ?? 1
    for (const [from, to] of stretchesOf(fromSeconds, toSeconds, every)) {
      const answer = await store.profile({ from, to })
      if (number !== asked || !answer) return
      found.push(answer)
    }
    stretches.value = found
  }
  watch([shown, wanted], ([profile, isWanted]) => {
    if (isWanted && profile) void ask(profile)
    else stretches.value = []
  })
  watch([stretches, part], () => {
    result.value = inOrderOfTime(stretches.value.map((stretch) => partOf(stretch, part())))
  })
  return result
}
