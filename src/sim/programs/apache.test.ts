import { describe, expect, it } from 'vitest'
import { wrongWith } from '../kernel/kernel-invariants.test-support'
import type { Segment } from '../kernel/net/segment'
import { Flag } from '../kernel/net/segment'
import { pass, smallMachine } from '../kernel/small-machine.test-support'
import type { Task } from '../kernel/sched/task'
import { RemoteHost, Way } from '../machine/remote-host'
import type { Serialize } from './apache'
import { Apache } from './apache'
import { responseBytes } from './apache-request'

const pageBytes = 2000

/**
 * Apache with so many httpds, all asleep, and a client on the same wire that does what the test
 * says.
 */
function apache(serialize: Serialize, processes: number) {
  const machine = smallMachine({ cpus: 2, memoryMB: 64 })
  const { kernel } = machine
  const { dispatcher } = kernel
  const { net } = kernel
  const { tcp } = net
  const sent: Segment[] = []
  const way = (): Way => new Way(machine.engine.stream('way'), 0)
  net.attach(new RemoteHost(way(), way(), (segment: Segment) => void sent.push(segment)))
  const server = new Apache(
    kernel,
    {
      home: 'httpd',
      bin: 'sbin',
      port: 80,
      backlog: () => 100,
      processes: () => processes,
      maxClients: () => processes,
      minSpare: () => 0,
      maxSpare: () => processes,
      serialize: () => serialize,
      pages: [{ folder: undefined, name: 'index.html', bytes: pageBytes }],
      requestCycles: () => 100_000,
    },
    () => undefined,
  )
  /** httpds that were asleep and were woken, in order. */
  const woken: Task[] = []
  const wake = dispatcher.wake.bind(dispatcher)
  dispatcher.wake = (task) => {
    const woke = wake(task)
    if (woke && !task.superuser) woken.push(task)
    return woke
  }
  const comes = (segment: Partial<Segment> & { readonly remotePort: number }): void => {
    tcp.receive(
      {
        remoteHost: 0,
        localPort: 80,
        flags: Flag.ack,
        sequence: 0,
        bytes: 0,
        acknowledged: 0,
        window: 32_120,
        ...segment,
      },
      dispatcher.cpus[0]!,
    )
    while (tcp.due > 0) tcp.callBack(dispatcher.cpus[0]!)
  }
  /** Connects and asks. */
  const ask = (remotePort: number): void => {
    comes({ remotePort, flags: Flag.syn })
    comes({ remotePort, bytes: 300 })
    pass(machine, 0.1)
  }
  /** Acknowledges everything and closes. */
  const end = (remotePort: number): void => {
    const all = responseBytes(pageBytes)
    comes({ remotePort, sequence: 300, acknowledged: all })
    pass(machine, 0.05)
    comes({ remotePort, flags: Flag.ack | Flag.fin, sequence: 300, acknowledged: all + 1 })
    pass(machine, 0.05)
  }
  server.boot()
  pass(machine, 1.2)
  woken.length = 0
  const listener = tcp.listeners.get(80)
  if (!listener) throw new Error('Apache does not listen')
  return { machine, kernel, server, tcp, listener, sent, woken, ask, end }
}

describe('a request', () => {
  it('is the system calls of the trace in Apache’s Performance Notes, in their order', () => {
    const { kernel, ask, end } = apache('none', 1)
    const { base } = kernel
    const nameOf = new Map(Object.entries(kernel.procedures).map(([name, id]) => [id, name]))
    const called: string[] = []
    const { systemCall, callNow } = base
    base.systemCall = (task, procedure, body) => {
      if (!task.superuser) called.push(nameOf.get(procedure) ?? '')
      return systemCall.call(base, task, procedure, body) as never
    }
    base.callNow = (task, procedure, cycles, calls) => {
      if (!task.superuser) called.push(nameOf.get(procedure) ?? '')
      callNow.call(base, task, procedure, cycles, calls)
    }
    ask(1)
    end(1)
    expect(called).toEqual([
      ...['sys_sigaction', 'sys_getsockname', 'sys_setsockopt', 'sys_read', 'sys_sigaction'],
      ...['sys_time', 'sys_newstat', 'sys_open', 'old_mmap', 'sys_writev', 'sys_close', 'sys_time'],
      ...['sys_write', 'sys_socketcall', 'sys_select', 'sys_read', 'sys_close', 'sys_sigaction'],
      ...['sys_munmap'],
      // The next accept.
      'sys_socketcall',
    ])
  })
})

describe('httpds that wait for a connection', () => {
  it.each([
    ['none', 6],
    ['fcntl', 1],
    ['sysvsem', 1],
  ] as const)('serialize %s: %i of six sleep in accept', (serialize, accepting) => {
    const { listener, server, kernel } = apache(serialize, 6)
    expect([server.processes, server.busy]).toEqual([6, 0])
    expect([listener.waiters.length, listener.waiters.asleep]).toEqual([accepting, accepting])
    expect(wrongWith(kernel)).toEqual([])
  })

  it('are all woken by a connection without serialisation', () => {
    const { woken, ask, end, server } = apache('none', 6)
    ask(1)
    expect(new Set(woken).size).toBe(6)
    expect(server.busy).toBe(1)
    end(1)
    expect(server.busy).toBe(0)
  })

  it.each([2, 6, 10])('file lock: its release wakes all who wait, %i httpds', (count) => {
    const { woken, listener, ask, end } = apache('fcntl', count)
    ask(1)
    const [accepted] = woken
    const byLock = woken.filter((task) => task !== accepted)
    expect(byLock).toHaveLength(count - 1)
    expect(new Set(byLock).size).toBe(count - 1)
    // One of them has the lock now; the others sleep on.
    expect(listener.waiters.asleep).toBe(1)
    end(1)
  })

  it.each([2, 6, 10])('semaphore: its release wakes one, %i httpds', (count) => {
    const { woken, listener, ask, end } = apache('sysvsem', count)
    ask(1)
    const [accepted] = woken
    expect(woken.filter((task) => task !== accepted)).toHaveLength(1)
    expect(listener.waiters.asleep).toBe(1)
    end(1)
  })

  it('get the semaphore in the order in which they came', () => {
    const { woken, ask, end } = apache('sysvsem', 4)
    const takers: (number | undefined)[] = []
    for (let remotePort = 1; remotePort <= 9; remotePort++) {
      woken.length = 0
      ask(remotePort)
      takers.push(woken[0]?.pid)
      end(remotePort)
    }
    expect(new Set(takers.slice(0, 4)).size).toBe(4)
    expect(takers.slice(4)).toEqual(takers.slice(0, 5))
  })

  it.each(['none', 'fcntl', 'sysvsem'] as const)(
    'serve as many at a time as there are, and the rest when these are done (serialize %s)',
    (serialize) => {
      const { server, listener, tcp, ask, end, sent, kernel } = apache(serialize, 3)
      for (let remotePort = 1; remotePort <= 5; remotePort++) ask(remotePort)
      expect([server.busy, listener.ready, listener.waiters.length]).toEqual([3, 2, 0])
      for (let remotePort = 1; remotePort <= 5; remotePort++) end(remotePort)
      expect([server.busy, listener.ready, tcp.open, tcp.timeWait]).toEqual([0, 0, 0, 5])
      const bytes = sent.reduce((sum, segment) => sum + segment.bytes, 0)
      expect(bytes).toBe(5 * responseBytes(pageBytes))
      expect(wrongWith(kernel)).toEqual([])
    },
  )

  it.each(['fcntl', 'sysvsem'] as const)(
    'one that dies as it is woken does not take the lock with it (serialize %s)',
    (serialize) => {
      const { kernel, listener, server, woken, ask, end } = apache(serialize, 4)
      // A signal between the wake-up and the first step, for the first that the lock wakes.
      const { dispatcher } = kernel
      const wake = dispatcher.wake.bind(dispatcher)
      dispatcher.wake = (task) => {
        const woke = wake(task)
        if (woke && woken.length === 2 && woken[1] === task) task.killed = true
        return woke
      }
      ask(1)
      expect([server.processes, server.busy]).toEqual([3, 1])
      expect(listener.waiters.asleep).toBe(1)
      ask(2)
      expect([server.busy, listener.ready]).toEqual([2, 0])
      end(1)
      end(2)
      expect(server.busy).toBe(0)
      expect(wrongWith(kernel)).toEqual([])
    },
  )
})
