import type { Session, WebContents } from 'electron'
import { expect, it } from 'vitest'
import { pageAddress } from './app-scheme'
import { denyRequests } from './harden'

type Handler = Parameters<Session['setPermissionRequestHandler']>[0]

/** What a session answers to a page at an address that asks for a permission. */
function answers(): (permission: string, address?: string, isMainFrame?: boolean) => boolean {
  let handler: Handler = null
  denyRequests({
    setPermissionRequestHandler: (given: Handler) => (handler = given),
    setPermissionCheckHandler: () => undefined,
    setDevicePermissionHandler: () => undefined,
    webRequest: { onBeforeRequest: () => undefined },
  } as unknown as Session)
  return (permission, address = pageAddress, isMainFrame = true) => {
    let answer = false
    const contents = { getURL: () => address } as WebContents
    const details = { isMainFrame, requestingUrl: address }
    const asked = permission as 'fullscreen'
    handler?.(contents, asked, (granted) => (answer = granted), details)
    return answer
  }
}

it('a page may fill the screen, where it is the own one, and nothing else', () => {
  const given = answers()
  expect(given('fullscreen')).toBe(true)
  expect(given('fullscreen', pageAddress, false)).toBe(false)
  expect(given('fullscreen', 'https://example.org/')).toBe(false)
  for (const other of ['media', 'geolocation', 'notifications', 'clipboard-read', 'pointerLock']) {
    expect(given(other), other).toBe(false)
  }
})
