/**
 * Which file of a folder imports which, types included, and the circles among them. Tests do not
 * count: nothing imports them, and they may look at any file.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

/** @param {string} name */
const isSource = (name) =>
  /\.(ts|vue)$/.test(name) && !/\.(test|test-support|bench|d)\.ts$/.test(name)

/** @param {string} file */
function importsOf(file) {
  const text = readFileSync(file, 'utf8')
  const scripts = file.endsWith('.vue')
    ? [...text.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, script]) => script)
    : [text]
  return scripts.flatMap((script) =>
    ts.preProcessFile(script ?? '', true, true).importedFiles.map(({ fileName }) => fileName),
  )
}

/**
 * @param {string} folder absolute
 * @returns {Map<string, string[]>} by path below the folder, with slashes
 */
export function importGraph(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isSource)
  const files = new Set(names.map((name) => path.join(folder, name)))
  const short = (/** @type {string} */ file) => path.relative(folder, file).replaceAll('\\', '/')
  const graph = new Map()
  for (const file of files) {
    const targets = new Set()
    for (const specifier of importsOf(file)) {
      if (!specifier.startsWith('.')) continue
      const base = path.resolve(path.dirname(file), specifier.replace(/\?.*$/, ''))
      const target = [base, `${base}.ts`, path.join(base, 'index.ts')].find((at) => files.has(at))
      if (target !== undefined) targets.add(short(target))
      else if (!statSync(base, { throwIfNoEntry: false }) && !/\.\w+$/.test(base))
        throw new Error(`${short(file)} imports ${specifier}, which is no file`)
    }
    graph.set(short(file), [...targets])
  }
  return graph
}

/**
 * Groups of files that reach each other: strongly connected components of more than one file.
 * Tarjan's algorithm.
 * @param {Map<string, string[]>} graph
 * @returns {string[][]}
 */
export function circles(graph) {
  /** @type {Map<string, { index: number, low: number, onStack: boolean }>} */
  const seen = new Map()
  /** @type {string[]} */
  const stack = []
  /** @type {string[][]} */
  const found = []

  /** @param {string} file */
  function visit(file) {
    const mine = { index: seen.size, low: seen.size, onStack: true }
    seen.set(file, mine)
    stack.push(file)
    for (const target of graph.get(file) ?? []) {
      const other = seen.get(target)
      if (!other) mine.low = Math.min(mine.low, visit(target).low)
      else if (other.onStack) mine.low = Math.min(mine.low, other.index)
    }
    if (mine.low === mine.index) {
      const group = stack.splice(stack.indexOf(file))
      for (const member of group) {
        const state = seen.get(member)
        if (state) state.onStack = false
      }
      if (group.length > 1) found.push(group.sort())
    }
    return mine
  }
  for (const file of graph.keys()) if (!seen.has(file)) visit(file)
  return found
}
