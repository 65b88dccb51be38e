/** Saving: the path comes from a dialog that main opens, never from the page. */
import { app, BrowserWindow, dialog, type WebContents } from 'electron'
import { join } from 'node:path'
import { success } from '../../shared/result'
import type { Saver } from '../api/host-api'
import { fileKinds } from '../api/saving'
import { writeWhole } from '../formats/write-file'

export function saveByDialog(contents: WebContents): Saver {
  return async (file) => {
    const { title, extension } = fileKinds[file.kind]
    const options = {
      title: `Save ${title}`,
      defaultPath: join(app.getPath('documents'), file.name),
      filters: [{ name: title, extensions: [extension] }],
    }
    const window = BrowserWindow.fromWebContents(contents)
    const { canceled, filePath } = await (window
      ? dialog.showSaveDialog(window, options)
      : dialog.showSaveDialog(options))
    if (canceled || filePath === '') return success({ kind: 'cancelled' })
    const written = await writeWhole(filePath, file.pieces)
    if (!written.ok) return written
    return success({ kind: 'written', path: filePath, bytes: written.value })
  }
}
