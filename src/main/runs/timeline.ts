/** What is still to be done in a run, each action at its simulated instant. */
import { instant, type SimTime, type TimedAction } from '../../sim/index'

export class Timeline {
  private next = 0

  /** @param actions in order of time; those of one instant are done in this order. */
  constructor(private readonly actions: readonly TimedAction[]) {}

  /** When the next action is to be done; undefined when there is none left. */
  get due(): SimTime | undefined {
    const action = this.actions[this.next]
    return action && instant(action.at * 1e9)
  }

  /** Takes the next action off. */
  take(): TimedAction | undefined {
    return this.actions[this.next++]
  }

  get toCome(): readonly TimedAction[] {
    return this.actions.slice(this.next)
  }
}
