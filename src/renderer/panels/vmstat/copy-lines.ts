import { grouped } from '../../format/number'
import type { useMessagesStore } from '../../stores/messages'
import type { PrintedLines } from './printed-lines'
import { copyText, lineOf } from './vmstat-rows'

/**
 * A selection across lines is copied as vmstat printed them, with the header; within one number as
 * it is.
 */
export function copySelection(event: ClipboardEvent, printed: PrintedLines): void {
  const selection = document.getSelection()
  if (!selection || selection.isCollapsed) return
  const rows = printed.within(selection)
  const [only] = rows
  if (!only || selection.anchorNode === selection.focusNode) return
  event.clipboardData?.setData('text/plain', rows.length > 1 ? copyText(rows) : lineOf(only.row))
  event.preventDefault()
}

export function copyAll(
  printed: PrintedLines,
  messages: ReturnType<typeof useMessagesStore>,
): void {
  const put = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', copyText(printed.all))
    event.preventDefault()
  }
  document.addEventListener('copy', put, { once: true, capture: true })
  // The asynchronous clipboard wants a permission that no page of this application is given.
  const copied = document.execCommand('copy')
  document.removeEventListener('copy', put, { capture: true })
  if (copied) messages.say('done', `Copied ${grouped(printed.count)} lines of vmstat`)
  else messages.say('error', 'The clipboard was refused; use Save, vmstat text')
}
