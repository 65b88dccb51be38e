/**
 * A strict reader of OpenMetrics 1.0 text, written from its specification: what it does not allow
 * is thrown.
 */
interface ReadFamily {
  type: string | undefined
  unit: string | undefined
  help: string | undefined
  readonly samples: ReadSample[]
}

interface ReadSample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
  readonly timestamp: number
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  info: ['_info'],
}

export function readOpenMetrics(text: string): Map<string, ReadFamily> {
  if (!text.endsWith('# EOF\n')) throw new Error('it does not end with # EOF')
  const families = new Map<string, ReadFamily>()
  let name = ''
  const family = (of: string): ReadFamily => {
    if (of !== name && families.has(of)) throw new Error(`family ${of} is in two places`)
    name = of
    const found = families.get(of)
    if (found) return found
    const made = { type: undefined, unit: undefined, help: undefined, samples: [] }
    families.set(of, made)
    return made
  }
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const meta = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line)
    if (meta) {
      const [, word = '', of = '', value = ''] = meta
      const found = family(of)
      if (found.samples.length > 0) throw new Error(`${word} of ${of} after its samples`)
      const key = word.toLowerCase() as 'type' | 'unit' | 'help'
      if (found[key] !== undefined) throw new Error(`${word} of ${of} twice`)
      found[key] = value
      if (key === 'unit' && !of.endsWith(`_${value}`)) throw new Error(`${of} is not in ${value}`)
      continue
    }
    if (line.startsWith('#') || line === '') throw new Error(`not a line of it: ${line}`)
    take(family(name), name, line)
  }
  return families
}

function take({ type = 'unknown', samples }: ReadFamily, family: string, line: string): void {
  const match = /^([a-zA-Z_:][\w:]*)\{(.*)\} (\S+) (\S+)$/.exec(line)
  if (!match) throw new Error(`not a sample: ${line}`)
  const [, name = '', labels = '', value = '', timestamp = ''] = match
  const allowed = (suffixes[type] ?? []).map((suffix) => family + suffix)
  if (!allowed.includes(name)) throw new Error(`${name} is no sample of ${type} ${family}`)
  const sample = {
    name,
    labels: readLabels(labels),
    value: Number(value),
    timestamp: Number(timestamp),
  }
  if (Number.isNaN(sample.value) && value !== 'NaN') throw new Error(`not a number: ${value}`)
  if (!Number.isFinite(sample.timestamp)) throw new Error(`not a time: ${timestamp}`)
  const before = samples.at(-1)
  const same = before && [...before.labels].join() === [...sample.labels].join()
  if (same && before.timestamp >= sample.timestamp) throw new Error(`time goes back: ${line}`)
  if (same && type === 'counter' && before.value > sample.value) {
    throw new Error(`a counter falls: ${line}`)
  }
  samples.push(sample)
}

function readLabels(words: string): Map<string, string> {
  const labels = new Map<string, string>()
  let rest = words
  while (rest !== '') {
    const match = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/.exec(rest)
    if (!match) throw new Error(`not labels: ${rest}`)
    const [all, name = '', value = ''] = match
    if (labels.has(name)) throw new Error(`label ${name} twice`)
    labels.set(
      name,
      value.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)),
    )
    rest = rest.slice(all.length)
  }
  return labels
}
