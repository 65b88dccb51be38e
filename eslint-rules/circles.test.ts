import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { circles, importGraph } from './import-graph.js'
import { roomOf } from './rooms.js'

const graph = (arrows: Record<string, string[]>) => new Map(Object.entries(arrows))

describe('circles among files that import each other', () => {
  it('are none where imports have an order', () => {
    expect(circles(graph({ a: ['b', 'c'], b: ['c'], c: [] }))).toEqual([])
  })

  it('are groups in which each file reaches every other', () => {
    const found = circles(
      graph({ a: ['b'], b: ['c'], c: ['a', 'd'], d: ['e'], e: ['d'], f: ['a', 'f'] }),
    )
    expect(found).toEqual([
      ['d', 'e'],
      ['a', 'b', 'c'],
    ])
  })
})

describe('src', () => {
  const imports = importGraph(fileURLToPath(new URL('../src', import.meta.url)))
  const found = circles(imports)

  it('is seen, scripts of components and types included', () => {
    expect(imports.get('main/runs/supervisor.ts')).toContain('shared/api.ts')
    expect(imports.get('sim/kernel/kernel.ts')).toContain('sim/kernel/sched/base.ts')
    expect(imports.get('renderer/App.vue')?.length).toBeGreaterThan(5)
  })

  it('has no circle between rooms of the model', () => {
    const rooms = (files: string[]) => new Set(files.map((file) => roomOf(`src/${file}`, '.')))
    expect(found.filter((files) => rooms(files).size > 1)).toEqual([])
  })

  it('has no circle between files, types included', () => {
    expect(found).toEqual([])
  })
})
