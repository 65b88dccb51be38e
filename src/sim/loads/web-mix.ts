/**
 * Which pages clients ask for. `specweb99` is the static part of SPECweb99: directories of 36
 * files, four classes of nine, chosen by class and by place in the class, directories after Zipf
 * (alpha 1). Source: SPEC's page of the workload of SPECweb96, which has the same classes, shares
 * and sizes; T. Brecht's userver, genspec99sesslogs.c, for the places in a class and for Zipf.
 */
import type { RandomStream } from '../engine/random'
import type { WebPage } from '../programs/web-pages'

export interface WebMix {
  readonly pages: readonly WebPage[]
  /** Number of the page that is asked for next. */
  choose(random: RandomStream): number
}

/** One page, always the same. */
export const fixedMix = (bytes: number): WebMix => ({
  pages: [{ folder: undefined, name: 'index.html', bytes }],
  choose: () => 0,
})

/** Share of each class, and size of its first file: files are 1 to 9 times as large. */
const classes = [
  { share: 0.35, bytes: 102.4 },
  { share: 0.5, bytes: 1024 },
  { share: 0.14, bytes: 10_240 },
  { share: 0.01, bytes: 102_400 },
] as const
/** Share of each file of a class. They come to 0.999; the last has the rest. */
const places = [0.039, 0.059, 0.088, 0.177, 0.353, 0.118, 0.071, 0.05, 0.044] as const
const perDirectory = classes.length * places.length

/** The first index whose sum of weights exceeds `at`; the last when rounding has left none. */
function indexAt(weights: readonly number[], at: number): number {
  let left = at
  for (let index = 0; index < weights.length - 1; index++) {
    left -= weights[index]
    if (left < 0) return index
  }
  return weights.length - 1
}

export function specweb99Mix(directories: number): WebMix {
  const pages = Array.from({ length: directories }, (_, directory) =>
    classes.flatMap(({ bytes }, ofClass) =>
      places.map((_share, place) => ({
        folder: `dir${String(directory).padStart(5, '0')}`,
        name: `class${ofClass}_${place}`,
        bytes: Math.floor(bytes * (place + 1)),
      })),
    ),
  ).flat()
  const zipf = Array.from({ length: directories }, (_, index) => 1 / (index + 1))
  const sum = zipf.reduce((total, weight) => total + weight, 0)
  const shares = classes.map(({ share }) => share)
  return {
    pages,
    choose: (random) => {
      const directory = indexAt(zipf, random.uniform() * sum)
      const ofClass = indexAt(shares, random.uniform())
      const place = indexAt(places, random.uniform())
      return directory * perDirectory + ofClass * places.length + place
    },
  }
}
