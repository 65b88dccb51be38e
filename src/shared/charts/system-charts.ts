/** Charts of what every machine has: processes, memory, blocks, interrupts, the disk. */
import { short, type CounterChart } from './chart-definition'
import { combined, gauge, less, plus, rate } from './chart-source'

export const runnableAndBlocked: CounterChart = {
  id: 'processes',
  title: 'Runnable and blocked',
  unit: 'processes',
  help:
    'Processes that run or could run (vmstat r), and those in uninterruptible sleep, mostly waiting ' +
    'for the disk (vmstat b): their number at each sample.',
  shape: 'lines',
  least: 8,
  series: [
    { id: 'blocked', name: 'blocked', colour: '--s5', value: gauge('processes.blocked') },
    { id: 'runnable', name: 'runnable', colour: '--s1', value: gauge('processes.runnable') },
  ],
  headline: (say) => `b ${say('blocked')}`,
}

/** Kilobytes to megabytes. */
const mb = 1 / 1024
const free = gauge('memory.free', mb)
const orphaned = gauge('memory.orphaned', mb)
const buffers = combined(gauge('memory.buffers', mb), orphaned, less)

export const memoryByUse: CounterChart = {
  id: 'memory',
  title: 'Memory by use',
  unit: 'MB',
  help:
    'Where the memory is, in MB of 1,024 kB. vmstat counts buffers and orphaned buffers together as ' +
    'buff; an orphaned buffer belongs to no block, and one that is held keeps its page for ever.',
  shape: 'stack',
  end: 'peak',
  series: [
    { id: 'kernel', name: 'kernel', colour: '--s8', value: gauge('memory.kernel', mb) },
    { id: 'processes', name: 'processes', colour: '--s2', value: gauge('memory.processes', mb) },
    { id: 'cached', name: 'page cache', colour: '--s3', value: gauge('memory.cached', mb) },
    { id: 'buffers', name: 'buffers', colour: '--s1', value: buffers },
    { id: 'orphaned', name: 'orphaned', colour: '--s5', value: orphaned },
    { id: 'free', name: 'free', colour: '--mode-idle', value: free },
  ],
  headline: (say) => `orphaned ${say('orphaned')}`,
  trends: [
    {
      words: 'memory is gone',
      target: 0,
      of: 'What is free or can be had again (buffers that are not orphaned, page cache)',
      unit: 'MB',
      value: combined(combined(free, buffers, plus), gauge('memory.cached', mb), plus),
    },
  ],
}

export const blockReadsAndWrites: CounterChart = {
  id: 'blocks',
  title: 'Block reads and writes',
  unit: 'kB/s',
  help: 'Blocks of 1 kB read from the disk (vmstat bi) and written to it (vmstat bo), per second.',
  shape: 'lines',
  least: 100,
  number: short,
  series: [
    { id: 'read', name: 'bi', colour: '--s5', value: rate('blocks.read') },
    { id: 'written', name: 'bo', colour: '--s1', value: rate('blocks.written') },
  ],
  headline: (say) => `bi ${say('read')}`,
}

export const interruptsAndSwitches: CounterChart = {
  id: 'interrupts',
  title: 'Interrupts and switches',
  unit: '/s',
  help: 'Interrupts of all devices and the timer (vmstat in) and context switches (vmstat cs), per second.',
  shape: 'lines',
  least: 100,
  number: short,
  series: [
    { id: 'switches', name: 'cs', colour: '--s3', value: rate('contextSwitches') },
    { id: 'interrupts', name: 'in', colour: '--s7', value: rate('interrupts') },
  ],
  headline: (say) => `cs ${say('switches')}`,
}

/** Nanoseconds in which the disk was busy, per second of time, in per cent. */
const busyPercent = 100 / 1e9

export const diskQueue: CounterChart = {
  id: 'disk',
  title: 'Disk',
  unit: '% busy · requests queued',
  help: 'Share of time in which the disk was busy, in per cent, and requests that wait in its queue.',
  shape: 'lines',
  least: 100,
  series: [
    { id: 'busy', name: 'busy %', colour: '--s6', value: rate('disk.busy', busyPercent) },
    { id: 'queued', name: 'queued', colour: '--s2', value: gauge('disk.queued') },
  ],
  headline: (say) => `${say('busy')} % · ${say('queued')} queued`,
}
