/** Published experiments that can be run again. */

export interface ExperimentPoint {
  readonly series: string
  readonly x: number
  readonly xUnit: string
  readonly published: number
  readonly simulated: number
  readonly unit: string
  readonly tolerance: number
  readonly kind: 'fitted' | 'predicted' | 'shape'
  readonly ok: boolean
}
export interface Experiment {
  readonly id: string
  readonly title: string
  readonly source: string
  run(report: (text: string) => void): {
    readonly passed: boolean
    readonly points: readonly ExperimentPoint[]
  }
}

export const experiments: readonly Experiment[] = []
