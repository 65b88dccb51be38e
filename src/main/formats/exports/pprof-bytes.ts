import { encodePprof } from '../pprof'
import { profileOf, type Exportable } from './exportable'

/** The profile for pprof, which says of which part of the run it is. */
export async function* pprofBytes(source: Exportable): AsyncGenerator<Uint8Array> {
  const { version, scenario, seed, digest, runSeconds, remark } = source.about
  yield encodePprof(await profileOf(source), {
    version,
    scenario,
    seed,
    digest,
    remark,
    runSeconds: source.window ? runSeconds : undefined,
  })
}
