/** What only a window has of the system it runs on. */
import type { RecordingsPlace } from '../recordings/host-recording'

/** Where folders are shown and chosen, and where they go when they are thrown away. */
export interface Desktop {
  reveal(folder: string): void
  trash(folder: string): Promise<void>
  /** Undefined when its dialog was called off. @param now what it shows first */
  chooseFolder(now: string | undefined): Promise<string | undefined>
  /** Where recordings are, and how many bytes of them, is so the next time as well. */
  remember(place: RecordingsPlace): void
}
