import { describe, expect, it } from 'vitest'
import { broken } from './lint-snippet.test-support'

const layer = ['soakscope/layers']

describe('layers: who may import whom', () => {
  it.each([
    ['src/sim/kernel/a.ts', "import { a } from '../engine/clock'"],
    ['src/sim/kernel/a.test.ts', "import { it } from 'vitest'"],
    ['src/sim/kernel/a.test.ts', "import { readFileSync } from 'node:fs'"],
    ['src/shared/a.ts', "import { a } from '../sim/units/time'"],
    ['src/shared/a.ts', "import { z } from 'zod'"],
    ['src/main/runs/a.ts', "import { a } from '../../sim'"],
    ['src/main/runs/a.ts', "import { a } from '../../shared/api'"],
    ['src/main/a.ts', "import { app } from 'electron'"],
    ['src/main/a.ts', "import { readFile } from 'node:fs/promises'"],
    ['src/main/runs/a.ts', "import create from './worker?nodeWorker'"],
    ['src/preload/a.ts', "import { contextBridge } from 'electron'"],
    ['src/preload/a.ts', "import type { StructureKind } from '../sim'"],
    ['src/preload/a.ts', "import type { Api } from '../shared/api'"],
    ['src/renderer/a.ts', "import { fold } from '../sim/observe/profile'"],
    ['src/renderer/views/a.ts', "import type { Api } from '../../shared/api'"],
    ['src/renderer/a.ts', "import { ref } from 'vue'"],
    ['scripts/a.mjs', "import a from '../src/main/cli.js'"],
  ])('%s may say: %s', async (file, code) => {
    expect(await broken(file, code)).toEqual([])
  })

  it.each([
    ['src/sim/kernel/a.ts', "import { a } from '../../shared/api'"],
    ['src/sim/kernel/a.ts', "import type { A } from '../../shared/api'"],
    ['src/sim/kernel/a.test.ts', "import { a } from '../../main/runs/supervisor'"],
    ['src/sim/a.ts', "export * from '../renderer/a'"],
    ['src/sim/a.ts', "export { a } from '../main/a'"],
    ['src/sim/a.ts', "type A = import('../main/a').A"],
    ['src/sim/a.ts', "import { readFile } from 'node:fs'"],
    ['src/sim/a.ts', "import { readFile } from 'fs'"],
    ['src/sim/a.ts', "import { app } from 'electron'"],
    ['src/sim/a.ts', "import { ref } from 'vue'"],
    ['src/sim/a.ts', "import { z } from 'zod'"],
    ['src/sim/a.ts', "import { it } from 'vitest'"],
    ['src/shared/a.ts', "import { a } from '../main/a'"],
    ['src/shared/a.ts', "import { a } from '../renderer/a'"],
    ['src/shared/a.ts', "import { app } from 'electron'"],
    ['src/main/a.ts', "import { a } from '../renderer/a'"],
    ['src/main/a.ts', "const a = import('../renderer/a')"],
    ['src/main/a.ts', "const a = new URL('../renderer/a.ts', import.meta.url)"],
    ['src/main/a.ts', "import { a } from '../preload/a'"],
    ['src/main/a.ts', "import { ref } from 'vue'"],
    ['src/preload/a.ts', "import { a } from '../main/a'"],
    ['src/preload/a.ts', "import { a } from '../sim'"],
    ['src/preload/a.ts', "import { readFile } from 'node:fs'"],
    ['src/renderer/a.ts', "import { a } from '../main/a'"],
    ['src/renderer/a.ts', "import { a } from '../preload/a'"],
    ['src/renderer/a.ts', "import { ipcRenderer } from 'electron'"],
    ['src/renderer/a.ts', "import { readFile } from 'node:fs'"],
  ])('%s may not say: %s', async (file, code) => {
    expect(await broken(file, code)).toEqual(layer)
  })

  it('looks into the script of a component', async () => {
    const component = (line: string) => `<script setup lang="ts">\n${line}\n</script>\n`
    const file = 'src/renderer/views/A.vue'
    expect(await broken(file, component("import { a } from '../../main/a'"))).toEqual(layer)
    expect(await broken(file, component("import { a } from '../../shared/a'"))).toEqual([])
  })
})
