/**
 * The build of msgpackr that a strict content security policy allows; it has no types of its own.
 */
declare module 'msgpackr/index-no-eval' {
  export { Packr, Unpackr } from 'msgpackr'
}
