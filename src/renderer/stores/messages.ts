import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export interface Message {
  readonly id: number
  /** `busy` stays until what it tells of is over. */
  readonly kind: 'error' | 'done' | 'news' | 'busy'
  /** One line. */
  readonly text: string
  /** How many times it was said since it came up. */
  readonly times: number
  /** How far it is, which changes all the time and is not read aloud. */
  readonly soFar?: string
  /** Calls off what it tells of, where that can be. */
  readonly cancel?: (() => void) | undefined
}

/** What is told of something that takes time. */
export interface Busy {
  isAt(soFar: string): void
  over(): void
}

/**
 * Milliseconds that a message stays; what failed stays longer than what went well, and what
 * somebody else did longest.
 */
const staysMs = { error: 12_000, done: 5_000, news: 20_000 }
/** Milliseconds after which something that takes time is told of. */
const busyAfterMs = 500
/** Messages shown at once; older ones leave first. */
const shown = 4

const unseen = (): boolean => typeof document !== 'undefined' && document.hidden

/**
 * What the screen has to tell: failures and outcomes, one line each. Saying the same again only
 * counts up.
 */
export const useMessagesStore = defineStore('messages', () => {
  const messages = shallowRef<readonly Message[]>([])
  const timers = new Map<number, ReturnType<typeof setTimeout>>()
  let nextId = 1

  function say(kind: Exclude<Message['kind'], 'busy'>, text: string): void {
    const known = messages.value.find((m) => m.kind === kind && m.text === text)
    if (known) {
      messages.value = messages.value.map((m) => (m === known ? { ...m, times: m.times + 1 } : m))
      leaveLater(known.id, kind)
      return
    }
    const id = nextId++
    show({ id, kind, text, times: 1 })
    leaveLater(id, kind)
  }

  function show(message: Message): void {
    const kept = [...messages.value, message]
    for (const old of kept.slice(0, -shown)) stopTimer(old.id)
    messages.value = kept.slice(-shown)
  }

  /** Tells of something that takes time until it is over, and offers to call it off. */
  function busy(text: string, cancel?: () => void): Busy {
    const id = nextId++
    const timer = setTimeout(() => show({ id, kind: 'busy', text, times: 1, cancel }), busyAfterMs)
    return {
      isAt(soFar) {
        messages.value = messages.value.map((m) => (m.id === id ? { ...m, soFar } : m))
      },
      over() {
        clearTimeout(timer)
        dismiss(id)
      },
    }
  }

  function dismiss(id: number): void {
    stopTimer(id)
    messages.value = messages.value.filter((m) => m.id !== id)
  }

  function leaveLater(id: number, kind: keyof typeof staysMs): void {
    stopTimer(id)
    const leave = (): void => {
      // What was said while nobody could see it is still to be seen.
      if (unseen()) timers.set(id, setTimeout(leave, staysMs[kind]))
      else dismiss(id)
    }
    timers.set(id, setTimeout(leave, staysMs[kind]))
  }

  function stopTimer(id: number): void {
    clearTimeout(timers.get(id))
    timers.delete(id)
  }

  return { messages, say, busy, dismiss }
})
