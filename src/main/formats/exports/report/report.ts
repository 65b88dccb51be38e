/**
 * One HTML file with everything that was seen of a run: what it was, charts as SVG, tables, and the
 * command that makes it again. It needs no network and runs nothing; the numbers are in it once
 * more as JSON, which `compare` reads.
 */
import { escapeXml, svgChart } from '../../../../shared/charts/svg-chart'
import type { ChartMachine } from '../../../../shared/charts/chart-source'
import { cpusInWords } from '../../../../shared/format/machine-text'
import { grouped } from '../../../../shared/format/number'
import { chartedOf, type Charted } from '../charted'
import { lightColour } from '../colours'
import { profiledOf, type Exportable, type Profiled } from '../exportable'
import { readableSpan, tidySeconds } from '../readable-span'
import { runCommand } from '../run-command'
import { figuresOf, reportObject, type Figures } from './figures'
import { reportStyle } from './style'
import { number, paragraph, section, table, words } from './tables'

const look = { width: 930, height: 230, colour: lightColour, font: 'Inter, system-ui, sans-serif' }

export async function* reportHtml(source: Exportable): AsyncGenerator<string> {
  const profiled = await profiledOf(source)
  const charted = await chartedOf(source, profiled.machine)
  const figures = figuresOf(source, profiled.profile, charted)
  const { about } = source
  const title = about.title + (about.seed === undefined ? '' : `, seed ${about.seed}`)
  yield `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="soakscope ${escapeXml(about.version)}">
<title>${escapeXml(title)}</title>\n<style>${reportStyle}</style>\n</head>\n<body>\n`
  yield `<h1>${escapeXml(title)}</h1>\n<p class="dim">${escapeXml(about.summary)}</p>\n`
  yield whatItIs(source, charted, profiled)
  yield '<section>\n<h2>Charts</h2>\n<div class="charts">\n'
  for (const chart of charted.charts) yield svgChart(chart, charted.range, source.marks, look)
  yield '</div>\n</section>\n'
  yield vmstatSection(figures, charted, source)
  yield roundsSection(source)
  yield profileSection(figures, profiled)
  yield actionsSection(source)
  yield section(
    'Parameters',
    paragraph('Those that are not the scenario’s defaults.'),
    table([words('parameter'), words('value')], pairs(about.changed), 'parameters') ||
      paragraph(`${about.noCommand ? 'None is known' : 'All of them are the defaults'}.`),
  )
  yield countersSection(figures)
  yield `<script type="application/json" id="soakscope-report">${embedded(source, figures)}</script>\n</body>\n</html>\n`
}

/** `</script>` in a name must not end the element. */
const embedded = (source: Exportable, figures: Figures): string =>
  JSON.stringify(reportObject(source, figures)).replaceAll('<', '\\u003c')

const pairs = (values: Readonly<Record<string, number | string>>): string[][] =>
  Object.entries(values).map(([path, value]) => [path, String(value)])

function whatItIs(source: Exportable, { rows }: Charted, { machine, profile }: Profiled): string {
  const { about, window } = source
  const span = profile && { from: profile.fromSeconds, to: profile.toSeconds }
  const facts = [
    ...known('scenario', about.scenario),
    ...known('machine', about.hasMachine === false ? '' : machineWords(machine)),
    ...known('seed', String(about.seed ?? '')),
    ['simulated', `${tidySeconds(about.runSeconds)} s`],
    ...(window ? [['window', readableSpan(window)]] : []),
    ['samples', grouped(rows)],
    ['profile', span ? readableSpan(span) : 'none is kept'],
    ...known('digest', about.digest),
    ...known('Soakscope', about.version),
    ...(about.remark === undefined ? [] : [['remark', about.remark]]),
  ]
  return section(
    'The run',
    table([words('what'), words('value')], facts, 'facts'),
    ...(about.noCommand === undefined
      ? [
          paragraph('The same run again, to the same digest:'),
          `<pre>${escapeXml(runCommand(source, '.report.html'))}</pre>\n`,
        ]
      : [paragraph(`It cannot be made again: ${about.noCommand}.`)]),
  )
}

/** A row where there is something to say. */
const known = (what: string, value: string): string[][] => (value === '' ? [] : [[what, value]])
const machineWords = ({ cpus, clockMHz }: ChartMachine): string =>
  `${cpusInWords(cpus)} at ${clockMHz} MHz`

function vmstatSection(
  { vmstat, whyNoVmstat }: Figures,
  { firstTime, lastTime }: Charted,
  source: Exportable,
) {
  const from = source.window ? firstTime : 0
  const columns = vmstat.map(([column]) => number(column))
  const means = vmstat.map(([, value]) => grouped(value, value < 9.95 ? 1 : 0))
  return section(
    'vmstat',
    columns.length === 0 ? '' : table(columns, [means], 'vmstat'),
    columns.length === 0
      ? paragraph(`There are no means: ${whyNoVmstat}.`)
      : paragraph(`Means from ${tidySeconds(from)} s to ${tidySeconds(lastTime)} s.`),
  )
}

function roundsSection({ rounds, window }: Exportable): string {
  const shown = rounds.filter(
    ({ startSeconds, seconds }) =>
      !window || (startSeconds <= window.to && startSeconds + seconds >= window.from),
  )
  const rows = shown.map(({ number: round, startSeconds, seconds, perHour }) => [
    String(round),
    grouped(startSeconds, 1),
    grouped(seconds, 1),
    grouped(perHour),
  ])
  const columns = [number('round'), number('start [s]'), number('length [s]'), number('per hour')]
  return section('Rounds', table(columns, rows, 'rounds'))
}

function profileSection(
  { procedures, cycles, samples }: Figures,
  { profile, whyNone }: Profiled,
): string {
  if (!profile)
    return section(
      'Profile',
      paragraph(`There is none: ${whyNone.replace(/^there is no profile: /, '')}.`),
    )
  const sampled = samples > 0
  let upTo = 0
  const rows = procedures.map((row) => {
    upTo += row.cycles
    const own = [grouped(row.cycles), share(row.cycles / cycles), share(upTo / cycles)]
    const seen = sampled ? [grouped(row.samples), share(row.samples / samples)] : []
    return [...own, ...seen, row.procedure, row.image]
  })
  const columns = [
    ...[number('cycles'), number('%'), number('cum %')],
    ...(sampled ? [number('samples'), number('% of samples')] : []),
    ...[words('procedure'), words('image')],
  ]
  const total = `${grouped(cycles)} cycles in all, each charged once, idle included`
  const seen = sampled
    ? `; the sampler took ${grouped(samples)} samples.`
    : '; the sampler was off.'
  return section('Profile', paragraph(total + seen), table(columns, rows, 'profile'))
}

function actionsSection({ about }: Exportable): string {
  const rows = about.actions.map(({ at, action }) => [String(tidySeconds(at)), action])
  return section(
    'What was done',
    table([number('at [s]'), words('action')], rows, 'actions') || paragraph('Nothing.'),
  )
}

function countersSection({ counters }: Figures): string {
  const rows = counters
    .filter(({ max, min }) => max !== 0 || min !== 0)
    .map(({ id, unit, mean, min, max, last, help }) => [
      id,
      unit,
      ...[mean, min, max, last].map((value) => figure(value)),
      help,
    ])
  const columns = [
    ...[words('counter'), words('unit')],
    ...[number('mean'), number('min'), number('max'), number('last')],
    words('what it is'),
  ]
  return section(
    'Counters',
    paragraph('Over all samples; those that are always 0 are left out.'),
    table(columns, rows, 'counters'),
  )
}

const share = (value: number): string => `${(value * 100).toFixed(2)}`
const figure = (value: number): string => grouped(value, Number.isInteger(value) ? 0 : 2)
