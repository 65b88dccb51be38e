/**
 * The memory of connections, in pages of the kernel (slabs of 2.2, mm/slab.c): a struct sock each,
 * with the inode, dentry and file that it is reached by once it is accepted, and for each segment
 * that waits a struct sk_buff with its data. A full segment's data with its headers takes a
 * kmalloc of 2,048 bytes. Objects lie as close as they can, and a page without any is given back.
 * Left out: what is shorter than a segment; frames on the ring; packets that are dropped for want
 * of memory: where no page is free, what was asked for is counted and does without.
 */
import type { PageFrames } from '../../mm/page-frames'
import { FrameUse, noFrame, pageBytes } from '../../mm/page-frames'
import type { Connection } from './connection'
import { isClosed } from './connection'

/** Objects of a page: struct sock and its like (1 KB together, assumed), sk_buff, data. */
const socksPerPage = 4
const headersPerPage = Math.floor(pageBytes / 160)
const segmentsPerPage = 2
const segmentBytes = 1460

export class SocketMemory {
  private sockets = 0
  private segments = 0
  private readonly pages: number[] = []
  /** Pages that were wanted and not there, at least at one time. */
  missed = 0

  constructor(private readonly frames: PageFrames) {}

  /** Bytes that connections have of the machine's memory. */
  get bytes(): number {
    return this.pages.length * pageBytes
  }

  /** A connection begins. */
  began(): void {
    this.sockets++
    this.adjust()
  }

  /** What waits in a connection, to be acknowledged or to be read, may have changed. */
  changed(connection: Connection): void {
    const { written, unacknowledged, readable } = connection
    const waiting = isClosed(connection) ? 0 : Math.max(0, written - unacknowledged)
    const segments = Math.ceil(waiting / segmentBytes) + Math.ceil(readable / segmentBytes)
    if (segments === connection.segments) return
    this.segments += segments - connection.segments
    connection.segments = segments
    this.adjust()
  }

  /** It is over: nothing of it stays. */
  ended(connection: Connection): void {
    this.sockets--
    this.segments -= connection.segments
    connection.segments = 0
    this.adjust()
  }

  private adjust(): void {
    const { pages, frames, sockets, segments } = this
    const wanted =
      Math.ceil(sockets / socksPerPage) +
      Math.ceil(segments / headersPerPage) +
      Math.ceil(segments / segmentsPerPage)
    while (pages.length < wanted) {
      const frame = frames.take(FrameUse.kernel)
      if (frame === noFrame) {
        this.missed++
        return
      }
      pages.push(frame)
    }
    while (pages.length > wanted) frames.drop(pages.pop() as number)
  }
}
