import type { Disturbance } from '../../../shared/api'
import { paces, type Pace } from '../../../shared/frame'
import type { Parameter } from '../../../sim/parameters/parameters'
import { span } from '../../format/clock'
import { rangeText, readParameter } from '../../format/parameter'
import { useCommands, type Command } from '../../stores/commands'
import { chartWindows, useLiveStore } from '../../stores/live'
import { useScreenStore, views } from '../../stores/screen'
import { useOpenScenario } from '../dialogs/use-open-scenario'

export const paceText = (pace: Pace): string =>
  pace === 'max' ? 'max' : pace === 0.25 ? '¼×' : `${pace}×`
const paceTitle = (pace: Pace): string =>
  pace === 'max' ? 'Run as fast as possible' : `Run at ${paceText(pace)} of real time`

/** Disturbances with a key of their own: Shift with 1 to 9, in the order of the drawer. */
export const disturbanceKey = (index: number): string | undefined =>
  index < 9 ? `Shift+${index + 1}` : undefined

/** Everything that the frame of the screen can do. What a view adds it offers itself. */
export function useShellCommands(): void {
  const live = useLiveStore()
  const screen = useScreenStore()
  const openScenario = useOpenScenario()

  useCommands(() => [...runCommands(), ...stepCommands()])
  useCommands(() => live.disturbances.map(toggleCommand))
  useCommands(() => live.knobs.map(parameterCommand))
  useCommands(viewCommands)
  useCommands(saveCommands)

  /** A run is there and can go on. */
  const goes = (): boolean => live.phase === 'running' || live.phase === 'paused'

  function runCommands(): Command[] {
    const paused = live.phase === 'paused'
    return [
      {
        id: 'run.pause',
        title: paused ? 'Resume' : 'Pause',
        group: 'Run',
        key: 'Space',
        enabled: goes(),
        run: () => void (paused ? live.resume() : live.pause()),
      },
      ...paces.map((pace, index): Command => ({
        id: `run.pace.${pace}`,
        title: paceTitle(pace),
        group: 'Run',
        key: String(index + 1),
        enabled: goes(),
        on: live.currentPace === pace,
        run: () => void live.runAt(pace),
      })),
      {
        id: 'run.until',
        title: 'Run until a time or a condition…',
        group: 'Run',
        key: 'U',
        enabled: goes(),
        run: () => screen.toggleOverlay('run-until'),
      },
      {
        id: 'run.cancel-until',
        title: 'Take back what the run goes on until',
        group: 'Run',
        key: 'Shift+U',
        enabled: live.until !== undefined,
        run: () => void live.cancelUntil(),
      },
      {
        id: 'run.speed',
        title: 'Why this speed',
        group: 'Run',
        key: 'W',
        detail: 'What was asked, what is possible, and what the model spends its events on.',
        enabled: goes(),
        run: () => screen.toggleOverlay('speed'),
      },
      {
        id: 'run.new',
        title: 'New run…',
        group: 'Run',
        key: 'N',
        enabled: live.catalogue !== undefined,
        run: () => screen.toggleOverlay('new-run'),
      },
      {
        id: 'run.open',
        title: 'Open scenario…',
        group: 'Run',
        key: 'Mod+O',
        detail: 'A file with scenario, seed, parameters and a timeline of actions.',
        enabled: live.catalogue !== undefined,
        run: () => void openScenario(),
      },
      {
        id: 'run.again',
        title: 'Run this run again from its beginning',
        group: 'Run',
        detail: 'Same scenario, parameters, seed and actions; the digest must come out the same.',
        enabled: live.run !== undefined,
        run: () => void live.runAgain(),
      },
      {
        id: 'run.reboot',
        title: 'Reboot the machine',
        group: 'Run',
        key: 'Shift+R',
        detail:
          'Memory is empty again, the disk as at first: the scripts begin with their first round.',
        enabled: goes(),
        run: () => void live.act({ kind: 'reboot' }),
      },
      {
        id: 'faults.clear',
        title: 'Clear all faults',
        group: 'Faults and fixes',
        key: 'Shift+Backspace',
        enabled: goes() && Object.keys(live.faults).length > 0,
        run: () => void live.clearFaults(),
      },
    ]
  }

  function stepCommands(): Command[] {
    const steps = [
      ['event', 'E', 'Step one event'],
      ['tick', 'T', 'Step one timer tick (10 ms)'],
      ['sample', 'S', 'Step to the next sample'],
    ] as const
    return steps.map(([kind, key, title]) => ({
      id: `run.step.${kind}`,
      title,
      group: 'Run',
      key,
      enabled: goes(),
      run: () => void live.pauseAndStep(kind),
    }))
  }

  function toggleCommand(disturbance: Disturbance, index: number): Command {
    const { id, kind, title, does } = disturbance
    const on = kind === 'fault' ? (live.faults[id] ?? 0) > 0 : live.fixes.includes(id)
    const key = disturbanceKey(index)
    return {
      id: `${kind}.${id}`,
      title: `${kind === 'fault' ? 'Fault' : 'Fix'}: ${title}`,
      group: 'Faults and fixes',
      detail: does,
      ...(key && { key }),
      enabled: goes(),
      on,
      run: () =>
        void live.act(
          kind === 'fault' ? { kind, id, intensity: on ? 0 : 1 } : { kind, id, on: !on },
        ),
    }
  }

  function parameterCommand(parameter: Parameter): Command {
    const now = live.parameters[parameter.path] ?? parameter.default
    return {
      id: `set.${parameter.path}`,
      title: `Set ${parameter.path}…`,
      group: 'Load',
      detail: parameter.help,
      enabled: goes(),
      run: () => undefined,
      ask: {
        label: `${parameter.path}: ${parameter.help}`,
        hint: rangeText(parameter),
        initial: String(now),
        ...(parameter.type === 'choice' && { choices: parameter.choices }),
        answer: (text) => {
          const read = readParameter(parameter, text)
          if ('problem' in read) return read.problem
          void live.act({ kind: 'set', path: parameter.path, value: String(read.value) })
          return undefined
        },
      },
    }
  }

  function viewCommands(): Command[] {
    return [
      ...views.map((view): Command => ({
        id: `view.${view.id}`,
        title: `Show ${view.title}`,
        group: 'View',
        key: view.key,
        on: screen.view === view.id,
        run: () => (screen.view = view.id),
      })),
      {
        id: 'view.drawer',
        title: screen.drawerOpen ? 'Close the drawer of faults' : 'Open the drawer of faults',
        group: 'View',
        key: 'D',
        on: screen.drawerOpen,
        run: () => (screen.drawerOpen = !screen.drawerOpen),
      },
      {
        id: 'view.freeze',
        title: screen.frozen ? 'Let vmstat scroll' : 'Freeze vmstat',
        group: 'View',
        key: 'F',
        on: screen.frozen,
        run: () => (screen.frozen = !screen.frozen),
      },
      {
        id: 'view.theme',
        title: screen.theme === 'dark' ? 'Light theme' : 'Dark theme',
        group: 'View',
        key: 'Shift+D',
        run: screen.toggleTheme,
      },
      ...chartWindows.map((seconds): Command => ({
        id: `view.window.${seconds}`,
        title: `Charts show ${seconds === Infinity ? 'the whole run' : `the last ${span(seconds)}`}`,
        group: 'Timeline',
        on: live.chartWindow === seconds && !live.brush,
        run: () => {
          live.brush = undefined
          live.chartWindow = seconds
        },
      })),
      {
        id: 'timeline.wider',
        title: 'Charts show a longer time',
        group: 'Timeline',
        key: '-',
        run: () => live.widenWindow(1),
      },
      {
        id: 'timeline.narrower',
        title: 'Charts show a shorter time',
        group: 'Timeline',
        key: '+',
        run: () => live.widenWindow(-1),
      },
      {
        id: 'timeline.clear',
        title: 'Clear the brushed window',
        group: 'Timeline',
        key: 'X',
        enabled: live.brush !== undefined,
        run: () => (live.brush = undefined),
      },
      {
        id: 'timeline.counter',
        title: 'Choose the counter of the timeline…',
        group: 'Timeline',
        key: 'C',
        enabled: live.counters.length > 0,
        run: () => screen.toggleOverlay('counter'),
      },
      {
        id: 'help.palette',
        title: 'Find a command…',
        group: 'Help',
        key: 'Mod+K',
        run: () => screen.toggleOverlay('palette'),
      },
      {
        id: 'help.keys',
        title: 'Keys and what they do',
        group: 'Help',
        key: '?',
        run: () => screen.toggleOverlay('help'),
      },
    ]
  }

  function saveCommands(): Command[] {
    const ready = live.run !== undefined
    return [
      {
        id: 'save.menu',
        title: 'Save…',
        group: 'Save',
        key: 'Mod+S',
        enabled: ready,
        run: () => screen.toggleOverlay('save'),
      },
      ...saveTexts.map(({ kind, title, detail }): Command => ({
        id: `save.${kind}`,
        title: `Save ${title}`,
        group: 'Save',
        detail,
        enabled: ready,
        run: () => void live.save(kind),
      })),
    ]
  }
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
