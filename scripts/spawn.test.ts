import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const module = path.join(import.meta.dirname, 'spawn.mjs')
/** A script that runs a program which would never end, and which says its number. */
const script = `
  import { run } from ${JSON.stringify(module)}
  await run(process.execPath, ['-e', 'console.log(process.pid); setInterval(() => {}, 1e6)'])
`

describe.skipIf(process.platform === 'win32')('a script that npm started', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'ends with its program when its shell ends of %s and says nothing',
    async (signal) => {
      // The colon keeps the shell from becoming the script.
      const shell = spawn(
        'sh',
        ['-c', '"$0" --input-type=module -e "$1"; :', process.execPath, script],
        { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, npm_lifecycle_event: 'x' } },
      )
      const closed = once(shell, 'close')
      const [pid] = (await once(shell.stdout, 'data')) as [Buffer]
      shell.kill(signal)
      // The pipe closes when the last who could write to it has ended.
      await closed
      expect(() => process.kill(Number(pid.toString()), 0)).toThrow('ESRCH')
    },
  )
})

describe('programs that run beside each other', () => {
  it('say whole lines, those of their errors too', async () => {
    const halves = (text: string) =>
      `process.stdout.write('${text}1 '); process.stderr.write('${text}2 ');
       process.stdin.on('end', () => { console.log('end'); console.error('end') }).resume()`
    const both = `
      import { run } from ${JSON.stringify(module)}
      const programs = ${JSON.stringify(['a', 'b'].map(halves))}
      await Promise.all(programs.map((text) =>
        run(process.execPath, ['-e', text], { output: 'lines' })))
    `
    const script = spawn(process.execPath, ['--input-type=module', '-e', both], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    script.stdout.on('data', (text: Buffer) => (said += text.toString()))
    await once(script, 'close')
    expect(said.split('\n').sort()).toEqual(['', 'a1 end', 'a2 end', 'b1 end', 'b2 end'])
  })
})
