import { span } from '../../../format/clock'
import type { Command } from '../../../stores/commands'
import { chartWindows, useLiveStore } from '../../../stores/live'
import { useScreenStore, views } from '../../../stores/screen'
import { themeChoices } from '../../../stores/theme'

/** What changes the screen and nothing in the run. */
export function screenCommands(): Command[] {
  const live = useLiveStore()
  const screen = useScreenStore()
  return [
    ...views.map((view): Command => ({
      id: `view.${view.id}`,
      title: `Show ${view.title}`,
      words: 'go to screen',
      group: 'View',
      key: view.key,
      on: screen.view === view.id,
      run: () => (screen.view = view.id),
    })),
    {
      id: 'view.library',
      title: 'Library of recordings…',
      words: 'recorded runs past open history keep rename delete trash notes again',
      group: 'View',
      key: 'Shift+L',
      enabled: live.loaded,
      run: () => screen.toggleOverlay('library'),
    },
    {
      id: 'view.drawer',
      title: screen.drawerOpen ? 'Close the drawer of faults' : 'Open the drawer of faults',
      words: 'sidebar panel load switches',
      group: 'View',
      key: 'D',
      on: screen.drawerOpen,
      run: () => (screen.drawerOpen = !screen.drawerOpen),
    },
    {
      id: 'view.present',
      title: screen.presenting ? 'End presenting' : 'Present: full screen, larger type',
      words: 'presenter audience projector fullscreen demonstration show loop captions',
      group: 'View',
      key: 'Shift+P',
      detail: 'A demonstration says what it is about, and begins anew when it is over.',
      on: screen.presenting,
      run: () => (screen.presenting = !screen.presenting),
    },
    {
      id: 'view.freeze',
      title: screen.frozen ? 'Let vmstat scroll' : 'Freeze vmstat',
      words: 'stop stand scroll',
      group: 'View',
      key: 'F',
      on: screen.frozen,
      run: () => (screen.frozen = !screen.frozen),
    },
    {
      id: 'view.theme',
      title: `Change to the ${screen.theme === 'dark' ? 'light' : 'dark'} theme`,
      words: 'colours colors appearance',
      group: 'View',
      key: 'Shift+D',
      detail: 'From then on, whatever the system has.',
      run: screen.toggleTheme,
    },
    ...themeChoices.map(({ id, title }): Command => ({
      id: `view.theme.${id}`,
      title,
      words: 'colours colors appearance night day follow prefers',
      group: 'View',
      on: screen.themeChoice === id,
      run: () => (screen.themeChoice = id),
    })),
    ...chartWindows.map((seconds): Command => ({
      id: `view.window.${seconds}`,
      title: `Charts show ${seconds === Infinity ? 'the whole run' : `the last ${span(seconds)}`}`,
      words: 'zoom range span',
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
      words: 'zoom out',
      group: 'Timeline',
      key: '-',
      run: () => live.widenWindow(1),
    },
    {
      id: 'timeline.narrower',
      title: 'Charts show a shorter time',
      words: 'zoom in',
      group: 'Timeline',
      key: '+',
      run: () => live.widenWindow(-1),
    },
    {
      id: 'timeline.clear',
      title: 'Clear the brushed window',
      words: 'selection zoom reset',
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
      words: 'search',
      group: 'Help',
      key: 'Mod+K',
      run: () => screen.toggleOverlay('palette'),
    },
    {
      id: 'help.keys',
      title: 'Keys and what they do',
      words: 'shortcuts keyboard hotkeys help',
      group: 'Help',
      key: '?',
      run: () => screen.toggleOverlay('help'),
    },
  ]
}
