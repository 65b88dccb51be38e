import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowReactive } from 'vue'

/** In the order in which their keys are listed. */
export const commandGroups = [
  ...(['Run', 'View', 'Faults and fixes', 'Load', 'Demonstrations'] as const),
  ...(['Timeline', 'Replay', 'Counters', 'Save', 'Help'] as const),
] as const
export type CommandGroup = (typeof commandGroups)[number]

/** A value that the palette asks for before it does something. */
export interface Question {
  readonly label: string
  /** What would be right: `1–1,024 scripts`. */
  readonly hint: string
  readonly initial: string
  readonly choices?: readonly string[]
  /** Does it, or answers with one line that says what was wrong. */
  readonly answer: (text: string) => string | undefined
}

/** Something that can be done, from a key and from the palette. */
export interface Command {
  readonly id: string
  readonly title: string
  readonly group: CommandGroup
  /** Chord as in format/keys. */
  readonly key?: string
  /** A second line for the palette. */
  readonly detail?: string
  /** Other words by which people look for it. */
  readonly words?: string
  /** It ends the present run and begins another: nobody wants that by a slip. */
  readonly endsRun?: boolean
  /** Offered by the palette only when it is looked for: there are many of its kind. */
  readonly onlyFound?: boolean
  /** Left out means always. */
  readonly enabled?: boolean
  /** Whether it is on now, for what toggles. */
  readonly on?: boolean
  readonly run: () => void
  readonly ask?: Question
}

/** Everything that can be done, gathered from the parts of the screen that can do it. */
export const useCommandsStore = defineStore('commands', () => {
  const sources = shallowReactive(new Set<() => readonly Command[]>())
  const all = computed(() => [...sources].flatMap((source) => source()))
  const byKey = computed(() => {
    const chords = new Map<string, Command>()
    for (const command of all.value) if (command.key) chords.set(command.key, command)
    return chords
  })

  /** Runs the command of a chord. False when there is none, or it is not possible now. */
  function press(chord: string): boolean {
    const command = byKey.value.get(chord)
    if (!command || command.enabled === false) return false
    command.run()
    return true
  }

  function offer(source: () => readonly Command[]): () => void {
    sources.add(source)
    return () => sources.delete(source)
  }

  return { all, press, offer }
})

/**
 * Offers commands for as long as the component lives. `source` is re-read when what it reads
 * changes.
 */
export function useCommands(source: () => readonly Command[]): void {
  onScopeDispose(useCommandsStore().offer(source))
}
