/** The only door to the model. */
export * from './units/time'
export * from './observe/counters'
export * from './observe/profile'
export * from './observe/structures'
export * from './scenarios/parameters'
export * from './actions/action'
export type * from './server'
export { createServer } from './simulated-server'
