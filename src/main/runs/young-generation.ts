import { setFlagsFromString } from 'node:v8'

/**
 * Young generation of a worker that runs the model, in MB: two semispaces of 16 MB and as much
 * again for large objects. V8 would let it grow to 192 MB, which is no faster and keeps more
 * memory: see bench/README.md.
 */
export const youngGenerationMb = 48

/**
 * The young generation of this thread grows no more. For a stream, whose garbage is gone at once:
 * V8 would let it grow to more than all the rest of an export, which is no faster.
 */
export const keepYoungGeneration = (): void => setFlagsFromString('--semi-space-growth-factor=1')
