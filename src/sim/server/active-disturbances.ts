/** Faults and fixes that are on, what the kernel's switches stand at, and what is refused. */
import type { Action } from '../actions/action'
import type { Remark } from './watch'
import { disturbances } from '../actions/catalogue'
import { usable, whyUseless } from '../actions/disturbance'
import type { Settings } from '../parameters/settings'
import type { Scenario } from '../scenarios/scenario'
import { presentIn, refuseSetting } from '../scenarios/scenario'

export class ActiveDisturbances {
  readonly faults = new Map<string, number>()
  readonly fixes = new Set<string>()

  constructor(
    private readonly plan: Scenario,
    private readonly settings: Settings,
  ) {}

  setFault(id: string, intensity: number): void {
    if (intensity > 0) this.faults.set(id, intensity)
    else this.faults.delete(id)
  }

  setFix(id: string, on: boolean): void {
    if (on) this.fixes.add(id)
    else this.fixes.delete(id)
  }

  /** How strong a fault is, 0–1. */
  intensityOf(fault: string): number {
    return this.faults.get(fault) ?? 0
  }

  /** What a kernel switch stands at: a fix wins over a fault, a fault over the setting. */
  switchOf(path: string): string {
    let value = this.settings.text(path)
    for (const kind of ['fault', 'fix'] as const) {
      for (const { id, sets, kind: of } of disturbances) {
        const active = of === 'fault' ? this.faults.has(id) : this.fixes.has(id)
        if (of === kind && active && sets?.path === path) value = sets.value
      }
    }
    return value
  }

  /** The message for people when an action cannot be done in this run. */
  refuse(action: Exclude<Action, Remark>): string | undefined {
    switch (action.kind) {
      case 'reboot':
        return undefined
      case 'set': {
        const spec = this.settings.spec(action.path)
        if (spec && !spec.live) {
          return `${action.path} cannot be changed while the machine runs; start a new run with it`
        }
        return refuseSetting(this.plan, this.settings.all(), action.path, action.value)
      }
      default:
        return this.refuseUnknown(action)
    }
  }

  private refuseUnknown({ kind, id }: Extract<Action, { id: string }>): string | undefined {
    const present = presentIn(this.plan, this.settings).map((workload) => workload.id)
    const values = this.settings.all()
    const ofKind = disturbances.filter((one) => one.kind === kind)
    const known = usable(ofKind, present, values)
    const named = ofKind.find((one) => one.id === id)
    if (named && known.includes(named)) return undefined
    const useless = named && whyUseless(named, present, values)
    if (useless !== undefined) return useless
    const names = known.map((one) => one.id).join(', ') || 'none in this run'
    return `unknown ${kind} ${id}; there ${known.length > 1 ? 'are' : 'is'} ${names}`
  }
}
