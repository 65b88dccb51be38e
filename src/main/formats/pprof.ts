/**
 * A profile as pprof reads it (profile.proto, gzip): samples, cycles and time by stack, leaf first,
 * with the CPU as label; one mapping per image. The same run gives the same bytes, so no wall-clock
 * time is in it.
 */
import {
  Function as PprofFunction,
  Label,
  Line,
  Location,
  Mapping,
  Profile,
  Sample,
} from 'pprof-format'
import { StringTable, ValueType } from 'pprof-format'
import { gzipSync } from 'node:zlib'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import { cpusInWords } from '../../shared/format/machine-text'
import { kernelImages } from '../../shared/profile/kernel-images'
import { ofRun } from './exports/exportable'

/** What a profile is of; it goes into the file's comments. */
export interface ProfileOrigin {
  readonly version: string
  readonly scenario: string
  readonly seed: number | undefined
  readonly digest: string
  /** How far the run had come, when the profile is of a window of it. */
  readonly runSeconds?: number | undefined
  /** What else a reader has to know. */
  readonly remark?: string | undefined
}

/** Each image gets an address range of this size: readers tell locations apart by address. */
const imageSpan = 0x1000_0000

/** The gzipped file. */
export function encodePprof(profile: ProfileSnapshot, origin: ProfileOrigin): Uint8Array {
  return gzipSync(pprofOf(profile, origin).encode())
}

function pprofOf(profile: ProfileSnapshot, origin: ProfileOrigin): Profile {
  const strings = new StringTable()
  const text = (words: string): number => strings.dedup(words)
  const valueType = (type: string, unit: string): ValueType =>
    new ValueType({ type: text(type), unit: text(unit) })
  const named = new Set(profile.frames.map((frame) => frame.image))
  // pprof calls the profile by the file of its first mapping: the kernel, where it is one's.
  const kernel = kernelImages.filter((image) => named.delete(image))
  const images = [...kernel, ...named]
  const imageNumber = new Map(images.map((image, index) => [image, index + 1]))

  return new Profile({
    stringTable: strings,
    sampleType: [
      valueType('samples', 'count'),
      valueType('cycles', 'count'),
      valueType('time', 'nanoseconds'),
    ],
    defaultSampleType: text('cycles'),
    mapping: images.map(
      (image, index) =>
        new Mapping({
          id: index + 1,
          memoryStart: (index + 1) * imageSpan,
          memoryLimit: (index + 2) * imageSpan,
          filename: text(image),
          hasFunctions: true,
        }),
    ),
    function: profile.frames.map(
      ({ procedure, image }, index) =>
        new PprofFunction({
          id: index + 1,
          name: text(procedure),
          systemName: text(procedure),
          filename: text(image),
        }),
    ),
    location: profile.frames.map(({ image }, index) => {
      const mappingId = imageNumber.get(image) ?? 0
      return new Location({
        id: index + 1,
        mappingId,
        address: mappingId * imageSpan + index,
        line: [new Line({ functionId: index + 1 })],
      })
    }),
    sample: samplesOf(profile, text('cpu')),
    durationNanos: whole((profile.toSeconds - profile.fromSeconds) * 1e9),
    periodType: valueType('cycles', 'count'),
    // Without the sampler every cycle is counted: the period is one cycle.
    period: profile.meanPeriod > 0 ? Math.round(profile.meanPeriod) : 1,
    comment: [
      ...(origin.version === '' ? [] : [`soakscope ${origin.version}`]),
      ...ofRun(origin),
      `simulated ${profile.fromSeconds} s to ${profile.toSeconds} s${windowWords(origin)}`,
      `${cpusInWords(profile.cpus)} at ${profile.clockMHz} MHz`,
      ...(origin.remark === undefined ? [] : [origin.remark]),
    ].map(text),
  })
}

const windowWords = ({ runSeconds }: ProfileOrigin): string =>
  runSeconds === undefined ? '' : `, a window of a run of ${runSeconds} s`

function samplesOf(profile: ProfileSnapshot, cpuLabel: number): Sample[] {
  const samples: Sample[] = []
  for (const stack of profile.stacks) {
    const locationId = stack.frames.map((frame) => frame + 1).reverse()
    for (let cpu = 0; cpu < profile.cpus; cpu++) {
      const cycles = stack.cycles[cpu] ?? 0
      const taken = stack.samples[cpu] ?? 0
      if (cycles === 0 && taken === 0) continue
      samples.push(
        new Sample({
          locationId,
          value: [taken, whole(cycles), whole((cycles * 1000) / profile.clockMHz)],
          label: [new Label({ key: cpuLabel, num: cpu })],
        }),
      )
    }
  }
  return samples
}

/** Months of cycles on several CPUs pass 2^53, where only BigInt is encoded right. */
const whole = (value: number): number | bigint =>
  value > Number.MAX_SAFE_INTEGER ? BigInt(Math.round(value)) : Math.round(value)
