import type { Command } from '../../../stores/commands'
import { useLiveStore } from '../../../stores/live'
import { useReplayStore } from '../../../stores/replay'
import { useScreenStore } from '../../../stores/screen'

/** What moves through the past of the run, or through a recording. */
export function replayCommands(): Command[] {
  const live = useLiveStore()
  const replay = useReplayStore()
  const screen = useScreenStore()
  const { isLookingBack } = replay
  const inPast = { group: 'Replay', enabled: isLookingBack } as const
  return [
    {
      id: 'replay.look-back',
      title: 'Look back from the crosshair',
      words: 'past scrub freeze replay history rewind',
      group: 'Replay',
      key: 'R',
      detail:
        'The screen stands at that instant; the run goes on. A click on the timeline does it too.',
      enabled: live.run !== undefined && live.newest() > 0,
      run: replay.lookBack,
    },
    {
      ...inPast,
      id: 'replay.back',
      title: live.recorded ? 'Close the recording: back to the run' : 'Back to now',
      words: 'live newest return',
      key: 'Backspace',
      run: replay.back,
    },
    {
      ...inPast,
      enabled: inPast.enabled && !live.recorded?.imported,
      id: 'replay.branch',
      title: 'Again from here, with this changed…',
      words: 'branch fork what if other way',
      key: 'Shift+N',
      detail: 'A run of its own: the same up to this instant, which is made again, then changed.',
      run: () => screen.toggleOverlay('branch'),
    },
    {
      ...inPast,
      id: 'replay.play',
      title: replay.playing ? 'Stand still' : 'Play',
      // Space pauses the run while the newest is shown.
      ...(isLookingBack ? { key: 'Space' } : {}),
      run: () => (replay.playing ? replay.stop() : replay.toggle(1)),
    },
    {
      ...inPast,
      id: 'replay.backwards',
      title: 'Play backwards',
      words: 'reverse rewind',
      key: 'Shift+Space',
      run: () => replay.toggle(-1),
    },
    {
      ...inPast,
      id: 'replay.slower',
      title: 'Play slower',
      key: ',',
      run: () => replay.faster(-1),
    },
    { ...inPast, id: 'replay.faster', title: 'Play faster', key: '.', run: () => replay.faster(1) },
    {
      ...inPast,
      id: 'replay.before',
      title: 'To the action, alarm or round before',
      words: 'jump previous mark',
      key: '[',
      run: () => replay.jump(-1),
    },
    {
      ...inPast,
      id: 'replay.after',
      title: 'To the action, alarm or round after',
      words: 'jump next mark',
      key: ']',
      run: () => replay.jump(1),
    },
    {
      ...inPast,
      id: 'replay.earlier',
      title: 'A second earlier',
      key: 'ArrowLeft',
      run: () => replay.step(-1),
    },
    {
      ...inPast,
      id: 'replay.later',
      title: 'A second later',
      key: 'ArrowRight',
      run: () => replay.step(1),
    },
    {
      ...inPast,
      id: 'replay.start',
      title: 'To the start',
      key: 'Home',
      run: () => replay.seek(0),
    },
    {
      ...inPast,
      id: 'replay.end',
      title: 'To the end',
      key: 'End',
      run: () => replay.seek(live.newest()),
    },
  ]
}
