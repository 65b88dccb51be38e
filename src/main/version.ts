import { version as packageVersion } from '../../package.json'

/** The version of Soakscope, and so of its model: it is part of what makes a run repeatable. */
export const version: string = packageVersion
