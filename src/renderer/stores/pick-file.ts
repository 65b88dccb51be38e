/**
 * Asks for a file with the dialog of the system or the browser. Undefined when none was chosen. It
 * has to be called from a key or a click: a page may not open that dialog by itself.
 */
export async function pickFile(accept: string): Promise<File | undefined> {
  const [file] = await picked((input) => (input.accept = accept))
  return file
}

/** All files of a folder and of its folders; none when none was chosen. */
export const pickFolder = (): Promise<readonly File[]> =>
  picked((input) => (input.webkitdirectory = true))

async function picked(set: (input: HTMLInputElement) => void): Promise<readonly File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  set(input)
  input.hidden = true
  // One that is not in the document may be collected while the dialog is open, and never answers.
  document.body.append(input)
  try {
    return await new Promise((resolve) => {
      input.addEventListener('change', () => resolve([...(input.files ?? [])]))
      input.addEventListener('cancel', () => resolve([]))
      input.click()
    })
  } finally {
    input.remove()
  }
}

/**
 * At most so many characters of a text file, however large it is; undefined when it cannot be read.
 */
export async function beginningOf(file: File, charactersMax: number): Promise<string | undefined> {
  try {
    // A character takes at most three bytes.
    const text = await file.slice(0, 3 * charactersMax).text()
    return text.slice(0, charactersMax)
  } catch {
    return undefined
  }
}
