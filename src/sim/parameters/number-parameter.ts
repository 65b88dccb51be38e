/** A parameter that is a number: whole and live unless said otherwise. */
import type { NumberParameter } from './parameters'

export const numberParameter = (
  path: string,
  help: string,
  unit: string,
  range: readonly [min: number, max: number, usual: number],
  source: string,
  options: { readonly integer?: boolean; readonly live?: boolean } = {},
): NumberParameter => ({
  type: 'number',
  path,
  help,
  unit,
  source,
  min: range[0],
  max: range[1],
  default: range[2],
  integer: options.integer ?? true,
  live: options.live ?? true,
})
