/**
 * The profile of a proxy with 750 cold and 50 hot connections at 220 new ones a second (Banga &
 * Mogul 1998, table 1, of which the rows could not be read): select and its parts come first, and
 * ufalloc "also consumes significant CPU time".
 */
import type { ExperimentResult } from './experiment'
import { atLeast, atMost, experimentOf } from './experiment'
import type { ProxyMeasured } from './proxy-measure'
import { measureProxy } from './proxy-measure'

const conditions = { 'proxy.hot': 50, 'proxy.cold': 750, 'proxy.rate': 220 }
const warmUp = 12
const measured = 40
const family = ['soo_select', 'selscan', 'do_scan', 'undo_scan', 'select']
const firstRows = 10

function conclude([outcome]: readonly ProxyMeasured[]): ExperimentResult {
  const { profile } = outcome
  /** The kernel's rows, as whose procedure the text names them. */
  const kernel = profile.filter(({ image }) => image !== 'squid')
  const place = (procedure: string): number => {
    const found = profile.findIndex((row) => row.procedure === procedure)
    return found < 0 ? profile.length + 1 : found + 1
  }
  const where = (series: string) => ({ series, x: 750, xUnit: 'cold connections', unit: '1' })
  const largestOther = Math.max(
    ...kernel.filter(({ procedure }) => !family.includes(procedure)).map(({ share }) => share),
  )
  const points = [
    atLeast(
      { ...where('select and its parts, of the next procedure of the kernel'), unit: '×' },
      'predicted',
      1,
      outcome.kernelSelect / 100 / largestOther,
    ),
    atMost(where('place of soo_select among all procedures'), 'predicted', 3, place('soo_select')),
    atMost(where('place of ufalloc'), 'predicted', firstRows, place('ufalloc')),
    atLeast(
      { ...where('requests answered'), unit: 'requests/s' },
      'predicted',
      0.97 * conditions['proxy.rate'],
      outcome.requestsPerSecond,
    ),
  ]
  let sum = 0
  const notes = profile.map(({ image, procedure, share }) => {
    sum += share
    const percent = (part: number): string => `${(100 * part).toFixed(2)} %`.padStart(8)
    return `${percent(share)} ${percent(sum)}  ${procedure} ${image}`
  })
  return { passed: points.every((point) => point.ok), points, notes }
}

export const selectProfile = experimentOf({
  id: 'select-profile',
  title: 'Profile of a proxy: 750 cold and 50 hot connections, 220 requests/s',
  source: 'G. Banga, J. C. Mogul, USENIX 1998, "Problems in select() and ufalloc()", table 1',
  parts: [
    {
      name: '750 cold, 50 hot',
      weight: 3,
      run: (report) => {
        const outcome = measureProxy(conditions, warmUp, measured)
        report(`select ${outcome.kernelSelect.toFixed(1)} % of the CPU`)
        return outcome
      },
    },
  ],
  conclude,
})
