/**
 * For programs that live for seconds: V8's last two compilers begin later than they would for a run
 * of hours, because what they do for one (half of a window's CPU time in its first ten seconds) is
 * never earned back here.
 */
export const shortLived = [
  '--invocation-count-for-turbofan=30000',
  '--invocation-count-for-maglev=2000',
]
