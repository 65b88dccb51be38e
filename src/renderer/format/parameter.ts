import type { Parameter, ParameterValue } from '../../sim/parameters/parameters'
import { grouped } from './number'

/** The values a parameter takes, in words: `1–1,024 scripts`, `recycle or orphan`. */
export function rangeText(parameter: Parameter): string {
  if (parameter.type === 'choice') return parameter.choices.join(' or ')
  const [min, max] = [plain(parameter.min), plain(parameter.max)]
  const unit = parameter.unit === '1' || parameter.unit === '' ? '' : ` ${parameter.unit}`
  return `${min}–${max}${unit}`
}

/** Decimals only where there are any. */
const plain = (value: number): string =>
  Number.isInteger(value) ? grouped(value) : String(Number(value.toPrecision(6)))

/** What was typed as a value of the parameter, or one line that says what was wrong. */
export function readParameter(
  parameter: Parameter,
  text: string,
): { readonly value: ParameterValue } | { readonly problem: string } {
  const typed = text.trim()
  if (parameter.type === 'choice') {
    if (parameter.choices.includes(typed)) return { value: typed }
    return { problem: `${parameter.path} is ${rangeText(parameter)}, not "${typed}"` }
  }
  const value = typed === '' ? NaN : Number(typed.replaceAll(',', ''))
  const right =
    Number.isFinite(value) &&
    value >= parameter.min &&
    value <= parameter.max &&
    (!parameter.integer || Number.isInteger(value))
  if (right) return { value }
  const kind = parameter.integer ? 'a whole number, ' : ''
  return { problem: `${parameter.path} is ${kind}${rangeText(parameter)}, not "${typed}"` }
}
