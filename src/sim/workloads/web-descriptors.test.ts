import { describe, expect, it } from 'vitest'
import { wrongWithDescriptors } from '../kernel/fs/descriptor-invariants.test-support'
import type { DescriptorTableSnapshot } from '../observe/structures'
import type { SimulatedServer } from '../server/simulated-server'
import { read, until, webServer } from '../server/simulated-server.test-support'
import type { Parameters } from '../parameters/parameters'

/** So far away that eight connections ask for less than two hundred pages a second. */
const far = { 'load.rttMs': 20 }
const small = { 'httpd.processes': 20, 'load.connections': 8, 'load.pageBytes': 5000 }
/** Console, listening socket, error log, access log. */
const base = 4

const web = (parameters: Parameters = {}): SimulatedServer => webServer({ ...small, ...parameters })
const exhaust = (server: SimulatedServer, intensity: number): void =>
  void server.act({ kind: 'fault', id: 'descriptor-exhaustion', intensity })

/** Nothing gets lost: neither a connection nor a file structure. */
function sound(server: SimulatedServer): void {
  const ended = read(server, 'work.completed') + read(server, 'work.failed')
  expect(ended + read(server, 'load.inFlight')).toBe(read(server, 'load.offered'))
  expect(wrongWithDescriptors(server['kernel'])).toEqual([])
}
const snapshot = (server: SimulatedServer): DescriptorTableSnapshot =>
  server.snapshot('descriptor-table') as DescriptorTableSnapshot

describe('descriptors of a web server', () => {
  it('are inherited: httpds share the files that their parent has opened', () => {
    const server = web({ 'load.connections': 1, 'load.rttMs': 1000 })
    until(server, 0.5)
    expect(read(server, 'fd.open')).toBe(base)
    const { files } = snapshot(server)
    expect(files).toEqual([
      ...['/dev/console', '/dev/console', '/dev/console'],
      ...['listening socket', 'error_log', 'access_log'],
    ])
  })

  it('are one for a connection and one for a page, and all come back', () => {
    const server = web()
    for (let at = 1; at <= 3; at += 0.1) {
      until(server, at)
      sound(server)
      const busy = read(server, 'httpd.busy')
      expect(read(server, 'fd.open')).toBeGreaterThanOrEqual(base + busy)
      expect(read(server, 'fd.open')).toBeLessThanOrEqual(base + 2 * busy + 1)
    }
    expect([read(server, 'fd.emfile'), read(server, 'fd.enfile')]).toEqual([0, 0])
    server.act({ kind: 'set', path: 'load.connections', value: '0' })
    until(server, 5)
    expect([read(server, 'httpd.busy'), read(server, 'fd.open')]).toEqual([0, base])
  })

  it('suffice for a thousand httpds, as fork makes no file structure', () => {
    const server = web({ 'httpd.processes': 1000, 'load.connections': 100 })
    until(server, 2)
    expect(read(server, 'processes.total')).toBeGreaterThan(1000)
    expect(read(server, 'fd.enfile')).toBe(0)
    expect(read(server, 'work.failed')).toBe(0)
    sound(server)
  })
})

describe('descriptor-exhaustion', () => {
  it('at intensity 0 leaves the run as it was, and so does two-bitmaps switched on and off', () => {
    const plain = web()
    until(plain, 3)
    const touched = web()
    touched.act({ kind: 'fix', id: 'two-bitmaps', on: true })
    touched.act({ kind: 'fix', id: 'two-bitmaps', on: false })
    until(touched, 1.5)
    exhaust(touched, 0)
    until(touched, 3)
    expect(touched.digest()).toBe(plain.digest())
  })

  it('at half leaves enough for the others', () => {
    const server = web()
    exhaust(server, 0.5)
    until(server, 3)
    expect(read(server, 'fd.open')).toBeGreaterThanOrEqual(2048 + base)
    expect([read(server, 'fd.enfile'), read(server, 'work.failed')]).toEqual([0, 0])
  })

  it('at full has every accept fail: connections are lost, httpds exit, and none comes up', () => {
    const server = web()
    until(server, 2)
    const { completed } = server.work()
    exhaust(server, 1)
    for (let at = 2.05; at <= 8; at += 0.25) {
      until(server, at)
      sound(server)
    }
    expect(read(server, 'fd.enfile')).toBeGreaterThanOrEqual(20)
    expect(server.work().failed).toBeGreaterThanOrEqual(20)
    expect(server.work().completed - completed).toBeLessThan(20)
    expect(read(server, 'fd.open')).toBe(4096 - 10)
    // Those that the parent has started since die at their first connection.
    expect(read(server, 'accept.waiting')).toBeLessThan(20)
  })

  it('heals when it is taken off: the parent starts httpds until some have nothing to do', () => {
    const server = web(far)
    until(server, 2)
    exhaust(server, 1)
    until(server, 6)
    exhaust(server, 0)
    // 1 + 2 + 4 + 8 httpds, one lot a second; clients repeat what was not answered after 3 s and
    // more.
    until(server, 30)
    const [completed, failed] = [server.work().completed, server.work().failed]
    const refused = read(server, 'fd.enfile')
    until(server, 32)
    expect(server.work().completed - completed).toBeGreaterThan(200)
    expect([server.work().failed, read(server, 'fd.enfile')]).toEqual([failed, refused])
    const idle = read(server, 'httpd.processes') - read(server, 'httpd.busy')
    expect(idle).toBeGreaterThanOrEqual(5)
    sound(server)
    server.act({ kind: 'set', path: 'load.connections', value: '0' })
    until(server, 34)
    expect(read(server, 'fd.open')).toBe(base)
  })

  it('does not keep a server from booting: its parent is root, and httpds fail as before', () => {
    const server = web(far)
    until(server, 2)
    const refused = read(server, 'fd.enfile')
    exhaust(server, 1)
    server.act({ kind: 'reboot' })
    until(server, 5)
    expect(read(server, 'fd.enfile')).toBeGreaterThan(refused)
    sound(server)
    exhaust(server, 0)
    until(server, 30)
    const { completed } = server.work()
    until(server, 32)
    expect(server.work().completed - completed).toBeGreaterThan(200)
    sound(server)
  })
})

describe('the limit of a process', () => {
  it('between the connection and the page is answered by an error, which the client counts', () => {
    const server = web({ 'kernel.fd.perProcess': 7 })
    until(server, 3)
    sound(server)
    expect(server.work().completed).toBe(0)
    expect(server.work().failed).toBeGreaterThan(500)
    // A call is refused before the client hears of it.
    expect(read(server, 'fd.emfile')).toBeGreaterThanOrEqual(server.work().failed)
    expect(read(server, 'fd.emfile')).toBeLessThanOrEqual(server.work().failed + 20)
    server.act({ kind: 'set', path: 'kernel.fd.perProcess', value: '8' })
    until(server, 3.5)
    const { failed } = server.work()
    until(server, 5)
    expect(server.work().failed).toBe(failed)
    expect(server.work().completed).toBeGreaterThan(500)
  })

  it('before the connection loses it', () => {
    const server = web({ 'kernel.fd.perProcess': 6 })
    until(server, 4)
    sound(server)
    expect(server.work().completed).toBe(0)
    expect(read(server, 'fd.emfile')).toBeGreaterThanOrEqual(20)
  })
})

it('counts go on across a reboot', () => {
  const server = web({ 'kernel.fd.perProcess': 7 })
  until(server, 3)
  const [refused, searched] = [read(server, 'fd.emfile'), read(server, 'fd.wordsSearched')]
  server.act({ kind: 'reboot' })
  expect(read(server, 'fd.emfile')).toBe(refused)
  until(server, 5)
  expect(read(server, 'fd.emfile')).toBeGreaterThan(refused)
  expect(read(server, 'fd.wordsSearched')).toBeGreaterThan(searched)
  expect(snapshot(server).emfile).toBeLessThan(read(server, 'fd.emfile'))
})
