import type { ChartSpec, Instant } from '../../charts/chart-spec'
import { readBins, type RowSpans } from '../../charts/read-bins'
import { binRows } from '../../charts/time-bins'
import { axisNumber, grouped } from '../../format/number'
import { difference, gauge, rate, type ChartSource, type Values } from './chart-source'

export interface Line {
  readonly id: string
  readonly name: string
  readonly colour: string
  readonly value: Values
}

type Frame = Omit<ChartSpec, 'series' | 'read'>

export function chartOf(source: ChartSource, lines: readonly Line[], frame: Frame): ChartSpec {
  return {
    ...frame,
    series: lines,
    read: (range, points) => {
      const bins = binRows(source.history, range, points)
      const read = (spans: RowSpans) => lines.map((line) => line.value(spans))
      return readBins(source.history, bins, range, read, frame.shape === 'stack')
    },
  }
}

export const whole = (value: number): string => grouped(value)
/** Five digits at most, so that names keep their room. */
export const short = (value: number): string =>
  Math.abs(value) < 9999.5 ? grouped(value) : axisNumber(value)
export const at = ({ values }: Instant, index: number): number => values[index] ?? NaN

export function runnableAndBlocked(source: ChartSource): ChartSpec {
  const lines: Line[] = [
    { id: 'blocked', name: 'blocked', colour: '--s5', value: gauge(source, 'processes.blocked') },
    {
      id: 'runnable',
      name: 'runnable',
      colour: '--s1',
      value: gauge(source, 'processes.runnable'),
    },
  ]
  return chartOf(source, lines, {
    id: 'processes',
    title: 'Runnable and blocked',
    unit: 'processes',
    help:
      'Processes that run or could run (vmstat r), and those in uninterruptible sleep, mostly waiting ' +
      'for the disk (vmstat b): their number at each sample.',
    shape: 'lines',
    least: 8,
    number: whole,
    headline: (instant) => `b ${whole(at(instant, 0))}`,
  })
}

const mb = 1 / 1024

export function memoryByUse(source: ChartSource): ChartSpec {
  const orphaned = gauge(source, 'memory.orphaned', mb)
  const buffers = gauge(source, 'memory.buffers', mb)
  const lines: Line[] = [
    { id: 'kernel', name: 'kernel', colour: '--s8', value: gauge(source, 'memory.kernel', mb) },
    {
      id: 'processes',
      name: 'processes',
      colour: '--s2',
      value: gauge(source, 'memory.processes', mb),
    },
    { id: 'cached', name: 'page cache', colour: '--s3', value: gauge(source, 'memory.cached', mb) },
    {
      id: 'buffers',
      name: 'buffers',
      colour: '--s1',
      value: (spans) => difference(buffers(spans), orphaned(spans)),
    },
    { id: 'orphaned', name: 'orphaned', colour: '--s5', value: orphaned },
    { id: 'free', name: 'free', colour: '--mode-idle', value: gauge(source, 'memory.free', mb) },
  ]
  return chartOf(source, lines, {
    id: 'memory',
    title: 'Memory by use',
    unit: 'MB',
    help:
      'Where the memory is, in MB of 1,024 kB. vmstat counts buffers and orphaned buffers together as ' +
      'buff; an orphaned buffer belongs to no block and its page can never be freed.',
    shape: 'stack',
    end: 'peak',
    number: whole,
    headline: (instant) => `orphaned ${whole(at(instant, 4))}`,
  })
}

export function blockReadsAndWrites(source: ChartSource): ChartSpec {
  const lines: Line[] = [
    { id: 'read', name: 'bi', colour: '--s5', value: rate(source, 'blocks.read') },
    { id: 'written', name: 'bo', colour: '--s1', value: rate(source, 'blocks.written') },
  ]
  return chartOf(source, lines, {
    id: 'blocks',
    title: 'Block reads and writes',
    unit: 'kB/s',
    help: 'Blocks of 1 kB read from the disk (vmstat bi) and written to it (vmstat bo), per second.',
    shape: 'lines',
    least: 100,
    number: short,
    headline: (instant) => `bi ${short(at(instant, 0))}`,
  })
}

export function interruptsAndSwitches(source: ChartSource): ChartSpec {
  const lines: Line[] = [
    { id: 'switches', name: 'cs', colour: '--s3', value: rate(source, 'contextSwitches') },
    { id: 'interrupts', name: 'in', colour: '--s7', value: rate(source, 'interrupts') },
  ]
  return chartOf(source, lines, {
    id: 'interrupts',
    title: 'Interrupts and switches',
    unit: '/s',
    help: 'Interrupts of all devices and the timer (vmstat in) and context switches (vmstat cs), per second.',
    shape: 'lines',
    least: 100,
    number: short,
    headline: (instant) => `cs ${short(at(instant, 0))}`,
  })
}

/** Nanoseconds in which the disk was busy, per second of time, in per cent. */
const busyPercent = 100 / 1e9

export function diskQueue(source: ChartSource): ChartSpec {
  const busy = rate(source, 'disk.busy', busyPercent)
  const lines: Line[] = [
    { id: 'busy', name: 'busy %', colour: '--s6', value: busy },
    { id: 'queued', name: 'queued', colour: '--s2', value: gauge(source, 'disk.queued') },
  ]
  return chartOf(source, lines, {
    id: 'disk',
    title: 'Disk',
    unit: '% busy · requests queued',
    help: 'Share of time in which the disk was busy, in per cent, and requests that wait in its queue.',
    shape: 'lines',
    least: 100,
    number: whole,
    headline: (instant) => `${whole(at(instant, 0))} % · ${whole(at(instant, 1))} queued`,
  })
}
