import type { SaveOutcome } from '../../shared/api'

type Download = Extract<SaveOutcome, { kind: 'download' }>

/**
 * Lets the browser fetch what was saved. Returns a message when the address is not this page's own.
 */
export function download(outcome: Download): string | undefined {
  const address = new URL(outcome.href, location.href)
  if (address.origin !== location.origin) {
    return `${outcome.name} was not fetched: its address is not on ${location.origin}`
  }
  const link = document.createElement('a')
  link.href = address.href
  link.download = outcome.name
  link.click()
  return undefined
}
