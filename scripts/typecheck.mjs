/**
 * Type checks every environment on its own: src/sim sees neither Node nor DOM. Each file is checked
 * by its own project, which alone knows its settings, and not again by those that import it.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import ts from 'typescript'
import { root } from './spawn.mjs'

const ofVueTsc = createRequire(createRequire(import.meta.url).resolve('vue-tsc'))
const vue = ofVueTsc('@vue/language-core')
const { proxyCreateProgram } = ofVueTsc('@volar/typescript/lib/node/proxyCreateProgram')

const components = [{ extension: 'vue', isMixedContent: true, scriptKind: ts.ScriptKind.Deferred }]
/** @type {ts.FormatDiagnosticsHost} */
const format = {
  getCurrentDirectory: () => root,
  getCanonicalFileName: (file) => file,
  getNewLine: () => '\n',
}

/** @param {string} name */
function parse(name) {
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic(/** @type {ts.Diagnostic} */ fault) {
      throw new Error(ts.formatDiagnostic(fault, format))
    },
  }
  const file = path.join(root, name)
  const parsed = ts.getParsedCommandLineOfConfigFile(
    ...[file, {}, host, undefined, undefined, components],
  )
  if (!parsed) throw new Error(`${name} cannot be read`)
  return parsed
}

/** Programs read the same libraries and the same sources: each is parsed once. */
const parsedFiles = new Map()

/** @param {ts.CompilerOptions} options */
function hostOf(options) {
  const host = ts.createIncrementalCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (file, language, ...rest) => {
    const key = JSON.stringify([file, language, options.checkJs, options.jsx])
    if (!parsedFiles.has(key)) parsedFiles.set(key, read(file, language, ...rest))
    return parsedFiles.get(key)
  }
  return host
}

const createProgram = proxyCreateProgram(
  ...[ts, ts.createProgram],
  (/** @type {typeof ts} */ _, /** @type {ts.CreateProgramOptions} */ { options }) => {
    const { vueOptions } = vue.createParsedCommandLine(ts, ts.sys, options.configFilePath)
    const plugin = vue.createVueLanguagePlugin(
      ts,
      options,
      vueOptions,
      (/** @type {string} */ id) => id,
    )
    return { languagePlugins: [plugin] }
  },
)

/** @type {{ references: { path: string }[] }} */
const solution = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'))
const projects = solution.references.map(({ path: name }) => name)
const owned = new Set(projects.flatMap((name) => parse(name).fileNames))

/** What is wrong in the files of a project. @param {string} name */
function faultsOf(name) {
  const { fileNames, options, errors } = parse(name)
  // Components have an ending of their own.
  options.allowNonTsExtensions = true
  const host = hostOf(options)
  const before = ts.readBuilderProgram(options, host)
  /** @type {ts.Program} */
  const program = createProgram({
    rootNames: fileNames,
    options,
    host,
    configFileParsingDiagnostics: errors,
  })
  const builder = ts.createSemanticDiagnosticsBuilderProgram(program, host, before)
  const own = new Set(fileNames)
  const isOthers = (/** @type {ts.SourceFile} */ file) => !own.has(file.fileName)
  while (builder.getSemanticDiagnosticsOfNextAffectedFile(undefined, isOthers));
  const files = program.getSourceFiles().filter((file) => !isOthers(file))
  const faults = [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...files.flatMap((file) => builder.getSemanticDiagnostics(file)),
    ...program.getGlobalDiagnostics(),
  ]
  builder.emit()
  const nobodys = program
    .getSourceFiles()
    .map(({ fileName }) => fileName)
    .filter((file) => !/\/node_modules\/|\.json$/.test(file) && !owned.has(file))
  return { faults, nobodys }
}

for (const name of projects) {
  const { faults, nobodys } = faultsOf(name)
  if (faults.length > 0) console.log(ts.formatDiagnostics(faults, format).trimEnd())
  for (const file of nobodys) console.log(`${path.relative(root, file)} is of no project`)
  if (faults.length + nobodys.length > 0) process.exitCode = 1
}
