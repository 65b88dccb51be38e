export interface Throttle {
  /** Runs the work now, or at the end of the interval when it ran just before. */
  readonly call: () => void
  readonly cancel: () => void
}

/** Runs `work` at most once in `everyMs`, the last call included. */
export function createThrottle(everyMs: number, work: () => void): Throttle {
  let lastAt = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined

  function fire(): void {
    timer = undefined
    lastAt = performance.now()
    work()
  }

  return {
    call() {
      if (timer !== undefined) return
      const wait = lastAt + everyMs - performance.now()
      if (wait <= 0) fire()
      else timer = setTimeout(fire, wait)
    },
    cancel() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
