/** The Api of a host as tests call it. One host is open at a time, and ends with its test. */
import { afterEach } from 'vitest'
import type { ApiCalls } from '../../shared/api'
import type { Result } from '../../shared/result'
import { RunSupervisor } from '../runs/supervisor'
import { syntheticCatalogue } from '../runs/synthetic-catalogue.test-support'
import type { Desktop } from './desktop'
import { hostApi } from './host-api'
import type { Saver } from './saving'

const none: Saver = () => Promise.reject(new Error('nothing is saved here'))

export interface TestedHost {
  /** @param folder of its recordings; undefined: it makes none */
  open(folder: string | undefined, more?: More): ApiCalls
  /** Of the host that was opened last. */
  readonly supervisor: RunSupervisor
}

interface More {
  readonly desktop?: Desktop | undefined
  readonly workerPath?: string
  /** Where files go that are saved; a test that names none saves none. */
  readonly save?: Saver
  readonly catalogue?: typeof syntheticCatalogue
}

/** @param workerPath the worker of its runs, unless a test names another one */
export function testedHost(workerPath: () => string): TestedHost {
  let supervisor: RunSupervisor | undefined
  afterEach(async () => {
    await supervisor?.close()
    supervisor = undefined
  })
  return {
    open(folder, { desktop, workerPath: other, save = none, catalogue = syntheticCatalogue } = {}) {
      supervisor = new RunSupervisor({
        workerPath: other ?? workerPath(),
        recordings: folder === undefined ? undefined : { folder, limitBytes: 1e9 },
      })
      return hostApi(supervisor, catalogue, save, Symbol('test'), desktop)
    },
    get supervisor() {
      if (!supervisor) throw new Error('no host is open')
      return supervisor
    },
  }
}

/** What a call came to. @throws where it failed */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
