import type { Catalogue, Demonstration } from '../../shared/api'
import { checkStart } from './checks'
import { demonstrationFiles } from './demonstration-files'

/** @throws when a file is wrong: they are part of the program. */
export function demonstrationsOf(catalogue: Catalogue): readonly Demonstration[] {
  return [...demonstrationFiles()].map(([id, file]) => {
    const request = checkStart(catalogue, file)
    if (!request.ok) throw new Error(`${id}: ${request.error.message}`)
    const { title, about, forSeconds } = file
    return { id, title, about, request: request.value, forSeconds }
  })
}
