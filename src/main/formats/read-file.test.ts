import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readBounded } from './read-file'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soakscope-read-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const inFolder = (name: string): string => join(folder, name)

const read = (path: string, patienceMs?: number): string => {
  const found = readBounded(path, 1024, patienceMs)
  return found.ok ? found.value.toString() : found.error.message
}

it('reads a file up to its limit, and refuses a larger one', () => {
  writeFileSync(inFolder('small'), 'x'.repeat(1024))
  writeFileSync(inFolder('large'), 'x'.repeat(200_000))
  expect(read(inFolder('small'))).toBe('x'.repeat(1024))
  expect(read(inFolder('large'))).toBe(`${inFolder('large')} is larger than 1 KB`)
})

it.skipIf(process.platform === 'win32')('says what is no file', async () => {
  const why = (name: string): string => read(inFolder(name)).replace(/^cannot read .*?: /, '')
  expect(why('none')).toBe('there is no such file')
  expect(why('')).toBe('it is a folder')
  symlinkSync(inFolder('circle'), inFolder('circle'))
  expect(why('circle')).toBe('its links lead round in a circle')
  writeFileSync(inFolder('file'), '')
  expect(why('file/x')).toBe('a part of its path is a file')
  const server = createServer().listen(inFolder('socket'))
  await once(server, 'listening')
  expect(why('socket')).toBe('it is a socket or a device that is not there')
  server.close()
})

it.skipIf(process.platform === 'win32')(
  'waits for who writes to a pipe with a name, but not for ever',
  () => {
    const pipe = inFolder('pipe')
    spawnSync('mkfifo', [pipe])
    expect(read(pipe, 0)).toBe(`cannot read ${pipe}: it is a pipe, and nobody writes to it`)
    const writer = spawn('sh', ['-c', `(printf one; printf two) > '${pipe}'`])
    expect(read(pipe, 60_000)).toBe('onetwo')
    writer.kill()
  },
)
