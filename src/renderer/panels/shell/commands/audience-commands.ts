import { useChaptersStore } from '../../../stores/chapters'
import type { Command } from '../../../stores/commands'
import { useLiveStore } from '../../../stores/live'
import { useScreenStore } from '../../../stores/screen'

/** What is shown to an audience, beside presenting itself. */
export function audienceCommands(): Command[] {
  const live = useLiveStore()
  const screen = useScreenStore()
  const chapters = useChaptersStore()
  const goes = live.phase === 'running' || live.phase === 'paused'
  const enabled = goes && !live.recorded && chapters.all.length > 0
  return [
    {
      id: 'chapters.list',
      title: 'Chapters…',
      words: 'captions jump demonstration audience contents',
      group: 'Demonstrations',
      key: 'Shift+C',
      detail: 'Each caption of the run; choosing one executes the run again up to there.',
      enabled,
      run: () => screen.toggleOverlay('chapters'),
    },
    {
      id: 'chapters.next',
      title: 'To the next chapter',
      words: 'caption jump forward audience presenter remote',
      group: 'Demonstrations',
      key: 'PageDown',
      enabled: enabled && chapters.next !== undefined,
      run: () => void chapters.goTo(chapters.next),
    },
    {
      id: 'chapters.before',
      title: 'To the chapter before',
      words: 'caption jump back audience presenter remote',
      group: 'Demonstrations',
      key: 'PageUp',
      enabled: enabled && chapters.before !== undefined,
      run: () => void chapters.goTo(chapters.before),
    },
    {
      id: 'demonstration.about',
      title: screen.aboutShown
        ? 'Hide what the demonstration is about'
        : 'Show what the demonstration is about',
      words: 'description read words explain audience',
      group: 'Demonstrations',
      key: 'Shift+I',
      detail: 'It stays in sight while it runs, with what is done next and when.',
      enabled,
      on: screen.aboutShown,
      run: () => (screen.aboutShown = !screen.aboutShown),
    },
  ]
}
