/** Chrome traces told by how they begin. */

/** Characters of a text that are enough for that. */
export const chromeTraceHead = 8192

/** Whether a text begins like a Chrome trace that we wrote. */
export const isOurChromeTrace = (beginning: string): boolean =>
  /^\uFEFF?\{"displayTimeUnit":"ns","otherData":\{"tool":"soakscope /.test(beginning)

/** Whether a text begins like one, whoever wrote it. */
export const isChromeTrace = (beginning: string): boolean =>
  /^\s*(\{[^]{0,4096}?"traceEvents"\s*:|\[\s*\{[^{}]{0,1024}"ph"\s*:)/.test(beginning) ||
  isOurChromeTrace(beginning)

export const foreignChromeTrace =
  'a trace for Chrome of another program; only one that Soakscope saved has what it shows'
