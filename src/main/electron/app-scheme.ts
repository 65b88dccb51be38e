/** The `app:` scheme: the built page, and nothing outside its folder. */
import type { Protocol } from 'electron'
import { contentPolicy } from '../content-policy'
import { fileAt, readPageFile } from '../page-files'

export const pageScheme = 'app'
const pageHost = 'soakscope'
/** What a frame of the page says its origin is. */
export const pageOrigin = `${pageScheme}://${pageHost}`
export const pageAddress = `${pageOrigin}/index.html`

/** The file in the folder that an address names, or undefined when it names none there. */
export function fileInFolder(folder: string, address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  if (url.protocol !== `${pageScheme}:` || url.host !== pageHost) return undefined
  return fileAt(folder, url.pathname)
}

/** Answers requests for the scheme. @param folder the built page, out/renderer. */
export function servePageScheme(protocol: Protocol, folder: string): void {
  protocol.handle(pageScheme, async (request) => {
    const named = request.method === 'GET' ? fileInFolder(folder, request.url) : undefined
    const file = await readPageFile(named)
    if (file === undefined) return refusal()
    return new Response(file.bytes, {
      headers: {
        'content-type': file.mediaType,
        'content-security-policy': contentPolicy(),
        'x-content-type-options': 'nosniff',
      },
    })
  })
}

const refusal = (): Response => new Response('there is nothing here\n', { status: 404 })
