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

async function checkNext() {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    const tool = withComponents.includes(project) ? 'vue-tsc' : 'typescript'
    const { code, output } = await runTool(tool, ['-p', project, '--pretty', 'false'], {
      output: 'collect',
    })
    if (output.trim() !== '') console.log(output.trimEnd())
    if (code !== 0) process.exitCode = 1
  }
}

await ensureInstalled()
await Promise.all([checkNext(), checkNext()])
