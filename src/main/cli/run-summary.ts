/** What a run came to, in a few lines for people. */
import type { RunReport } from '../formats/run-report'
import { readable, table } from './table'

/** Rounds and procedures that are shown. */
const shown = 10

export function summary(report: RunReport): string {
  const { scenario, seed, simulatedSeconds, wallSeconds, events, digest, work, vmstat } = report
  const speed = simulatedSeconds / wallSeconds
  const head =
    `${scenario}, seed ${seed}${report.interrupted ? ', interrupted' : ''}: ` +
    `${readable(simulatedSeconds, 1)} s simulated in ` +
    `${readable(wallSeconds, 1)} s (${readable(speed)}× real time), ${readable(events)} events, digest ${digest}\n`
  const columns = Object.entries(vmstat)
  const means = table(
    columns.map(([title]) => ({ title, right: true })),
    [columns.map(([, value]) => readable(value))],
  )
  const rounds = work.rounds
    .slice(0, shown)
    .map((round) => readable(round.perHour))
    .join(' ')
  const more = work.roundsDone > shown ? ` … (${work.roundsDone} rounds)` : ''
  const profile = table(
    [{ title: '%', right: true }, { title: 'procedure' }, { title: 'image' }],
    report.profile
      .slice(0, shown)
      .map((row) => [readable(row.share * 100, 2), row.procedure, row.image]),
  )
  return [
    head,
    `\nmeans of vmstat\n${means}`,
    `\n${work.unit}: ${readable(work.completed)} completed, ${readable(work.failed)} failed\n`,
    rounds === '' ? '' : `rounds, ${work.unit} per hour: ${rounds}${more}\n`,
    `\nprofile\n${profile}`,
  ].join('')
}
