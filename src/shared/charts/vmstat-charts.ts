/** Charts of a vmstat log: what was printed, column by column, as levels. */
import { printedCounter } from '../../sim/observe/printed-vmstat'
import { percentage, short, type CounterChart, type SeriesDefinition } from './chart-definition'
import { gauge } from './chart-source'

const series = (column: string, colour: string, scale = 1): SeriesDefinition => ({
  id: column,
  name: column,
  colour,
  value: gauge(printedCounter(column), scale),
})

/** Kilobytes to megabytes. */
const mb = 1 / 1024
const printed = 'As the log has it, rounded; the first row is the mean since boot.'

const charts: readonly CounterChart[] = [
  {
    id: 'vmstat-cpu',
    title: 'CPU',
    unit: '% of all CPUs',
    help: `Share of time in programs (us), in the kernel (sy), waiting for the disk (wa), idle (id). ${printed}`,
    shape: 'stack',
    end: 100,
    number: percentage,
    series: [
      series('us', '--mode-user'),
      series('sy', '--mode-system'),
      series('gu', '--s7'),
      series('st', '--mode-spin'),
      series('wa', '--mode-wait'),
      series('id', '--mode-idle'),
    ],
    headline: (say) => `us ${say('us')} · sy ${say('sy')}`,
  },
  {
    id: 'vmstat-processes',
    title: 'Runnable and blocked',
    unit: 'processes',
    help: `Processes that run or could run (r), that wait in the kernel (b), and that are swapped out (w). ${printed}`,
    shape: 'lines',
    least: 8,
    series: [series('b', '--s5'), series('r', '--s1'), series('w', '--s6')],
    headline: (say) => `b ${say('b')}`,
  },
  {
    id: 'vmstat-memory',
    title: 'Memory',
    unit: 'MB',
    help: `Free memory and what is cached, in MB of 1,024 kB. ${printed}`,
    shape: 'stack',
    end: 'peak',
    series: [
      series('cache', '--s3', mb),
      series('buff', '--s1', mb),
      series('active', '--s2', mb),
      series('inact', '--s8', mb),
      series('free', '--mode-idle', mb),
    ],
    headline: (say) => `free ${say('free')}`,
  },
  {
    id: 'vmstat-blocks',
    title: 'Block reads and writes',
    unit: 'blocks/s',
    help: `Blocks read from disks (bi) and written to them (bo), per second. ${printed}`,
    shape: 'lines',
    least: 100,
    number: short,
    series: [series('bi', '--s5'), series('bo', '--s1')],
    headline: (say) => `bi ${say('bi')}`,
  },
  {
    id: 'vmstat-interrupts',
    title: 'Interrupts and switches',
    unit: '/s',
    help: `Interrupts (in) and context switches (cs), per second. ${printed}`,
    shape: 'lines',
    least: 100,
    number: short,
    series: [series('cs', '--s3'), series('in', '--s7')],
    headline: (say) => `cs ${say('cs')}`,
  },
  {
    id: 'vmstat-swap',
    title: 'Swap',
    unit: 'kB/s',
    help: `Read from swap (si) and written to it (so), per second. ${printed}`,
    shape: 'lines',
    least: 100,
    number: short,
    series: [series('si', '--s5'), series('so', '--s1')],
    headline: (say) => `si ${say('si')}`,
  },
]

/** @param has which columns the log has */
export const vmstatCharts = (has: (column: string) => boolean): CounterChart[] =>
  charts.flatMap((chart): CounterChart[] => {
    const own = chart.series.filter(({ id }) => has(id))
    return own.length > 0 ? [{ ...chart, series: own }] : []
  })
