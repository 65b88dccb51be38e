import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { encodeTrace } from '../../../shared/trace-file'
import { traceOf, type Exportable } from './exportable'

/** The trace as the Trace view opens it again. */
export async function* traceBytes(source: Exportable): AsyncGenerator<Uint8Array> {
  const { version, scenario, seed = 0 } = source.about
  const trace = await traceOf(source)
  yield await promisify(gzip)(encodeTrace({ origin: { version, scenario, seed }, trace }))
}
