/**
 * Who may import whom. Imports point one way: sim ← shared ← main, preload, renderer; the renderer
 * may use what is pure in sim; main and renderer never meet except through shared.
 */
import path from 'node:path'

/**
 * Per layer: the layers a relative import may reach, those it may reach for types alone, and the
 * packages it may name (a RegExp on the whole specifier; undefined: any).
 * @type {Record<string, { layers: string[], types?: string[], packages?: RegExp, why: string }>}
 */
const allowed = {
  sim: { layers: ['sim'], packages: /^$/, why: 'the model knows no host' },
  shared: {
    layers: ['sim', 'shared'],
    packages: /^(?!node:|electron|vue|@vue|pinia|echarts|ws$|commander$)/,
    why: 'the contract is the same on both sides of every process border',
  },
  main: {
    layers: ['sim', 'shared', 'main'],
    packages: /^(?!vue|@vue|pinia|echarts|reka-ui)/,
    why: 'the host knows no screen',
  },
  preload: {
    layers: ['shared', 'preload'],
    types: ['sim'],
    packages: /^electron$/,
    why: 'a sandboxed preload carries the bridge and nothing else',
  },
  renderer: {
    layers: ['sim', 'shared', 'renderer'],
    packages: /^(?!node:|electron|ws$|commander$)/,
    why: 'the page has neither Node nor Electron',
  },
}

/** @param {string} file absolute path, or relative to the root */
function layerOf(file, /** @type {string} */ root) {
  const parts = path.relative(root, path.resolve(root, file)).split(path.sep)
  return parts[0] === 'src' ? parts[1] : undefined
}

/** Beside its source a test may also name the test runner and read files. */
const testFile = /\.(test|test-support|bench)\.ts$/
const testPackages = /^(vitest($|\/)|node:|fast-check$|@vue\/test-utils$)/

/** @type {import('eslint').Rule.RuleModule} */
export const layers = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      layer: '{{from}} may not import {{to}}: {{why}}',
      types: '{{from}} may import {{to}} for types alone (import type): {{why}}',
      package: '{{from}} may not import the package {{to}}: {{why}}',
    },
  },
  create(context) {
    const root = context.cwd
    const from = layerOf(context.filename, root)
    const rule = from === undefined ? undefined : allowed[from]
    if (from === undefined || rule === undefined) return {}
    const inTest = testFile.test(context.filename)

    /**
     * @param {import('eslint').Rule.Node} node
     * @param {unknown} specifier
     * @param {boolean} typeOnly
     */
    function check(node, specifier, typeOnly) {
      if (typeof specifier !== 'string') return
      const clean = specifier.replace(/\?.*$/, '')
      if (!clean.startsWith('.')) {
        if (inTest && testPackages.test(clean)) return
        if (rule?.packages?.test(clean) === false)
          context.report({ node, messageId: 'package', data: { from, to: clean, why: rule.why } })
        return
      }
      const to = layerOf(path.resolve(path.dirname(context.filename), clean), root)
      if (to === undefined || rule?.layers.includes(to)) return
      const forTypes = rule?.types?.includes(to)
      if (forTypes && typeOnly) return
      const data = { from, to, why: rule?.why ?? '' }
      context.report({ node, messageId: forTypes ? 'types' : 'layer', data })
    }

    /** @param {any} node */
    const declaration = (node) => {
      if (node.source)
        check(node, node.source.value, node.importKind === 'type' || node.exportKind === 'type')
    }
    return {
      ImportDeclaration: declaration,
      ExportNamedDeclaration: declaration,
      ExportAllDeclaration: declaration,
      /** @param {any} node */
      ImportExpression: (node) => check(node, node.source.value, false),
      /** @param {any} node */
      TSImportType: (node) =>
        check(node, node.source?.value ?? node.argument?.literal?.value, true),
      /** @param {any} node */
      'CallExpression[callee.name="require"]': (node) =>
        check(node, node.arguments[0]?.value, false),
      /** `new URL('./x', import.meta.url)` reaches a file too. */
      'NewExpression[callee.name="URL"]': (/** @type {any} */ node) => {
        if (
          node.arguments[1]?.type === 'MemberExpression' &&
          /^\.{1,2}\//.test(node.arguments[0]?.value)
        )
          check(node, node.arguments[0].value, false)
      },
    }
  },
}
