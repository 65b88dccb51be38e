import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { foldByProcedure, type ProfileFrame, type ProfileSnapshot } from '../../sim/observe/profile'
import { createServer } from '../../sim/server/simulated-server'
import { instant } from '../../sim/units/time'
import { inkOn } from '../panels/profile/draw-flame'
import { flameBoxes, flameTree } from '../panels/profile/flame-tree'
import { contrast, mixed, parseColour } from './colour'
import { procedureColour, procedureColours } from '../../shared/charts/procedure-colours'

/**
 * Long enough for all that a scenario does all the time, and for most of what it does now and then.
 */
const scenarioSeconds = { sdet: 20, web: 2.5, yield: 0.2 }
const scenarios = ['sdet', 'web', 'yield'] as const
const profiles = new Map<string, ProfileSnapshot>()

function profileOf(scenario: (typeof scenarios)[number]): ProfileSnapshot {
  const known = profiles.get(scenario)
  if (known) return known
  const server = createServer({ scenario, seed: 7, parameters: {} })
  if (typeof server === 'string') throw new Error(server)
  server.advance(instant(scenarioSeconds[scenario] * 1e9))
  const profile = server.profile()
  profiles.set(scenario, profile)
  return profile
}
const colourOf = ({ image, procedure }: ProfileFrame): string => procedureColour(image, procedure)
const nameOf = ({ image, procedure }: ProfileFrame): string => `${procedure} of ${image}`

/**
 * Pairs of different procedures whose boxes touch in a flame graph, as callers and callees or side
 * by side.
 */
function touching(profile: ProfileSnapshot): [ProfileFrame, ProfileFrame][] {
  const tree = flameTree(profile, { weight: 'cycles', order: 'largest', withIdle: false })
  const boxes = flameBoxes(tree, 0, 0.001)
  const frameOf = (node: number): ProfileFrame | undefined =>
    tree.frames[tree.nodes[node]?.frame ?? -1]
  const pairs: [ProfileFrame | undefined, ProfileFrame | undefined][] = []
  for (const { node } of boxes) pairs.push([frameOf(node), frameOf(tree.nodes[node]?.parent ?? -1)])
  const inRows = [...boxes].sort((a, b) => a.row - b.row || a.left - b.left)
  inRows.forEach((box, i) => {
    const next = inRows[i + 1]
    if (next?.row !== box.row || next.left - box.right >= 0.002) return
    pairs.push([frameOf(box.node), frameOf(next.node)])
  })
  return pairs.filter(
    (pair): pair is [ProfileFrame, ProfileFrame] =>
      pair[0] !== undefined && pair[1] !== undefined && nameOf(pair[0]) !== nameOf(pair[1]),
  )
}

describe('the colour of a procedure', () => {
  it.each(scenarios)('is not that of its neighbours in a flame graph of %s', (scenario) => {
    const pairs = touching(profileOf(scenario))
    expect(pairs.length).toBeGreaterThan(1)
    for (const [a, b] of pairs) {
      expect(colourOf(a), `${nameOf(a)} beside ${nameOf(b)}`).not.toBe(colourOf(b))
    }
  })

  it.each(scenarios)('is of its own among the largest of %s', (scenario) => {
    const largest = foldByProcedure(profileOf(scenario))
      .filter(({ image, cycles }) => image !== 'idle' && cycles > 0)
      .slice(0, 8)
    expect(new Set(largest.map(colourOf)).size).toBe(largest.length)
  })

  it('hangs on its name alone', () => {
    expect(procedureColour('vmlinux', 'schedule')).toBe(procedureColour('vmlinux', 'schedule'))
    expect(procedureColour('/usr/lib/cc1', 'main')).not.toBe(procedureColour('/bin/ed', 'main'))
    expect(procedureColours).toContain(procedureColour('vmunix', 'a_procedure_of_another_kernel'))
    expect(procedureColour('idle', 'wait for disk')).toBe('--mode-idle')
  })
})

describe.each(['dark', 'light'])('the colours of procedures in the %s theme', (theme) => {
  const styles = ['tokens', 'procedure-colours'].map((name) =>
    readFileSync(path.join(import.meta.dirname, `../../shared/styles/${name}.css`), 'utf8'),
  )
  const values = new Map<string, string>()
  for (const style of styles) {
    const block = new RegExp(`data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(style)?.[1] ?? ''
    for (const [, name = '', value = ''] of block.matchAll(/(--[\w-]+):\s*([^;]+);/g))
      values.set(name, value)
  }
  const panel = values.get('--panel') ?? ''

  it('are there, each another one', () => {
    const colours = procedureColours.map((name) => values.get(name))
    expect(colours.every((colour) => /^#[0-9a-f]{6}$/.test(colour ?? ''))).toBe(true)
    expect(new Set(colours).size).toBe(procedureColours.length)
  })

  it('stand out from the panel, and carry names that can be read', () => {
    const inks = [values.get('--ground') ?? '', values.get('--text') ?? '', '#ffffff', '#000000']
    for (const name of procedureColours) {
      const colour = values.get(name) ?? ''
      expect(contrast(parseColour(colour), parseColour(panel)), name).toBeGreaterThanOrEqual(3)
      const fill = mixed(colour, panel, 0.85)
      const ink = inkOn(fill, inks)
      expect(contrast(parseColour(ink), parseColour(fill)), name).toBeGreaterThanOrEqual(4.5)
    }
  })
})
