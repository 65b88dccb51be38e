/** Published figures, run again. */
import type { Experiment } from './experiment'
import { acceptMicro } from './accept-micro'
import { fdMicro } from './fd-micro'
import { pollScale } from './poll-scale'
import { proxyThroughput } from './proxy-throughput'
import { schedYield } from './sched-yield'
import { sdetBforget } from './sdet-bforget'
import { sdetScripts } from './sdet-scripts'
import { selectCost } from './select-cost'
import { selectProfile } from './select-profile'
import { webHerd } from './web-herd'

export type { Experiment, ExperimentPart, ExperimentPoint, ExperimentResult } from './experiment'
export const experiments: readonly Experiment[] = [
  sdetBforget,
  sdetScripts,
  acceptMicro,
  webHerd,
  fdMicro,
  schedYield,
  pollScale,
  selectCost,
  selectProfile,
  proxyThroughput,
]
