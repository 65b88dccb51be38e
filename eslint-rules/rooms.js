/**
 * The order of rooms in src/sim. A room imports from itself and from those before it, types too.
 * Tests may look at any room.
 */
import path from 'node:path'

/**
 * From the bottom up. A room is a folder; of `kernel`, each folder, and then the files beside them.
 */
export const rooms = [
  'units',
  'engine',
  'observe',
  'machine',
  'kernel/lib',
  'kernel/sched',
  'kernel/block',
  'kernel/mm',
  'kernel/fs',
  'kernel/net',
  'kernel/ipc',
  'kernel/process',
  'kernel',
  'programs',
  'loads',
  'parameters',
  'actions',
  'workloads',
  'scenarios',
  'server',
  'experiments',
]

/** What stands beside the rooms: the door, which opens on all of them. */
const door = 'src/sim'

/**
 * @param {string} file absolute, or relative to the root
 * @param {string} root
 * @returns {string | undefined} undefined outside src/sim
 */
export function roomOf(file, root) {
  const [src, sim, ...below] = path.relative(root, path.resolve(root, file)).split(path.sep)
  if (src !== 'src' || sim !== 'sim') return undefined
  const [first, second] = below
  if (first === undefined || /\.\w+$/.test(first) || first === 'index') return door
  const inKernel = first === 'kernel' && below.length > 2 && second !== undefined
  return inKernel ? `${first}/${second}` : first
}

const testFile = /\.(test|test-support|bench)\.ts$/

/** @type {import('eslint').Rule.RuleModule} */
export const order = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      upward:
        '{{from}} may not import {{to}}, a room above it, not even a type: ' +
        'register with {{from}} what it must call, or move what both need down to {{from}}',
      unknown: 'the room {{room}} has no place in the order of rooms (eslint-rules/rooms.js)',
    },
  },
  create(context) {
    const root = context.cwd
    const from = roomOf(context.filename, root)
    if (from === undefined || from === door || testFile.test(context.filename)) return {}
    const height = rooms.indexOf(from)

    /**
     * @param {import('eslint').Rule.Node} node
     * @param {unknown} specifier
     */
    function check(node, specifier) {
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return
      const to = roomOf(path.resolve(path.dirname(context.filename), specifier), root)
      if (to === undefined || to === from) return
      if (to !== door && !rooms.includes(to))
        context.report({ node, messageId: 'unknown', data: { room: to } })
      else if (to === door || rooms.indexOf(to) > height)
        context.report({ node, messageId: 'upward', data: { from, to } })
    }

    /** @param {any} node */
    const declaration = (node) => {
      if (node.source) check(node, node.source.value)
    }
    return {
      Program: (node) => {
        if (height < 0) context.report({ node, messageId: 'unknown', data: { room: from } })
      },
      ImportDeclaration: declaration,
      ExportNamedDeclaration: declaration,
      ExportAllDeclaration: declaration,
      ImportExpression: declaration,
      /** @param {any} node */
      TSImportType: (node) => check(node, node.source?.value ?? node.argument?.literal?.value),
    }
  },
}
