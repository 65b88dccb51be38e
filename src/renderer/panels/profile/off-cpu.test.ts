import { describe, expect, it } from 'vitest'
import { createServer, instant } from '../../../sim/index'
import { offCpuOf } from './off-cpu'
import { partOf, processesIn } from './profile-part'

function profileOf(scenario: string, seconds: number) {
  const server = createServer({ scenario, seed: 1, parameters: {} })
  if (typeof server === 'string') throw new Error(server)
  server.advance(instant(seconds * 1e9))
  return server.profile()
}
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

describe('the off-CPU view', () => {
  const profile = profileOf('web', 4)
  const off = offCpuOf(profile)

  it('says where the httpds sleep, and for how long', () => {
    const [first] = off?.places ?? []
    expect(first?.process).toBe('/usr/sbin/httpd')
    expect(off?.places.map(({ path }) => path.at(-1)?.procedure)).toContain('tcp_accept')
    const names = off?.processes.map(({ process }) => process)
    expect(names).toEqual(expect.arrayContaining(['kswapd', 'bdflush', 'kupdate']))
  })

  it('adds up: for each program, its time is that of its places and of its running', () => {
    for (const { process, by, seconds } of off?.processes ?? []) {
      const places = off?.places.filter((place) => place.process === process) ?? []
      expect(by[0] + sum(places.map((place) => place.seconds))).toBeCloseTo(seconds, 6)
      expect(by[0] / seconds + sum(places.map(({ share }) => share))).toBeCloseTo(1, 6)
    }
    // A daemon lives from the beginning: one of it, the whole time.
    const kswapd = off?.processes.find(({ process }) => process === 'kswapd')
    expect([kswapd?.seconds, kswapd?.processes]).toEqual([4, 1])
  })

  it('is not there where nobody kept the time of processes', () => {
    const stacks = profile.stacks.map(({ frames, cycles, samples }) => ({
      frames,
      cycles,
      samples,
    }))
    expect(offCpuOf({ ...profile, stacks })).toBeUndefined()
  })
})

describe('a part of a profile', () => {
  const profile = profileOf('web', 2)
  const cycles = ({ stacks }: typeof profile): number => sum(stacks.map((s) => sum(s.cycles)))

  it('is the profile itself for all CPUs and processes', () => {
    expect(partOf(profile, { cpu: -1, process: '' })).toBe(profile)
  })

  it('adds up to the whole, over CPUs and over processes', () => {
    const cpus = [...Array(profile.cpus).keys()].map((cpu) => partOf(profile, { cpu, process: '' }))
    expect(sum(cpus.map(cycles))).toBe(cycles(profile))
    const names = processesIn(profile)
    expect(names).toEqual(expect.arrayContaining(['/usr/sbin/httpd', 'net_bh', 'idle']))
    const each = names.map((process) => partOf(profile, { cpu: -1, process }))
    expect(sum(each.map(cycles))).toBe(cycles(profile))
  })
})
