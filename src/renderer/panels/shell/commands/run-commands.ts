import { paces, type Pace } from '../../../../shared/frame'
import type { Command } from '../../../stores/commands'
import { useLiveStore } from '../../../stores/live'
import { useScreenStore } from '../../../stores/screen'

export const paceText = (pace: Pace): string =>
  pace === 'max' ? 'max' : pace === 0.25 ? '¼×' : `${pace}×`
const paceTitle = (pace: Pace): string =>
  pace === 'max' ? 'Run as fast as possible' : `Run at ${paceText(pace)} of real time`

/** A run is there and can go on. */
export function runGoes(): boolean {
  const { phase } = useLiveStore()
  return phase === 'running' || phase === 'paused'
}

/** What begins, ends and drives a run. */
export function runCommands(openScenario: () => void): Command[] {
  const live = useLiveStore()
  const screen = useScreenStore()
  const paused = live.phase === 'paused'
  return [
    {
      id: 'run.pause',
      title: paused ? 'Resume' : 'Pause',
      words: 'stop halt hold freeze start continue go on',
      group: 'Run',
      // While one looks back it plays what was.
      ...(live.at === undefined ? { key: 'Space' } : {}),
      enabled: runGoes(),
      run: () => void (paused ? live.resume() : live.pause()),
    },
    ...paces.map((pace, index): Command => ({
      id: `run.pace.${pace}`,
      title: paceTitle(pace),
      words: 'speed faster slower pace',
      group: 'Run',
      key: String(index + 1),
      enabled: runGoes(),
      on: live.currentPace === pace,
      run: () => void live.runAt(pace),
    })),
    {
      id: 'run.until',
      title: 'Run until a time or a condition…',
      words: 'stop at breakpoint wait condition',
      group: 'Run',
      key: 'U',
      enabled: runGoes(),
      run: () => screen.toggleOverlay('run-until'),
    },
    {
      id: 'run.cancel-until',
      title: 'Take back what the run goes on until',
      words: 'cancel forget breakpoint',
      group: 'Run',
      key: 'Shift+U',
      enabled: live.until !== undefined,
      run: () => void live.cancelUntil(),
    },
    {
      id: 'run.slow',
      title: live.isSlowed ? 'End slow motion' : 'Slow motion around the next connection',
      words: 'wake-up watch audience follow slowly thousandth',
      group: 'Run',
      key: 'O',
      detail:
        'A thousandth of real time until all that it woke sleep again, then the pace as before. ' +
        'The Kernel view draws it. Where nothing listens: around the next wake-up.',
      enabled: runGoes(),
      on: live.isSlowed,
      run: () => void live.slowMotion(!live.isSlowed),
    },
    {
      id: 'run.speed',
      title: 'Why this speed',
      words: 'slow fast performance behind pace events',
      group: 'Run',
      key: 'W',
      detail: 'What was asked, what is possible, and what the model spends its events on.',
      enabled: runGoes(),
      run: () => screen.toggleOverlay('speed'),
    },
    {
      id: 'run.new',
      title: 'New run…',
      words: 'scenario seed parameters start restart demo',
      group: 'Run',
      key: 'N',
      enabled: live.catalogue !== undefined,
      run: () => screen.toggleOverlay('new-run'),
    },
    {
      id: 'run.open',
      title: 'Open scenario…',
      words: 'load import file read',
      group: 'Run',
      key: 'Mod+O',
      detail: 'A file with scenario, seed, parameters and a timeline of actions.',
      enabled: live.catalogue !== undefined,
      run: () => openScenario(),
    },
    {
      id: 'run.again',
      title: 'Run this run again from its beginning',
      words: 'restart repeat replay reproduce over',
      group: 'Run',
      detail: 'Same scenario, parameters, seed and actions; the digest must come out the same.',
      enabled: live.run !== undefined && !live.recorded,
      run: () => void live.runAgain(),
    },
    {
      id: 'run.cancel-aside',
      title: 'Cancel what is being made again',
      words: 'continue branch stop abort call off',
      group: 'Run',
      key: 'Shift+Escape',
      enabled: live.aside !== undefined,
      run: () => void live.cancelAside(),
    },
    {
      id: 'run.reboot',
      title: 'Reboot the machine',
      words: 'restart reset power heal repair',
      group: 'Run',
      key: 'Shift+R',
      detail:
        'Memory is empty again, the disk as at first: the scripts begin with their first round.',
      enabled: runGoes(),
      run: () => void live.act({ kind: 'reboot' }),
    },
  ]
}

export function stepCommands(): Command[] {
  const live = useLiveStore()
  const steps = [
    ['event', 'E', 'Step one event'],
    ['tick', 'T', 'Step one timer tick (10 ms)'],
    ['sample', 'S', 'Step to the next sample'],
  ] as const
  return steps.map(([kind, key, title]) => ({
    id: `run.step.${kind}`,
    title,
    words: 'next advance single',
    group: 'Run',
    key,
    enabled: runGoes(),
    run: () => void live.pauseAndStep(kind),
  }))
}
