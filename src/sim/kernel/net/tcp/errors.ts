/** What listen and connect return instead of a descriptor: the negative errno of Linux. */
export const TcpError = {
  addressInUse: -98,
  addressNotAvailable: -99,
  timedOut: -110,
  refused: -111,
} as const
