/**
 * Young generation of a worker that runs the model, in MB: two semispaces of 16 MB and as much
 * again for large objects. V8 would let it grow to 192 MB, which is no faster and keeps more
 * memory: see bench/README.md.
 */
export const youngGenerationMb = 48
