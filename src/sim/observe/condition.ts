/** A condition on a counter: `processes.blocked > 64`. */

export type Comparison = '>' | '>=' | '<' | '<=' | '='
export interface Condition {
  readonly counter: string
  readonly comparison: Comparison
  readonly value: number
}

/** Undefined when the words are none. */
export function conditionIn(words: string): Condition | undefined {
  const match = /^\s*([^\s<>=]+)\s*(>=|<=|>|<|==?)\s*(-?\d+(?:\.\d+)?(?:e\d+)?)\s*$/i.exec(words)
  const [, counter, comparison, value] = match ?? []
  if (counter === undefined || comparison === undefined || value === undefined) return undefined
  return {
    counter,
    comparison: comparison === '==' ? '=' : (comparison as Comparison),
    value: Number(value),
  }
}

export const conditionWords = ({ counter, comparison, value }: Condition): string =>
  `${counter} ${comparison} ${value}`

/** Whether a counter's value meets a condition. */
export function holds(condition: Condition, value: number): boolean {
  switch (condition.comparison) {
    case '>':
      return value > condition.value
    case '>=':
      return value >= condition.value
    case '<':
      return value < condition.value
    case '<=':
      return value <= condition.value
    case '=':
      return value === condition.value
  }
}
