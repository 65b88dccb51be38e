/** Calls for each line. They end as they do on Unix, Windows or an old Macintosh. */
export function eachLine(text: string, take: (line: string, number: number) => void): void {
  const end = text.includes('\n') ? '\n' : '\r'
  for (let from = 0, number = 1; from < text.length; number++) {
    const at = text.indexOf(end, from)
    const to = at < 0 ? text.length : at
    take(text.slice(from, to), number)
    from = to + 1
  }
}
