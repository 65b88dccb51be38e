/** The files of one page that are being written: how far they are, and an end before theirs. */
import { success, type Result } from '../../shared/result'
import type { SaveOutcome, SaveState } from '../../shared/api'
import type { Pieces } from '../formats/write-file'
import type { SavedFile, Saver } from './saving'

interface UnderWay {
  bytes: number
  isCalledOff: boolean
}

export class SaveCourse {
  private readonly files = new Set<UnderWay>()

  constructor(private readonly saver: Saver) {}

  /** As the saver does; what is called off is `cancelled`, and no failure. */
  readonly save = async (file: SavedFile): Promise<Result<SaveOutcome>> => {
    const underWay = { bytes: 0, isCalledOff: false }
    this.files.add(underWay)
    try {
      const saved = await this.saver({ ...file, pieces: followed(file.pieces, underWay) })
      return underWay.isCalledOff && !saved.ok ? success({ kind: 'cancelled' }) : saved
    } finally {
      this.files.delete(underWay)
    }
  }

  state(): SaveState {
    const files = [...this.files]
    return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
  }

  callOff(): void {
    for (const file of this.files) file.isCalledOff = true
  }
}

/** The writer takes an error for the end of it, and leaves nothing behind. */
async function* followed(pieces: Pieces, file: UnderWay): AsyncGenerator<string | Uint8Array> {
  for await (const piece of pieces) {
    yield piece
    file.bytes += Buffer.byteLength(piece)
    if (file.isCalledOff) throw new Error('called off')
  }
}
