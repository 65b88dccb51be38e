/** Every format that is taken into the library as a recording, told by what is in the file. */
import { kindOfBytes, kindOfText } from '../reading/foreign'
import { csvImport } from './read-csv'
import { arrowImports } from './read-arrow'
import { openMetricsImport } from './read-openmetrics'
import { parquetImport } from './read-parquet'
import { profileImport } from './read-profile-file'
import { vmstatImport } from './read-vmstat'
import type { ImportFormat } from './imported-file'
import type { FileHead } from './source-file'

export const importFormats: readonly ImportFormat[] = [
  parquetImport,
  ...arrowImports,
  csvImport,
  openMetricsImport,
  vmstatImport,
  profileImport,
]

/** The format of a file that begins so, or in words what it is instead. */
export function importFormatOf(head: FileHead): ImportFormat | string {
  if (head.bytes.length === 0) return 'is empty'
  const found = importFormats.find((format) => format.tells(head))
  if (found) return found
  const foreign = head.text === '' ? kindOfBytes(head.bytes) : kindOfText(head.text)
  return foreign === undefined ? `is none of what can be opened: ${takes()}` : `is ${foreign}`
}

const takes = (): string =>
  `a recording's folder, a zip of one, or ${importFormats.map(({ title }) => title).join(', ')}`
