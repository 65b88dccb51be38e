/**
 * How much one page may ask for: beyond it calls are refused, so that no page can bury the host.
 */
import type { ApiCalls } from '../../shared/api'
import { failure, type Result } from '../../shared/result'
import { answerCall } from './host-api'
import { RateLimit } from './rate-limit'

/** What a page may ask in a second, steadily and at once. */
const callsPerSecond = 100
const callBurst = 300
/** Calls of a page that may wait for their answers at once. */
const underWayMax = 64

export class CallGate {
  private readonly limit = new RateLimit(callsPerSecond, callBurst)
  private underWay = 0

  constructor(
    private readonly api: ApiCalls,
    private readonly reportError: (error: unknown) => void,
  ) {}

  /** Answers a call as `answerCall` does, or refuses it. Never throws. */
  async answer(call: string, args: unknown): Promise<Result<unknown>> {
    if (!this.limit.take()) {
      return failure('refused', `a page may ask ${callsPerSecond} times a second`)
    }
    if (this.underWay >= underWayMax) {
      return failure('refused', `at most ${underWayMax} calls of a page can be under way at once`)
    }
    this.underWay++
    try {
      return await answerCall(this.api, call, args, this.reportError)
    } finally {
      this.underWay--
    }
  }
}
