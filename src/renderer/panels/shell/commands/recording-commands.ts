import { openedKinds, useBringingStore } from '../../../stores/bringing'
import { sizeText } from '../../../../shared/size-text'
import type { Command, Question } from '../../../stores/commands'
import { useLibraryStore } from '../../../stores/library'
import { useLiveStore } from '../../../stores/live'
import { usePastStore } from '../../../stores/past'
import { useScreenStore } from '../../../stores/screen'
import { readLimit } from '../../library/place-words'

/** What is done with recordings without looking through the library for them. */
export function recordingCommands(): Command[] {
  const live = useLiveStore()
  const screen = useScreenStore()
  const bringing = useBringingStore()
  const library = useLibraryStore()
  const past = usePastStore()
  return [
    {
      id: 'recording.open-folder',
      title: 'Open recording…',
      words: 'import folder library load file',
      group: 'Replay',
      key: 'Mod+Shift+O',
      detail: 'Its folder; it is taken into the library. It can be dropped on the window, too.',
      enabled: live.loaded,
      run: () => void bringing.openFolder(),
    },
    {
      id: 'recording.open-zip',
      title: 'Open a file of a run…',
      words: 'import archive zip library load csv parquet arrow openmetrics vmstat log samples',
      group: 'Replay',
      key: 'Mod+I',
      detail: `${openedKinds}. It is taken into the library. It can be dropped on the window, too.`,
      enabled: live.loaded,
      run: () => void bringing.openFile(),
    },
    ...(live.shell === 'electron' ? placeCommands() : []),
    {
      id: 'replay.kernel',
      title: past.isWanted ? 'Let the kernel of that moment go' : 'The kernel at this moment',
      words: 'structures past execute again re-execution snapshot',
      group: 'Replay',
      key: 'Shift+K',
      detail: 'The run is executed again up to here, beside what goes on, and stands still.',
      enabled: live.at !== undefined && !live.recorded?.imported,
      run() {
        screen.view = 'kernel'
        void (past.isWanted ? past.forget() : past.begin())
      },
    },
    {
      id: 'window.statistics',
      title: 'Statistics of the window',
      words: 'totals mean percentiles min max counters brush numbers',
      group: 'Timeline',
      key: 'I',
      detail: 'What every counter came to in the brushed window, or in what is in sight.',
      enabled: live.run !== undefined && live.newest() > 0,
      run: () => screen.toggleOverlay('statistics'),
    },
    {
      id: 'window.trim',
      title: 'The window as a recording of its own',
      words: 'trim cut export part range save',
      group: 'Timeline',
      key: 'Shift+T',
      detail:
        'It stands in the library, with the totals, the profile and the actions of its range.',
      enabled: live.brush !== undefined && library.shownName !== undefined,
      run: () => void library.trimWindow(),
    },
  ]
}

/** Where recordings are and how much room they have: a window alone changes it. */
function placeCommands(): Command[] {
  const library = useLibraryStore()
  const limit: Question = {
    label: 'All recordings together take at most',
    hint: '500 MB, 4 GB; the oldest go that nobody kept, named or wrote a note to',
    initial: library.library ? sizeText(library.library.limitBytes) : '',
    answer(text) {
      const read = readLimit(text)
      if (typeof read === 'string') return read
      void library.limit(read)
      return undefined
    },
  }
  const screen = useScreenStore()
  return [
    {
      id: 'recordings.folder',
      title: 'Choose the folder of recordings…',
      words: 'where place directory disk settings library',
      group: 'Replay',
      detail: 'Runs are recorded there from the next one on.',
      run: () => void library.chooseFolder(),
    },
    {
      id: 'recordings.limit',
      title: 'Limit the size of all recordings…',
      words: 'disk space room settings library megabytes gigabytes',
      group: 'Replay',
      run: () => screen.ask(limit),
      ask: limit,
    },
  ]
}
