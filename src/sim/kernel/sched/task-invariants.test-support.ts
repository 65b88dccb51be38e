/**
 * What must hold of tasks, run queue, CPUs, the big kernel lock and their accounts between any two
 * instants.
 */
import type { Kernel } from '../kernel'
import type { Task } from './task'
import { Op, TaskState } from './task'

/** Cycles of interrupts and wake-ups that may come together at one instant. */
const maxInterruptCycles = 450 * 300

/** One sentence for everything that is wrong with tasks and CPUs; empty when nothing is. */
export function wrongWithTasks(kernel: Kernel): string[] {
  const wrong: string[] = []
  const { dispatcher, processes } = kernel
  const { scheduler, cpus, lock } = dispatcher

  const queue = scheduler.queue()
  const queued = new Set(queue)
  if (queued.size !== queue.length) wrong.push('a task is on the run queue twice')
  if (queue.length !== scheduler.runnable) {
    wrong.push(`${queue.length} tasks on the run queue, ${scheduler.runnable} runnable`)
  }
  const running = new Map<Task, number>()
  for (const cpu of cpus) {
    const task = cpu.current
    if (!task) continue
    if (running.has(task)) wrong.push(`task ${task.pid} runs on two CPUs`)
    running.set(task, cpu.id)
    if (task.processor !== cpu.id) wrong.push(`task ${task.pid} runs on CPU ${cpu.id} unknowingly`)
  }
  let enrolled = 0
  let blocked = 0
  const slots = new Set<number>()
  for (const task of processes.all) {
    const name = `task ${task.pid} (${task.command})`
    if (task.state === TaskState.uninterruptible) blocked++
    const ended = task.state === TaskState.zombie && !running.has(task)
    if (!ended) {
      enrolled++
      if (slots.has(task.slot)) wrong.push(`${name} shares its record`)
      slots.add(task.slot)
      if (scheduler.hasCpu(task) !== running.has(task)) wrong.push(`${name} is not where it runs`)
    }
    if (task.onRunQueue !== queued.has(task)) wrong.push(`${name} errs about the run queue`)
    const belongs = task.state === TaskState.running || running.has(task)
    if (belongs !== queued.has(task)) wrong.push(`${name} in state ${task.state} is misplaced`)
    const ticks = ended ? 0 : scheduler.counterOf(task)
    if (ticks < 0 || ticks > 40) wrong.push(`${name} has ${ticks} ticks`)
  }
  if (enrolled !== scheduler.enrolled) {
    wrong.push(`${enrolled} tasks live, ${scheduler.enrolled} enrolled`)
  }
  if (blocked !== dispatcher.blocked) wrong.push(`${blocked} tasks in D, not ${dispatcher.blocked}`)
  const waiting = queue.filter((task) => !running.has(task))
  // 2.2.1 leaves a CPU idle while others have more to do than they can: nobody tells it of a task
  // that was preempted, or woken where it could preempt. But a CPU that has gone idle has looked.
  const allIdle = cpus.every((cpu) => !cpu.current && !cpu.needResched)
  if (allIdle && waiting.length > 0) wrong.push(`all are idle while task ${waiting[0]?.pid} waits`)

  for (const cpu of cpus) {
    const task = cpu.current
    const holds = lock.holder === cpu
    if (cpu.spinning && (holds || lock.holder === undefined)) {
      wrong.push(`CPU ${cpu.id} spins for a lock that ${holds ? 'it holds' : 'nobody holds'}`)
    }
    if (!task) {
      if (holds) wrong.push(`idle CPU ${cpu.id} holds the kernel lock`)
      continue
    }
    const wants = cpu.spinning || task.op === Op.lock
    if (holds && task.lockDepth === 0 && task.op !== Op.unlock) {
      wrong.push(`CPU ${cpu.id} holds the kernel lock for nothing`)
    }
    if (!holds && !wants && task.lockDepth > 0) {
      wrong.push(`task ${task.pid} is in the kernel without the lock`)
    }
    if (task.user && task.lockDepth > 0)
      wrong.push(`task ${task.pid} took the lock out of the kernel`)
  }
  if (lock['waiters'].length !== cpus.filter((cpu) => cpu.spinning).length) {
    wrong.push(`${lock['waiters'].length} CPUs wait for the lock, others spin`)
  }
  return wrong
}

/**
 * Settles accounts, then: every CPU has been charged the time that has passed, and every cycle has
 * one mode.
 */
export function wrongWithAccounts({ base }: Pick<Kernel, 'base'>): string[] {
  const wrong: string[] = []
  const { dispatcher, tree, cache, missCycles } = base
  // A CPU is ahead while it works off an interrupt or a switch, at most with a whole cache to
  // refill.
  const maxAhead = maxInterruptCycles + cache.cacheLines * missCycles
  dispatcher.settle()
  const now = dispatcher.nowCycles
  let charged = 0
  for (const cpu of dispatcher.cpus) {
    const of = tree.charged[cpu.id]!
    charged += of
    if (of !== cpu.clock) wrong.push(`CPU ${cpu.id} was charged ${of}, its clock is ${cpu.clock}`)
    if (cpu.clock < now - 1) wrong.push(`CPU ${cpu.id} is ${now - cpu.clock} cycles behind`)
    if (cpu.clock > now + maxAhead) wrong.push(`CPU ${cpu.id} is ${cpu.clock - now} cycles ahead`)
  }
  const sum = (cycles: Float64Array): number => cycles.reduce((total, value) => total + value, 0)
  if (sum(tree.cyclesByMode) !== charged) wrong.push('the modes do not add up')
  if (sum(tree.selfCycles) !== charged) wrong.push('the procedures do not add up')
  return wrong
}
