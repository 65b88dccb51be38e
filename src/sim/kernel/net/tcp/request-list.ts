/**
 * The open requests of a listener (syn_wait_queue of 2.2): one list of forward links, a new one at
 * its end, from the SYN until accept takes the connection. Whatever looks for one walks from the
 * front: the bottom half for the request of a segment (tcp_v4_search_req), accept for the first
 * that is established (tcp_find_established), also when there is none. Each passed is two lines of
 * 32 bytes: its link and its address, or its socket. The host counts what a walk passes by a tree
 * of sums over places (Fenwick), and does not walk.
 */
import type { Cycles } from '../../../units/cycles'
import type { KernelBase } from '../../sched/base'
import type { Connection } from './connection'

/** sizeof(struct open_request) of 2.2.1, in lines of its own slab. */
const linesOfRequest = 2
const firstRoom = 1024

export class RequestList {
  length = 0
  /** Connections by place, with gaps where some were removed. Places begin at 1. */
  private order: (Connection | undefined)[] = [undefined]
  /** The established ones, in the order of the list. */
  private readonly established: Connection[] = []
  private sums = new Int32Array(firstRoom)
  private nextPlace = 1
  private readonly footprint: number

  constructor(private readonly base: KernelBase) {
    this.footprint = base.cache.create(linesOfRequest * base.cache.lineBytes)
  }

  /** tcp_synq_queue(), on `cpu`. */
  append(connection: Connection, cpu: number): void {
    if (this.nextPlace === this.sums.length) this.renumber()
    this.length++
    this.put(connection)
    this.resized()
    // The new one, and the link of the one before it.
    this.base.cache.invalidate(cpu, this.footprint, linesOfRequest + 1)
  }

  private put(connection: Connection): void {
    const place = this.nextPlace++
    connection.place = place
    this.order[place] = connection
    this.count(place, 1)
  }

  /** The handshake of a request is complete: accept can take it. */
  establish(connection: Connection): void {
    const { established } = this
    let at = established.length
    while (at > 0 && established[at - 1].place > connection.place) at--
    if (at === established.length) established.push(connection)
    else established.splice(at, 0, connection)
  }

  /** tcp_find_established(): the first whose handshake is complete. */
  get first(): Connection | undefined {
    return this.established[0]
  }

  /** Requests that a walk on the way to this one looks at; left out: a walk that finds nothing. */
  walkTo(wanted?: Connection): number {
    if (wanted === undefined || wanted.place === 0) return this.length
    let passed = 0
    for (let at = wanted.place; at > 0; at -= at & -at) passed += this.sums[at]
    return passed
  }

  /** tcp_synq_unlink(). */
  remove(connection: Connection): void {
    const { place } = connection
    if (place === 0) return
    connection.place = 0
    this.order[place] = undefined
    this.length--
    this.count(place, -1)
    const { established } = this
    const at = established.indexOf(connection)
    if (at === 0 && established.length === 1) established.pop()
    else if (at >= 0) established.splice(at, 1)
    this.resized()
  }

  /** Cycles of a walk on `cpu` that looks at so many. */
  walking(cpu: number, passed: number): Cycles {
    if (passed === 0) return 0
    const { base } = this
    const lines = passed * linesOfRequest
    const misses = base.cache.touch(cpu, this.footprint, lines)
    return passed * base.cost.chainStep + Math.round(misses * base.missCycles)
  }

  /** In their order. */
  *[Symbol.iterator](): IterableIterator<Connection> {
    for (const connection of this.order) if (connection) yield connection
  }

  private count(place: number, by: 1 | -1): void {
    for (let at = place; at < this.sums.length; at += at & -at) this.sums[at] += by
  }

  /** Closes the gaps between the places, and makes room for as many again. */
  private renumber(): void {
    const { order } = this
    const room = Math.max(firstRoom, 2 * this.length + 2)
    if (room > this.sums.length) this.sums = new Int32Array(room)
    else this.sums.fill(0)
    this.order = [undefined]
    this.nextPlace = 1
    for (const connection of order) if (connection) this.put(connection)
  }

  private resized(): void {
    const { cache } = this.base
    const lines = Math.max(1, this.length) * linesOfRequest
    cache.resize(this.footprint, lines * cache.lineBytes)
  }
}
