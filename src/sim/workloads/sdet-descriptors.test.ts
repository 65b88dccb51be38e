import { describe, expect, it } from 'vitest'
import { wrongWithDescriptors } from '../kernel/fs/descriptor-invariants.test-support'
import { at, countersOf, read, runFor, smallServer } from '../server/simulated-server.test-support'

describe('descriptors under SDET', () => {
  it('come and go with the commands, and no call is refused', () => {
    const server = smallServer()
    let most = 0
    for (let look = 0; look < 40; look++) {
      runFor(server, 0.061)
      most = Math.max(most, read(server, 'fd.open'))
      expect(wrongWithDescriptors(server['kernel'])).toEqual([])
    }
    expect(most).toBeGreaterThan(1)
    expect(countersOf(server)).toMatchObject({ 'fd.emfile': 0, 'fd.enfile': 0, 'work.failed': 0 })
  })

  it('scripts whose files cannot be opened fail, and succeed again when they can', () => {
    const server = smallServer()
    server.advance(at(1))
    server.act({ kind: 'fault', id: 'descriptor-exhaustion', intensity: 1 })
    server.advance(at(3))
    expect(read(server, 'fd.enfile')).toBeGreaterThan(100)
    expect(read(server, 'work.failed')).toBeGreaterThan(0)
    server.act({ kind: 'fault', id: 'descriptor-exhaustion', intensity: 0 })
    const healed = server.work().rounds.length + 1
    while (server.work().rounds.length < healed) runFor(server, 0.1)
    const { failed } = server.work()
    const refused = read(server, 'fd.enfile')
    runFor(server, 4)
    expect(server.work().rounds.length).toBeGreaterThan(healed)
    expect([server.work().failed, read(server, 'fd.enfile')]).toEqual([failed, refused])
  })

  it('a reboot begins with the console alone', () => {
    const server = smallServer()
    server.advance(at(1.3))
    server.act({ kind: 'reboot' })
    expect(read(server, 'fd.open')).toBe(1)
  })

  it('the second bitmap, thrown and taken back, leaves the digest as it was', () => {
    const plain = smallServer()
    plain.advance(at(1))
    const touched = smallServer()
    touched.act({ kind: 'fix', id: 'two-bitmaps', on: true })
    touched.act({ kind: 'fix', id: 'two-bitmaps', on: false })
    touched.act({ kind: 'fault', id: 'descriptor-exhaustion', intensity: 0 })
    touched.advance(at(1))
    expect(touched.digest()).toBe(plain.digest())
  })
})
