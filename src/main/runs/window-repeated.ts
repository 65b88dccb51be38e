/** The profile of exactly one window, of a run that is repeated up to the window's end. */
import { instant, type ProfileSnapshot, type Server, type SimTime } from '../../sim/index'
import { failure, success, type Result } from '../../shared/result'
import { WindowProfile } from './window-profile'

export class WindowRepeated {
  private readonly profile = new WindowProfile()
  /** Where the window begins, while that is still to come. */
  private from: SimTime | undefined

  /** @param fromSeconds where it begins; undefined when nobody asks for one */
  constructor(
    private readonly server: Server,
    private readonly fromSeconds: number | undefined,
  ) {
    if (fromSeconds !== undefined) this.from = instant(Math.round(fromSeconds * 1e9))
    this.stop(server.now)
  }

  /** Where the run has to stop next on its way to the window's end. */
  before(end: SimTime): SimTime {
    return this.from !== undefined && this.from < end ? this.from : end
  }

  /** The run has come to a stop, and everything of its instant is done. */
  stop(at: SimTime): void {
    if (this.from === undefined || at < this.from) return
    this.from = undefined
    this.profile.begin(this.server)
  }

  /** What was charged from its beginning up to now; the first answer stands. */
  take(): Result<ProfileSnapshot> {
    if (this.fromSeconds === undefined) return failure('refused', 'no window was asked for')
    this.profile.end(this.server)
    const { profile } = this.profile
    if (profile) return success(profile)
    return failure('refused', 'the run has not come to where the window begins; wait until it has')
  }
}
