import type { Command } from '../../../stores/commands'
import { useLiveStore } from '../../../stores/live'
import { useScreenStore } from '../../../stores/screen'

export function saveCommands(): Command[] {
  const live = useLiveStore()
  const screen = useScreenStore()
  const ready = live.run !== undefined
  return [
    {
      id: 'save.menu',
      title: 'Save…',
      words: 'export download write file',
      group: 'Save',
      key: 'Mod+S',
      enabled: ready,
      run: () => screen.toggleOverlay('save'),
    },
    ...saveTexts.map(({ kind, title, detail }): Command => ({
      id: `save.${kind}`,
      title: `Save ${title}`,
      words: 'export download write file',
      group: 'Save',
      detail,
      enabled: ready,
      run: () => void live.save(kind),
    })),
  ]
}

/** What can be saved, in the words of the menu. */
export const saveTexts = [
  { kind: 'vmstat', title: 'vmstat text', detail: 'as procps 2.0 printed it · .txt' },
  { kind: 'csv', title: 'every counter as CSV', detail: 'with units · .csv' },
  { kind: 'json', title: 'the run as JSON', detail: 'means, rounds, profile, actions · .json' },
  { kind: 'pprof', title: 'profile for pprof', detail: 'go tool pprof, speedscope · .pb.gz' },
  { kind: 'collapsed', title: 'profile as collapsed stacks', detail: 'flame graphs · .txt' },
  {
    kind: 'scenario',
    title: 'scenario file',
    detail: 'timeline of actions, to open again · .json',
  },
] as const
