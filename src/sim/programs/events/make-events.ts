/** What an event-driven program waits with, by the name that its parameter has for it. */
import type { Kernel } from '../../kernel/kernel'
import type { EventSource } from './event-source'
import { PollEvents } from './poll-events'
import { RtSignalEvents } from './rt-signal-events'
import { SelectEvents } from './select-events'

/** @throws Error for a name that nobody has */
export function makeEvents(kernel: Kernel, kind: string): EventSource {
  switch (kind) {
    case 'select':
      return new SelectEvents(kernel)
    case 'poll':
      return new PollEvents(kernel)
    case 'rt-signals':
      return new RtSignalEvents(kernel)
    default:
      throw new Error(`nothing waits with ${kind}`)
  }
}

/** What such a program looks at one socket with that also is among all: a file has one signal. */
export const acceptKind = (kind: string): string => (kind === 'rt-signals' ? 'poll' : kind)
