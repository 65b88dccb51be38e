/** Type checks every environment on its own: src/sim sees neither Node nor DOM. Two at a time. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ensureInstalled } from './install.mjs'
import { runTool } from './pinned.mjs'
import { root } from './spawn.mjs'

/** @type {{ references: { path: string }[] }} */
const { references } = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'))
const waiting = references.map((reference) => reference.path)
/** Those that see components. */
const withComponents = ['./tsconfig.renderer.json', './tsconfig.unit.json']

/**
 * Sources of src/sim are judged by their own project, which alone knows its settings; other
 * projects only read them.
 * @param {string} project @param {string} line
 */
function judgedElsewhere(project, line) {
  const ofModel = /^src\/sim\/(?!.*\.(test|test-support|bench)\.ts)/.test(line)
  return project !== './tsconfig.sim.json' && (ofModel || /^\s/.test(line))
}

async function checkNext() {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    const tool = withComponents.includes(project) ? 'vue-tsc' : 'typescript'
    const { code, output } = await runTool(tool, ['-p', project, '--pretty', 'false'], {
      output: 'collect',
    })
    const findings = output.split('\n').filter((line) => line.trim() !== '')
    const own = findings.filter((line) => !judgedElsewhere(project, line))
    if (own.length > 0) console.log(own.join('\n'))
    if (own.length > 0 || (code !== 0 && findings.length === 0)) process.exitCode = 1
  }
}

await ensureInstalled()
await Promise.all([checkNext(), checkNext()])
