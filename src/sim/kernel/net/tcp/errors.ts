/** What calls on sockets return instead of a descriptor or bytes: the negative errno of Linux. */
export const TcpError = {
  again: -11,
  addressInUse: -98,
  addressNotAvailable: -99,
  timedOut: -110,
  refused: -111,
} as const
