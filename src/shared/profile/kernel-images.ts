import { linuxNames } from '../../sim/observe/call-tree'
import { digitalUnixNames } from '../../sim/kernel/digital-unix-names'

/** Images of kernels, as profiles name them. */
export const kernelImages: readonly string[] = [linuxNames.image, digitalUnixNames.image]
