/**
 * For programs that live for seconds: V8's last compiler begins later than it would for a run of
 * hours, because what it does for one (half of a window's CPU time in its first ten seconds) is
 * never earned back here.
 */
export const shortLived = '--invocation-count-for-turbofan=30000'
