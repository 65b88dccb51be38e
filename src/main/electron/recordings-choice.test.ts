import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { firstRun } from '../beginning'
import { someFolder } from '../recordings/recording.test-support'
import { syntheticCatalogue } from '../runs/synthetic-catalogue.test-support'
import { chosenRecordings, rememberRecordings } from './recordings-choice'

const begin = (profile: string, record?: string) =>
  firstRun(syntheticCatalogue, { scenario: 'synthetic', record }, chosenRecordings(profile))

it('is remembered, and what the command line says goes before it', () => {
  const profile = someFolder()
  const place = { folder: '/some/where', limitBytes: 1_234_567_891 }
  rememberRecordings(profile, place)
  expect(begin(profile)).toMatchObject({ ok: true, value: { recordings: place } })
  expect(begin(profile, '/else')).toMatchObject({ value: { recordings: { folder: '/else' } } })
})

it('is nothing where nothing was chosen, and where the file is not ours', () => {
  const profile = someFolder()
  expect(chosenRecordings(profile)).toEqual({})
  for (const text of [
    '',
    'null',
    '[]',
    '{"folder":"relative","limitBytes":5000000}',
    '{"folder":"/a","limitBytes":5}',
    '{"folder":"/a","limitBytes":"4GB"}',
    '{"folder":7,"limitBytes":5000000}',
  ]) {
    writeFileSync(join(profile, 'recordings.json'), text)
    expect(chosenRecordings(profile)).toEqual({})
  }
})
