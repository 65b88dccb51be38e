/** Memory of a machine that workloads can keep, and why several of them do not fit together. */
import type { Settings } from '../parameters/settings'
import type { Workload } from './workload'

export const megabyte = 1024 * 1024
/** The kernel itself and the caches' minima. */
const reservedBytes = 24 * megabyte

/** What is left for workloads. */
export const roomBytes = (settings: Settings): number =>
  settings.number('machine.memoryMB') * megabyte - reservedBytes

/** Why workloads that fit each alone do not fit together; undefined when they do. */
export function refuseMemory(
  workloads: readonly Workload[],
  settings: Settings,
): string | undefined {
  const kept = workloads.flatMap((workload) => workload.keeps?.(settings) ?? [])
  const sum = kept.reduce((bytes, each) => bytes + each.bytes, 0)
  const room = roomBytes(settings)
  if (kept.length < 2 || sum <= room) return undefined
  const inMB = (bytes: number): string => `${(bytes / megabyte).toFixed(1)} MB`
  const parts = kept.map(({ of, bytes }) => `${of} (${inMB(bytes)})`).join(' and ')
  return `${parts} keep ${inMB(sum)}, more than the ${inMB(room)} that machine.memoryMB = ${settings.number('machine.memoryMB')} leaves them`
}
