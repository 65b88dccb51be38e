/** A recorded run as a library has it. */
import type { OpenedAbout, RecordedRun } from '../../shared/api'

export const someRecordedRun: RecordedRun = {
  scenario: 'sdet',
  title: 'SDET',
  seed: 7,
  model: '1',
  seconds: 60,
  actions: 0,
  begun: '2026-11-27T21:59:00.000Z',
  state: 'ended',
  reason: '',
  origin: undefined,
  name: '',
  notes: '',
  kept: false,
  tags: [],
  part: undefined,
}

/** The same as a page that looks at it knows it. */
export const someOpened: OpenedAbout = {
  name: 'SDET',
  model: '1',
  hasOtherModel: false,
  state: 'ended',
  writer: undefined,
  seconds: 60,
  wholeAfter: 0,
  missing: [],
  origin: undefined,
  part: undefined,
}
