/** What every program of the bench prints: one line of JSON. */

/** CPU seconds that `work` takes, JIT and garbage collection included. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/**
 * @param rate million events per second. @param check a figure that every program must agree on.
 */
export function answer(rate: number, check: number): void {
  console.log(JSON.stringify({ rate, check }))
}
