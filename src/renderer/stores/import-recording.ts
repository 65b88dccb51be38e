/**
 * Sends a recording to the host, piece by piece: the files of its folder, a zip of it, or a file in
 * another format.
 */
import { broughtArchive, broughtFile, importPieceMax } from '../../shared/recorded-parts'
import type { Imported, ImportStep } from '../../shared/recorded-parts'
import type { Brought } from './brought-files'

/** Bytes of a piece: three of them are four characters. */
const pieceBytes = (importPieceMax / 4) * 3

type Sends = (step: ImportStep) => Promise<Imported | undefined>

/**
 * The id of the recording once it is in the library; undefined when the host refused it, which the
 * screen has been told of, or `wanted` said no.
 */
export async function sendRecording(
  { called, isFolder, files }: Brought,
  send: Sends,
  onSent: (bytes: number) => void,
  wanted: () => boolean = () => true,
): Promise<string | undefined> {
  if (!(await send({ step: 'begin' }))) return undefined
  let sent = 0
  for (const file of files) {
    const whole = /\.zip$/i.test(called) ? broughtArchive : broughtFile
    const name = isFolder ? file.name : whole
    if (isFolder && !isRecordingFile(name)) continue
    for (let at = 0; at < Math.max(1, file.size); at += pieceBytes) {
      const piece = file.slice(at, at + pieceBytes)
      const base64 = await base64Of(piece)
      if (!wanted()) return void (await send({ step: 'forget' }))
      if (!(await send({ step: 'piece', file: name, base64 }))) return undefined
      onSent((sent += piece.size))
    }
  }
  return (await send({ step: 'end', called: called.slice(0, 200) }))?.id
}

/** What else lies in the folder stays where it is; the host looks again. */
const isRecordingFile = (name: string): boolean => name === 'run.json' || name.endsWith('.arrows')

/** @throws when the file cannot be read */
async function base64Of(piece: Blob): Promise<string> {
  const bytes = new Uint8Array(await piece.arrayBuffer())
  // One call takes only so many arguments.
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)))
  }
  return btoa(pieces.join(''))
}
