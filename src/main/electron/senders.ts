/**
 * Who may call main: a page that this program opened itself, from its top frame, at its own origin.
 * All three, because each alone can be had by something else.
 */
import { pageOrigin } from './app-scheme'

interface Frame {
  readonly origin: string
}
/** What is looked at in an IPC event. */
export interface SenderEvent {
  readonly sender: { readonly id: number; readonly mainFrame: Frame }
  readonly senderFrame: Frame | null
}

export class TrustedSenders {
  private readonly ids = new Set<number>()

  /** A window of ours was opened. */
  add(webContentsId: number): void {
    this.ids.add(webContentsId)
  }
  /** It was closed. */
  remove(webContentsId: number): void {
    this.ids.delete(webContentsId)
  }

  /** Why a sender is not trusted, or undefined when it is. */
  objection(event: SenderEvent): string | undefined {
    try {
      return this.objectionTo(event)
    } catch {
      // What Electron says of a window or a frame that is gone by now.
      return 'not there any more'
    }
  }

  private objectionTo({ sender, senderFrame }: SenderEvent): string | undefined {
    if (!this.ids.has(sender.id)) return 'not a window of Soakscope'
    if (senderFrame === null || senderFrame !== sender.mainFrame) return 'not the top frame'
    if (senderFrame.origin !== pageOrigin)
      return `not the page of Soakscope but ${senderFrame.origin}`
    return undefined
  }
}
