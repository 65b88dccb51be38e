/** What must hold of descriptors and file structures between any two instants. */
import type { DescriptorTable } from './descriptor-table'
import { tableAt } from './descriptors'
import type { OpenFile } from './files'
import type { Kernel } from '../kernel'

/** One sentence for everything that is wrong with them; empty when nothing is. */
export function wrongWithDescriptors(kernel: Kernel): string[] {
  const wrong: string[] = []
  const users = new Map<OpenFile, number>()
  let unfilled = 0
  const seen = new Set<DescriptorTable>()
  for (const task of kernel.processes.all) {
    const { pid } = task
    const table = tableAt(task)
    if (!table || seen.has(table)) continue
    seen.add(table)
    const { words } = table.bitmaps()
    let set = 0
    for (let descriptor = 0; descriptor < words.length * 32; descriptor++) {
      const file = table.files[descriptor]
      const isOpen = table.isOpen(descriptor)
      if (isOpen) set++
      if (file) users.set(file, (users.get(file) ?? 0) + 1)
      else if (isOpen) unfilled++
      if (file && !isOpen) wrong.push(`descriptor ${descriptor} of ${pid} is free, with a file`)
    }
    if (set !== table.open) wrong.push(`process ${pid} has ${set} descriptors, not ${table.open}`)
  }
  for (const [file, count] of users) {
    if (file.users !== count) {
      wrong.push(`${file.name} is used by ${count} descriptors, not ${file.users}`)
    }
  }
  // A descriptor without a file is in the middle of a call, which may have its file structure
  // already.
  const { used, held, limit, open } = kernel.descriptors.system
  if (used < users.size || used > users.size + unfilled) {
    wrong.push(`${users.size} files are open, ${used} are counted`)
  }
  if (open !== used + held || held < 0) wrong.push(`${open} of ${limit} files are in use`)
  return wrong
}
