/**
 * Files that a page may fetch once: written to a temporary folder, gone when fetched, or after a
 * while.
 */
import { randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { SaveOutcome } from '../../shared/api'
import { failure, success, type Result } from '../../shared/result'
import { fileKinds, type SavedFile } from '../api/saving'
import { reasonOf } from '../formats/place'
import { writeWhole } from '../formats/write-file'
import { DownloadFolder } from './download-folder'

export const downloadPath = '/download/'
/** Wall milliseconds that a file waits to be fetched. */
const waitMs = 120_000
/** Files that wait at once; of more, the oldest goes. */
const waitingMax = 8

interface Waiting {
  readonly file: SavedFile
  readonly path: string
  readonly bytes: number
  readonly expiry: NodeJS.Timeout
}

export class Downloads {
  private readonly waiting = new Map<string, Waiting>()

  constructor(
    private readonly reportError: (error: unknown) => void,
    private readonly folder = new DownloadFolder(),
  ) {}

  /** Writes the file and gives the address at which it can be fetched once. */
  async offer(file: SavedFile): Promise<Result<SaveOutcome>> {
    const id = randomBytes(16).toString('hex')
    let path: string
    try {
      path = join(await this.folder.path(), id)
    } catch (error) {
      const why = reasonOf(error)
      return failure('cannot-write', `cannot make a folder for what is saved: ${why}`)
    }
    const written = await writeWhole(path, file.pieces)
    if (!written.ok) return written
    const expiry = setTimeout(() => void this.drop(id), waitMs)
    this.waiting.set(id, { file, path, bytes: written.value, expiry })
    const [oldest] = this.waiting.keys()
    if (this.waiting.size > waitingMax && oldest !== undefined) await this.drop(oldest)
    const href = downloadPath + id
    return success({ kind: 'download', name: file.name, href, bytes: written.value })
  }

  /** Sends a file that waits, and forgets it. False when there is none at this address. */
  async send(id: string, response: ServerResponse): Promise<boolean> {
    const waiting = this.waiting.get(id)
    if (!waiting) return false
    this.waiting.delete(id)
    clearTimeout(waiting.expiry)
    const { file, path, bytes } = waiting
    try {
      const source = await open(path)
      response.writeHead(200, {
        'content-type': fileKinds[file.kind].mediaType,
        'content-length': bytes,
        'content-disposition': `attachment; filename="${file.name}"`,
        'cache-control': 'no-store',
      })
      await pipeline(source.createReadStream(), response)
    } catch (error) {
      // A browser that goes away in the middle is no fault of ours.
      if (!response.destroyed) throw error
    } finally {
      await this.remove(path)
    }
    return true
  }

  async close(): Promise<void> {
    for (const id of [...this.waiting.keys()]) await this.drop(id)
    await this.folder.remove().catch(this.reportError)
  }

  private async drop(id: string): Promise<void> {
    const waiting = this.waiting.get(id)
    if (!waiting) return
    this.waiting.delete(id)
    clearTimeout(waiting.expiry)
    await this.remove(waiting.path)
  }

  /**
   * Somebody may have cleaned up before. What cannot be removed is told, and is no failure of a
   * call.
   */
  private async remove(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true }).catch(this.reportError)
  }
}
