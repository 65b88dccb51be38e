import type { SaveKind } from '../../../../shared/api'
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
    ...saveGroups
      .flatMap(({ texts }) => texts)
      .map(({ kind, title, detail }): Command => ({
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

interface SaveText {
  readonly kind: SaveKind
  readonly title: string
  readonly detail: string
}
interface SaveGroup {
  readonly title: string
  readonly texts: readonly SaveText[]
}

/** What can be saved, in the words of the menu, in its groups. */
export const saveGroups: readonly SaveGroup[] = [
  {
    title: 'Report',
    texts: [
      { kind: 'report', title: 'report', detail: 'charts, tables, how to run it again · .html' },
      { kind: 'svg', title: 'charts as a picture', detail: 'of lines, any size · .svg' },
      { kind: 'png', title: 'charts as an image', detail: 'of points, 1,800 wide · .png' },
    ],
  },
  {
    title: 'Counters',
    texts: [
      { kind: 'vmstat', title: 'vmstat text', detail: 'as procps 2.0 printed it · .txt' },
      { kind: 'vmstat-ng', title: 'vmstat of today', detail: 'as procps-ng prints it · .txt' },
      { kind: 'csv', title: 'every counter as CSV', detail: 'with units · .csv' },
      { kind: 'parquet', title: 'every counter as Parquet', detail: 'DuckDB, pandas · .parquet' },
      { kind: 'arrow', title: 'every counter as Arrow', detail: 'pandas, Polars, R · .arrow' },
      { kind: 'openmetrics', title: 'OpenMetrics', detail: 'Prometheus, by promtool · .om.txt' },
    ],
  },
  {
    title: 'Profile and trace',
    texts: [
      { kind: 'pprof', title: 'profile for pprof', detail: 'go tool pprof · .pb.gz' },
      { kind: 'speedscope', title: 'profile for speedscope', detail: 'by CPU · .speedscope.json' },
      { kind: 'collapsed', title: 'profile as collapsed stacks', detail: 'flame graphs · .txt' },
      { kind: 'dcpiprof', title: 'profile as dcpiprof', detail: 'a table · .dcpiprof.txt' },
      { kind: 'trace', title: 'trace to open again', detail: 'the one taken last · .trace.gz' },
      { kind: 'chrome-trace', title: 'trace for Perfetto', detail: 'the one taken last · .json' },
    ],
  },
  {
    title: 'The run itself',
    texts: [
      { kind: 'json', title: 'the run as JSON', detail: 'means, rounds, profile · .json' },
      {
        kind: 'scenario',
        title: 'scenario file',
        detail: 'timeline of actions, to open again · .json',
      },
    ],
  },
]
