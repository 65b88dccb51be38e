/**
 * Asks for a file with the dialog of the system or the browser. Undefined when none was chosen. It
 * has to be called from a key or a click: a page may not open that dialog by itself.
 */
export async function pickFile(accept: string): Promise<File | undefined> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = accept
  input.hidden = true
  // One that is not in the document may be collected while the dialog is open, and never answers.
  document.body.append(input)
  try {
    return await new Promise((resolve) => {
      input.addEventListener('change', () => resolve(input.files?.[0]))
      input.addEventListener('cancel', () => resolve(undefined))
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
