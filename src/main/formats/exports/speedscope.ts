/**
 * speedscope's own JSON: one profile of all CPUs and one of each, switched with `n` and `p`. The
 * format has no unit for cycles, so weights are nanoseconds of CPU; the samples of the profiler,
 * where there are some, follow as a profile without a unit.
 * Format: https://www.speedscope.app/file-format-schema.json
 */
import type { ProfileSnapshot, ProfileStack } from '../../../sim/observe/profile'
import { cpusInWords } from '../../../shared/format/machine-text'
import { profileOf, type Exportable } from './exportable'
import { readableSpan } from './readable-span'

type Weigh = (stack: ProfileStack) => number

export async function* speedscopeText(source: Exportable): AsyncGenerator<string> {
  const profile = await profileOf(source)
  const { about } = source
  const span = readableSpan({ from: profile.fromSeconds, to: profile.toSeconds })
  const machine = `${cpusInWords(profile.cpus)} at ${profile.clockMHz} MHz`
  const { scenario, seed, digest } = about
  const known = [
    ...(scenario === '' ? [] : [scenario]),
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...[span, ...(digest === '' ? [] : [`digest ${digest}`])],
  ]
  const frames = profile.frames.map(({ procedure, image }) => ({ name: procedure, file: image }))
  const head = {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: `soakscope@${about.version}`,
    name: [...known, machine].join(', '),
    activeProfileIndex: 0,
    shared: { frames },
  }
  // All but the closing brace, so that the profiles can follow one by one.
  yield `${JSON.stringify(head).slice(0, -1)},"profiles":[`
  let first = true
  for (const view of viewsOf(profile)) {
    if (!first) yield ','
    first = false
    yield* sampledProfile(profile, view)
  }
  yield ']}\n'
}

interface View {
  readonly name: string
  readonly unit: 'nanoseconds' | 'none'
  readonly weigh: Weigh
}

function viewsOf({ clockMHz, cpus, stacks }: ProfileSnapshot): View[] {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
  const time = (cycles: number): number => (cycles * 1000) / clockMHz
  const views: View[] = [
    { name: 'all CPUs', unit: 'nanoseconds', weigh: ({ cycles }) => time(sum(cycles)) },
  ]
  for (let cpu = 0; cpus > 1 && cpu < cpus; cpu++) {
    const weigh: Weigh = ({ cycles }) => time(cycles[cpu] ?? 0)
    views.push({ name: `CPU ${cpu}`, unit: 'nanoseconds', weigh })
  }
  const sampled = stacks.some(({ samples }) => sum(samples) > 0)
  if (!sampled) return views
  return [
    ...views,
    { name: 'samples of the profiler', unit: 'none', weigh: ({ samples }) => sum(samples) },
  ]
}

function* sampledProfile({ stacks }: ProfileSnapshot, { name, unit, weigh }: View) {
  const shown = stacks.filter((stack) => weigh(stack) > 0)
  const endValue = shown.reduce((total, stack) => total + weigh(stack), 0)
  const head = { type: 'sampled', name, unit, startValue: 0, endValue }
  yield `${JSON.stringify(head).slice(0, -1)},"samples":[`
  for (const piece of listed(shown, ({ frames }) => `[${frames.join(',')}]`)) yield piece
  yield '],"weights":['
  for (const piece of listed(shown, (stack) => String(weigh(stack)))) yield piece
  yield ']}'
}

const stacksPerPiece = 1024

function* listed(
  stacks: readonly ProfileStack[],
  write: (stack: ProfileStack) => string,
): Generator<string> {
  for (let from = 0; from < stacks.length; from += stacksPerPiece) {
    const piece = stacks
      .slice(from, from + stacksPerPiece)
      .map(write)
      .join(',')
    yield from > 0 ? `,${piece}` : piece
  }
}
