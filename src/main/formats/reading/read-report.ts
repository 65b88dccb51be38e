/** Reads what `run --json` writes. */
import { z } from 'zod'
import { success, type Result } from '../../../shared/result'
import { choose, wrongWith, type Comparable, type Quantity } from './comparable'
import { ProfileRows } from './profile-rows'

/** Largest number: sums and shares of such numbers stay finite. */
const numberMax = 2 ** 80

const number = z.number().min(-numberMax).max(numberMax)
const text = z.union([z.string(), number])
const names = { image: z.string(), procedure: z.string() }
const report = z.object({
  profile: z.array(z.object({ ...names, cycles: number })),
  sampled: z.array(z.object({ ...names, samples: number })).optional(),
  vmstat: z.record(z.string(), number),
  work: z.object({ rounds: z.array(z.object({ perHour: number })) }),
  scenario: z.string().optional(),
  version: z.string().optional(),
  digest: z.string().optional(),
  seed: number.optional(),
  simulatedSeconds: number.optional(),
  warmupSeconds: number.optional(),
  parameters: z.record(z.string(), text).optional(),
  actions: z.array(z.object({ at: number, action: z.string() })).optional(),
})
type Report = z.infer<typeof report>

/** @param asked `cycles`, or `samples` when the run had the sampler on */
export function readReport(
  path: string,
  value: unknown,
  asked: string | undefined,
  rows = new ProfileRows(),
): Result<Comparable> {
  const parsed = report.safeParse(value)
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') || 'an object'
    return wrongWith(path, `is not what run --json writes: ${at} is missing or wrong`)
  }
  return comparableOf(path, parsed.data, asked, rows)
}

function comparableOf(
  path: string,
  { profile, sampled, vmstat, work, ...rest }: Report,
  asked: string | undefined,
  added: ProfileRows,
): Result<Comparable> {
  const cycles: Quantity = { type: 'cycles', unit: 'count' }
  const samples: Quantity = { type: 'samples', unit: 'count' }
  const quantities = sampled ? [cycles, samples] : [cycles]
  const chosen = choose(quantities, 0, asked)
  if (!chosen.ok) return wrongWith(path, chosen.error.message)
  const counted =
    chosen.value === 0
      ? profile.map(({ cycles: value, ...row }) => ({ ...row, value }))
      : (sampled ?? []).map(({ samples: value, ...row }) => ({ ...row, value }))
  for (const { image, procedure, value } of counted) {
    added.spends(added.row(image, procedure), value)
  }
  const { simulatedSeconds: end, warmupSeconds: warmup = 0 } = rest
  return success({
    path,
    kind: 'a report',
    quantities,
    quantity: quantities[chosen.value],
    notes: [],
    rows: added.rows().map((row) => ({ ...row, withCallees: undefined })),
    total: added.sum(),
    seconds: end !== undefined && end - warmup > 0 ? end - warmup : undefined,
    vmstat: new Map(Object.entries(vmstat)),
    rounds: work.rounds.map((round) => round.perHour),
    origin: originOf(rest),
  })
}

function originOf(report: Omit<Report, 'profile' | 'vmstat' | 'work'>): Map<string, string> {
  const { scenario, version, seed, digest, simulatedSeconds, warmupSeconds, actions } = report
  const parameters = { ...report.parameters }
  const { machine, ...others } = parameters
  const said: readonly (readonly [string, string | number | undefined])[] = [
    ['scenario', scenario],
    ['version', version],
    ['machine', machine],
    ['seed', seed],
    ['length', simulatedSeconds === undefined ? undefined : `${simulatedSeconds} s`],
    ['warm-up', warmupSeconds === undefined ? undefined : `${warmupSeconds} s`],
    ['digest', digest],
    ...Object.entries(others),
    ['actions', actions?.map(({ at, action }) => `${at} s ${action}`).join(', ') || 'none'],
  ]
  return new Map(said.flatMap(([word, value]) => (value === undefined ? [] : [[word, `${value}`]])))
}
