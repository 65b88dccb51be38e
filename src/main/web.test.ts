import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serveWeb } from './web'
import { servedWeb } from './web.test-support'

const { port, options, token, cookie, ask } = servedWeb()
const wrong = (secret: string): string => `${secret.slice(0, 5)}.example`

describe('the page', () => {
  it('is given to who has the token, which is exchanged for a cookie that scripts cannot read', async () => {
    const first = await ask(`/${token()}`)
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe('/')
    expect(first.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^soakscope-${port()}=[\\w-]{32}; HttpOnly; SameSite=Strict; Path=/$`),
    )
    expect(first.headers['set-cookie']?.[0]).not.toContain(token().slice(7))
    const page = await ask('/', { cookie: await cookie() })
    expect(page.status).toBe(200)
    expect(page.body.toString()).toContain('Soakscope')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['x-content-type-options']).toBe('nosniff')
  })

  it('is refused without the token, with a wrong one and with a wrong cookie', async () => {
    for (const [path, headers] of [
      ['/', {}],
      ['/?token=', {}],
      ['/?token=wrong', {}],
      ['/', { cookie: `soakscope-${port()}=wrong` }],
      ['/', { cookie: `soakscope-${port()}=${token().slice(7)}` }],
      ['/index.html', {}],
      ['/download/x', {}],
    ] as const) {
      const answer = await ask(path, headers)
      expect([answer.status, path]).toEqual([401, path])
      expect(answer.body.toString()).toBe(
        'the token is missing or wrong: open the address that soakscope serve printed\n',
      )
    }
  })

  it('is refused under another Host, even to who has token and cookie', async () => {
    const good = await cookie()
    for (const wrong of [
      'evil.example',
      `evil.example:${port()}`,
      '10.0.0.1',
      'localhost.evil.example',
    ]) {
      expect((await ask('/', { host: wrong, cookie: good })).status).toBe(403)
      expect((await ask(`/${token()}`, { host: wrong })).status).toBe(403)
    }
    expect((await ask('/', { host: wrong(good), cookie: good })).status).toBe(403)
    for (const right of ['localhost:9999', '[::1]:80', '127.0.0.1']) {
      expect((await ask('/', { host: right, cookie: good })).status).toBe(200)
    }
  })

  it('is refused to a page of another origin', async () => {
    const headers = { cookie: await cookie(), origin: 'http://localhost:3000' }
    const answer = await ask('/', headers)
    expect(answer.status).toBe(403)
    expect(answer.body.toString()).toContain('wrong Origin')
  })

  it('is never outside its folder, and only read', async () => {
    const headers = { cookie: await cookie() }
    for (const path of [
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%2f..%2fetc/passwd',
    ]) {
      expect((await ask(path, headers)).status).toBe(404)
    }
    expect((await ask('/', headers, 'POST')).status).toBe(405)
  })
})

describe('where it is served', () => {
  it('is loopback only', async () => {
    for (const host of ['0.0.0.0', '192.168.1.1', '::', 'example.org', '127.0.0.1.example.org']) {
      expect(await serveWeb(options(0, host))).toMatchObject({
        error: {
          code: 'bad-argument',
          message: expect.stringContaining('is not a loopback address'),
        },
      })
    }
  })

  it('is said to be in use when it is', async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    )
    expect(await serveWeb(options(port))).toEqual({
      ok: false,
      error: {
        code: 'port-in-use',
        message: `port ${port} of 127.0.0.1 is in use; name another, or 0 for any free one`,
      },
    })
    other.close()
  })

  it('needs the built page', async () => {
    const served = await serveWeb({
      ...options(),
      rendererFolder: join(options().rendererFolder, 'none'),
    })
    expect(served).toMatchObject({ error: { message: expect.stringContaining('npm run build') } })
  })
})
