/**
 * The folder in which files wait to be fetched: one of the system's temporary ones, named after
 * this process.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isGone, isOwnFolder, writerTag } from '../formats/part-files'

const pattern = /^soakscope-([0-9a-f]{8}-\d+-\d+)-\w{6}$/

export class DownloadFolder {
  private made: Promise<string> | undefined

  /** @param parent where the folder is made, and what killed servers have left is looked for */
  constructor(private readonly parent: string = tmpdir()) {}

  /** The folder's path; it is made when there is none, or when somebody has cleaned it away. */
  async path(): Promise<string> {
    const made = (this.made ??= this.make())
    const path = await made.catch((error: unknown) => {
      // There may be room the next time.
      this.forget(made)
      throw error
    })
    if (existsSync(path)) return path
    this.forget(made)
    return this.path()
  }

  private forget(made: Promise<string>): void {
    if (this.made === made) this.made = undefined
  }

  async remove(): Promise<void> {
    const path = await this.made?.catch(() => undefined)
    this.made = undefined
    if (path !== undefined) await rm(path, { recursive: true, force: true })
  }

  private async make(): Promise<string> {
    await this.sweep()
    return mkdtemp(join(this.parent, `soakscope-${writerTag()}-`))
  }

  /** Removes what servers of this user have left that were killed. */
  private async sweep(): Promise<void> {
    for (const name of await readdir(this.parent).catch((): string[] => [])) {
      const [, tag] = pattern.exec(name) ?? []
      if (tag === undefined || !isGone(tag)) continue
      const path = join(this.parent, name)
      if (isOwnFolder(path)) await rm(path, { recursive: true, force: true }).catch(() => undefined)
    }
  }
}
