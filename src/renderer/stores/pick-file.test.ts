import { describe, expect, it } from 'vitest'
import { beginningOf } from './pick-file'

describe('the beginning of a file', () => {
  it('is the whole of a short one, and no more characters than were asked for', async () => {
    const file = new File(['\uFEFFträge €𝄞'], 'a.json')
    expect(await beginningOf(file, 100)).toBe('träge €𝄞')
    expect(await beginningOf(file, 7)).toBe('träge €')
    expect((await beginningOf(new File(['x'.repeat(9999)], 'b'), 10))?.length).toBe(10)
  })

  it('is none when the file has gone', async () => {
    const gone = { slice: () => ({ text: () => Promise.reject(new Error('NotReadableError')) }) }
    expect(await beginningOf(gone as unknown as File, 10)).toBeUndefined()
  })
})
