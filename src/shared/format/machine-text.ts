/** A machine's processors in words: `1 CPU`, `4 CPUs`. */
export const cpusInWords = (cpus: number): string => (cpus === 1 ? '1 CPU' : `${cpus} CPUs`)
