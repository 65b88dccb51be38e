/** Expected failures cross process borders as values: only an error's message survives a call. */
export type ErrorCode =
  | 'bad-argument'
  | 'unknown-scenario'
  | 'unknown-path'
  | 'out-of-range'
  | 'unknown-action'
  | 'unknown-counter'
  | 'no-run'
  | 'refused'
  | 'cannot-write'
  | 'port-in-use'
  | 'worker-died'
  | 'connection-lost'

export interface Failure {
  readonly code: ErrorCode
  /** One line: what was wrong, and what would be right. */
  readonly message: string
}
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure }

export const success = <T>(value: T): Result<T> => ({ ok: true, value })
export const failure = (code: ErrorCode, message: string): Result<never> => ({
  ok: false,
  error: { code, message },
})
