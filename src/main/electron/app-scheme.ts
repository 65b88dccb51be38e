/** The `app:` scheme: the built page, and nothing outside its folder. */
import type { Protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { contentPolicy } from '../content-policy'

export const pageScheme = 'app'
const pageHost = 'soakscope'
/** What a frame of the page says its origin is. */
export const pageOrigin = `${pageScheme}://${pageHost}`
export const pageAddress = `${pageOrigin}/index.html`

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** The file in the folder that an address names, or undefined when it names none there. */
export function fileInFolder(folder: string, address: string): string | undefined {
  let url: URL
  let path: string
  try {
    url = new URL(address)
    path = decodeURIComponent(url.pathname)
  } catch {
    return undefined
  }
  if (url.protocol !== `${pageScheme}:` || url.host !== pageHost || path.includes('\0')) {
    return undefined
  }
  const file = normalize(join(folder, path))
  return file.startsWith(normalize(folder) + sep) ? file : undefined
}

/** Answers requests for the scheme. @param folder the built page, out/renderer. */
export function servePageScheme(protocol: Protocol, folder: string): void {
  protocol.handle(pageScheme, async (request) => {
    const file = request.method === 'GET' ? fileInFolder(folder, request.url) : undefined
    if (file === undefined) return refusal()
    let bytes: Buffer
    try {
      bytes = await readFile(file)
    } catch {
      return refusal()
    }
    return new Response(new Uint8Array(bytes), {
      headers: {
        'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': contentPolicy(),
        'x-content-type-options': 'nosniff',
      },
    })
  })
}

const refusal = (): Response => new Response('there is nothing here\n', { status: 404 })
