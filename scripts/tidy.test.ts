import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

describe('package.json and package-lock.json', () => {
  it('pin every direct dependency exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    )
    expect(loose).toEqual([])
  })

  it('name no registry: the one that npm is set to is asked', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { resolved?: string; integrity?: string }>
    }
    const installed = Object.entries(packages).filter(([folder]) => folder !== '')
    expect(installed.filter(([, entry]) => entry.resolved !== undefined)).toEqual([])
    expect(installed.filter(([, entry]) => entry.integrity === undefined)).toEqual([])
  })
})

describe('the sources', () => {
  const entries = readdirSync(path.join(root, 'src'), {
    recursive: true,
    withFileTypes: true,
  }).filter((entry) => entry.isFile())
  const files = entries.map((entry) => entry.name)
  const code = entries
    .filter(({ name }) => /\.(ts|vue)$/.test(name))
    .map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)))

  it('are named in kebab-case, components in PascalCase', () => {
    const name =
      /^(?:[a-z0-9]+(?:[.-][a-z0-9]+)*\.(?:ts|css|html|json|woff2|svg|png|arrows)|[A-Z][A-Za-z0-9]+\.vue)$/
    expect(files.filter((file) => !name.test(file))).toEqual([])
  })
  it('are short: a file has one idea', () => {
    const linesOf = (file: string) => read(file).trimEnd().split('\n').length
    expect(code.filter((file) => linesOf(file) > 400)).toEqual([])
  })

  it('open with at most eight lines of words', () => {
    const opening = (file: string) => /^\/\*\*\n([^]*?)\*\//.exec(read(file))?.[1] ?? ''
    expect(code.filter((file) => opening(file).trimEnd().split('\n').length > 8)).toEqual([])
  })
})
