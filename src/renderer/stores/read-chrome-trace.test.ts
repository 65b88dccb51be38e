import { expect, it } from 'vitest'
import { readChromeTrace } from './read-chrome-trace'

const head = {
  tool: 'soakscope 1',
  trace: {
    origin: { version: '1', scenario: 'web', seed: 3 },
    clockMHz: 450,
    cpus: 1,
    reason: 'time',
    fromSeconds: 0,
    toSeconds: 1,
    isFull: false,
    maxBytes: 9,
    begins: [0],
    ends: [9],
    running: [-1],
    runnable: 0,
    procedures: [{ image: 'vmlinux', procedure: 'schedule', mode: 1 }],
    names: ['größer'],
    parents: [0, 0],
    procedureOf: [0, 0],
    tasks: [],
  },
}
const records = 5000
const event = (at: number): string => `{"ph":"X","args":{"record":"0 0 ${at} 3 1 0 0"}}`
const text = `{"displayTimeUnit":"ns","otherData":${JSON.stringify(head)},"traceEvents":[
${Array.from({ length: records }, (_, at) => event(at)).join(',\n')}
]}
`

it('reads a Chrome trace line by line, wherever its pieces end', async () => {
  const bytes = new TextEncoder().encode(text)
  // Blob streams come in pieces of their own; these end within lines and within letters.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 777) }, (_, at) =>
    bytes.slice(at * 777, (at + 1) * 777),
  )
  const stream = (): ReadableStream =>
    new ReadableStream({
      start(to) {
        for (const piece of pieces) to.enqueue(piece)
        to.close()
      },
    })
  const read = await readChromeTrace(Object.assign(new Blob(), { stream }) as Blob)
  if (!read.ok) throw new Error(read.error.message)
  const { columns, names } = read.value.trace
  expect([columns.count, columns.at[records - 1], names]).toEqual([
    records,
    records - 1,
    ['größer'],
  ])
})

it('says where it is cut off or cannot be read', async () => {
  const refused = async (file: Blob): Promise<string> => {
    const read = await readChromeTrace(file)
    return read.ok ? 'read' : read.error.message
  }
  expect(await refused(new Blob([text.slice(0, 9000)]))).toContain('is cut off')
  expect(await refused(new Blob(['x'.repeat(9000)]))).toContain('its first line is not ours')
  const stream = (): ReadableStream =>
    new ReadableStream({ start: (to) => to.error(new Error('gone')) })
  expect(await refused(Object.assign(new Blob(), { stream }) as Blob)).toContain(
    'is it still there?',
  )
})
