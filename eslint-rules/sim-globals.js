/**
 * What src/sim may not touch, so that a run depends on its scenario, seed and actions and on
 * nothing else. Lists for ESLint's own no-restricted-* rules.
 */
const unknown = 'the model knows no host: a run depends on scenario, seed and actions alone'

export const globals = [
  'Date',
  'performance',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'Promise',
  'process',
  'Buffer',
  'require',
  'console',
  'globalThis',
  'self',
  'window',
  'document',
  'navigator',
  'localStorage',
  'fetch',
  'crypto',
  'Intl',
  'Worker',
  'MessageChannel',
  'structuredClone',
  'SharedArrayBuffer',
  'Atomics',
  'WeakRef',
  'FinalizationRegistry',
].map((name) => ({ name, message: unknown }))

const approximated =
  'the language leaves it implementation-approximated: use what src/sim/engine/random.ts offers'
const random = { object: 'Math', property: 'random', message: 'draw from a named random stream' }

/** Functions that ECMAScript calls implementation-approximated; Math.sqrt is exact everywhere. */
const transcendental = [
  ...['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'hypot'],
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2'],
  ...['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
].map((property) => ({ object: 'Math', property, message: approximated }))

const locale = [
  'localeCompare',
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleUpperCase',
  'toLocaleLowerCase',
].map((property) => ({ property, message: 'the same on every machine: no locale in the model' }))

export const properties = [random, ...transcendental, ...locale]
/** For src/sim/engine/random*.ts, where approximated functions are pinned by fixed-vector tests. */
export const propertiesInRandom = [random, ...locale]

/** An object spread into another only to have the formatter put its properties on one line. */
export const noSpreadLiteral = [
  {
    selector: 'ObjectExpression > SpreadElement > ObjectExpression',
    message: 'write the properties themselves, one a line',
  },
]

const asynchronous =
  'the engine is synchronous: a process is a generator that yields what it waits for'
const noAsync = [
  { selector: ':function[async=true]', message: asynchronous },
  { selector: 'AwaitExpression', message: asynchronous },
  { selector: 'ForOfStatement[await=true]', message: asynchronous },
  { selector: 'ImportExpression', message: asynchronous },
]
/** A power of two with a whole exponent is exact: 2 ** 53, 2 ** -32, 2 ** handlerBits. */
const power = [
  {
    selector:
      "BinaryExpression[operator='**']" +
      ":not([left.raw='2'][right.raw=/^[0-9]+$/])" +
      ":not([left.raw='2'][right.name=/Bits$/])" +
      ":not([left.raw='2'][right.operator='-'][right.argument.raw=/^[0-9]+$/])",
    message: approximated,
  },
  { selector: "AssignmentExpression[operator='**=']", message: approximated },
]
export const syntax = [...noAsync, ...power, ...noSpreadLiteral]
export const syntaxInRandom = [...noAsync, ...noSpreadLiteral]
