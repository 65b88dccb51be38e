/** Dialogs for what is saved and where: a path comes from main, never from the page. */
import { app, BrowserWindow, dialog, type OpenDialogOptions, type WebContents } from 'electron'
import { join } from 'node:path'
import type { SaveOutcome } from '../../shared/api'
import { failure, success, type Result } from '../../shared/result'
import type { Saver } from '../api/saving'
import { fileKinds, type SavedFile } from '../api/saving'
import { writeWhole } from '../formats/write-file'

/** One dialog at a time, whatever the page asks for. */
export function saveByDialog(contents: WebContents): Saver {
  let asking = false
  return async (file) => {
    if (asking) return failure('refused', 'a file is being saved already; answer its dialog first')
    asking = true
    try {
      return await save(contents, file)
    } finally {
      asking = false
    }
  }
}

async function save(contents: WebContents, file: SavedFile): Promise<Result<SaveOutcome>> {
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

/** A folder to record into, which may be a new one. Undefined when the dialog was called off. */
export async function chooseFolderByDialog(now: string | undefined): Promise<string | undefined> {
  const options: OpenDialogOptions = {
    title: 'Folder for recordings',
    buttonLabel: 'Record here',
    ...(now === undefined ? {} : { defaultPath: now }),
    properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
  }
  const window = BrowserWindow.getFocusedWindow()
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options))
  return canceled ? undefined : filePaths[0]
}
