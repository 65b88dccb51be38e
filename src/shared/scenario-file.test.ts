import { describe, expect, it } from 'vitest'
import { scenarioTextMax } from './api'
import { parseScenarioFile, scenarioText, type ScenarioFile } from './scenario-file'

const usual = { soakscope: 'scenario', version: 1, scenario: 'web' }
const read = (changes: object): ReturnType<typeof parseScenarioFile> =>
  parseScenarioFile(JSON.stringify({ ...usual, ...changes }))
const faultIn = (words: string): string => {
  const parsed = parseScenarioFile(words)
  if (parsed.ok) throw new Error(`taken: ${words.slice(0, 80)}`)
  expect(parsed.error.code).toBe('bad-argument')
  expect(parsed.error.message).toMatch(/^[^\n\r]{1,300}$/)
  return parsed.error.message
}
const fault = (changes: object): string => faultIn(JSON.stringify({ ...usual, ...changes }))
const value = (parsed: ReturnType<typeof parseScenarioFile>): ScenarioFile => {
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

describe('a scenario file', () => {
  it('needs no more than a scenario', () => {
    expect(value(read({}))).toEqual({
      title: '',
      about: '',
      scenario: 'web',
      seed: 1,
      parameters: {},
      timeline: [],
      forSeconds: undefined,
    })
  })

  it('says times as durations or as seconds, and keeps the order of its actions', () => {
    const timeline = [
      { at: '2m', action: 'fix:wake-one=off' },
      { at: 60.5, action: 'fix:wake-one=on' },
      { at: 0, action: 'reboot' },
    ]
    expect(value(read({ timeline, for: '1.5h' }))).toMatchObject({
      timeline: [{ at: 120, action: 'fix:wake-one=off' }, { at: 60.5 }, { at: 0 }],
      forSeconds: 5400,
    })
    expect(value(parseScenarioFile(`\uFEFF${JSON.stringify(usual)}`)).scenario).toBe('web')
  })

  it('is read as it was written', () => {
    const file: ScenarioFile = {
      title: 'A "title"',
      about: 'What { "at": there } is.\nTo see.',
      scenario: 'sdet',
      seed: 4_294_967_295,
      parameters: { 'sdet.scripts': 64, 'kernel.bforget': 'orphan' },
      timeline: [
        { at: 12.345678901, action: 'fault:orphaned-buffers=0.25' },
        { at: 8_985_599.999999, action: 'set:sdet.scripts=32' },
      ],
      forSeconds: 83.000000001,
    }
    const words = scenarioText(file)
    expect(value(parseScenarioFile(words))).toEqual(file)
    expect(words).toContain(
      '    { "at": 12.345678901, "action": "fault:orphaned-buffers=0.25" },\n',
    )
    expect(value(parseScenarioFile(scenarioText(value(read({})))))).toEqual(value(read({})))
  })
})

describe('a scenario file that is wrong', () => {
  it('is refused with what was wrong and what would be right', () => {
    const notJson = 'a scenario file is JSON, and this one is not: '
    expect(faultIn('')).toBe(`${notJson}Unexpected end of JSON input`)
    expect(faultIn('{"soakscope": "scenario",\n"version": 1,\n}')).toBe(`${notJson}see its line 3`)
    expect(faultIn('{"a":\n\u0001}')).toMatch(/^a scenario file is JSON.* Unexpected token/)
    expect(faultIn('null')).toBe('a scenario file is an object, not null')
    expect(faultIn('[1]')).toBe('a scenario file is an object, not […]')
    expect(faultIn('{}')).toBe(
      'soakscope: a scenario file has "soakscope": "scenario", not nothing',
    )
    expect(fault({ version: 2 })).toBe('version is 1, the one that this Soakscope reads, not 2')
    expect(fault({ scenario: 7 })).toBe('scenario is text, not 7')
    expect(fault({ scenario: undefined })).toBe('scenario is text, not nothing')
    expect(fault({ scenario: 'a\nb' })).toBe('scenario is one line of text, not "a\\nb"')
    expect(fault({ seed: -1 })).toBe('seed is a whole number from 0 to 4294967295, not -1')
    expect(fault({ seed: '7' })).toContain('seed is a whole number')
    expect(fault({ parameters: [] })).toBe('parameters map paths to numbers or texts, not []')
    expect(fault({ parameters: { a: null } })).toBe(
      'parameters.a: a parameter is a number or a text, not null',
    )
    expect(fault({ timeline: {} })).toBe('timeline is a list of actions, not {…}')
    expect(fault({ for: 10, fore: 1 })).toBe('fore is not known here')
    expect(fault({ for: 'soon' })).toBe(
      'for is a time such as "90s" or "10m", or a number of seconds, at most 104 days, not "soon"',
    )
  })

  it('names the action that is wrong by its place', () => {
    const at = (given: unknown): string => fault({ timeline: [{ at: 1, action: 'reboot' }, given] })
    expect(at(7)).toBe('timeline[1]: an action is written as { "at": "60s", "action": "…" }, not 7')
    expect(at({ at: 1 })).toBe('timeline[1].action: action is text, not nothing')
    expect(at({ at: 1, action: 'x', to: 2 })).toBe('timeline[1]: to is not known here')
    for (const wrong of [-1, '-1s', '10', '', null, [], {}, true, 8_985_601, '105d']) {
      expect(at({ at: wrong, action: 'reboot' })).toMatch(/^timeline\[1\].at: at is a time/)
    }
  })

  it('takes neither too much text, nor too many actions, nor numbers that are none', () => {
    const many = Array.from({ length: 1001 }, () => ({ at: 1, action: 'reboot' }))
    expect(fault({ timeline: many })).toBe('timeline: a timeline has at most 1000 actions')
    expect(read({ timeline: many.slice(1) }).ok).toBe(true)
    expect(faultIn(' '.repeat(scenarioTextMax + 1))).toBe(
      'a scenario file has at most 131,072 characters',
    )
    expect(fault({ about: 'x'.repeat(1001) })).toContain('about has at most 1000 characters')
    const start = '{"soakscope":"scenario","version":1,"scenario":"web",'
    expect(faultIn(`${start}"for":1e999}`)).toContain('for is a time')
    expect(faultIn(`${start}"seed":1e999}`)).toContain('seed is a whole number')
    expect(faultIn(`${start}"parameters":{"a":1e999}}`)).toContain('a parameter is a number')
    expect(faultIn(`${start}"for":NaN}`)).toContain('is JSON')
  })

  it('may be nested as deep as it fits, or have names that no object should', () => {
    const deep = '['.repeat(60_000) + ']'.repeat(60_000)
    expect(faultIn(deep)).toBe('a scenario file is an object, not […]')
    const start = '{"soakscope":"scenario","version":1,"scenario":"web",'
    expect(faultIn(`${start}"seed":${deep}}`)).toContain('seed is a whole number')
    expect(faultIn(`${start}"timeline":[${deep}]}`)).toContain(
      'timeline[0]: an action is written as',
    )
    expect(faultIn(`${start}"timeline":[{"at":${deep},"action":"reboot"}]}`)).toContain('at is')
    expect(faultIn(`${start}"__proto__":{"seed":3}}`)).toContain('__proto__')
    expect(faultIn(`${start}"${'k'.repeat(100)}\\n":1}`)).toMatch(/^"kkk.*…/)
    expect(({} as { seed?: number }).seed).toBeUndefined()
  })

  it('has numbers that are none, which are quoted as they are written', () => {
    const start = '{"soakscope":"scenario","version":1,"scenario":"web",'
    expect(faultIn(`${start}"for":1e999}`)).toMatch(/^for is a time .*, not 1e999$/)
    expect(faultIn(`${start}"seed":18446744073709551616}`)).toBe(
      'seed is a whole number from 0 to 4294967295, not 18446744073709551616',
    )
    expect(faultIn(`${start}"parameters":{"a.b":-1e400}}`)).toBe(
      'parameters["a.b"]: a parameter is a number or a text, not -1e400',
    )
    expect(faultIn(`${start}"timeline":[{"at":5,"action":"reboot"},{"at":1e309}]}`)).toMatch(
      /^timeline\[1\].at: at is a time .*, not 1e309$/,
    )
    expect(fault({ for: 0 })).toBe('for is longer than 0 s, not 0')
    expect(fault({ for: '0s' })).toBe('for is longer than 0 s, not "0s"')
  })

  it('has no key twice, and none that objects have by themselves', () => {
    const start = '{"soakscope":"scenario","version":1,"scenario":"web",'
    expect(faultIn(`${start}"seed":1,\n"seed":2}`)).toBe(
      'seed is there twice, the second time in line 2',
    )
    expect(faultIn(`${start}"parameters":{"a.b":1,"a\\u002eb":1}}`)).toBe(
      'parameters["a.b"] is there twice, the second time in line 1',
    )
    expect(faultIn(`${start}"timeline":[{"at":1,"action":"reboot"},{"at":1,"at":2}]}`)).toBe(
      'timeline[1].at is there twice, the second time in line 1',
    )
    for (const key of ['__proto__', 'constructor', 'toString', '\\u005f_proto__']) {
      const name = key.replace('\\u005f', '_')
      expect(faultIn(`${start}"parameters":{"${key}":{"seed":1}}}`)).toBe(
        `parameters.${name} is no name that a file may use`,
      )
      expect(faultIn(`${start}"timeline":[[{"${key}":1}]]}`)).toBe(
        `timeline[0][0].${name} is no name that a file may use`,
      )
    }
    // The same key in two objects, as a value, or in a list is no fault.
    const fine = '"title":"seed","about":"seed","timeline":[{"at":1,"action":"reboot"},'
    expect(parseScenarioFile(`${start}${fine}{"at":1,"action":"reboot"}]}`).ok).toBe(true)
  })

  it('is not UTF-8', () => {
    const asUtf8 = Buffer.from('\uFEFF{"soakscope":"scenario"}', 'utf16le').toString()
    expect(faultIn(asUtf8)).toBe('a scenario file is UTF-8, and this one is not; is it UTF-16?')
    expect(faultIn('{\0"\0')).toContain('is it UTF-16?')
  })
})
