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
const firstRoom = 64

export class RequestList {
  /** By connection, in the order of the list: where it stands. */
  private readonly places = new Map<Connection, number>()
  /** The established ones, in the order of the list. */
  private readonly established: Connection[] = []
  private sums = new Int32Array(firstRoom)
  private nextPlace = 1
  private readonly footprint: number

  constructor(private readonly base: KernelBase) {
    this.footprint = base.cache.create(linesOfRequest * base.cache.lineBytes)
  }

  get length(): number {
    return this.places.size
  }

  /** tcp_synq_queue(), on `cpu`. */
  append(connection: Connection, cpu: number): void {
    if (this.nextPlace === this.sums.length) this.renumber()
    const place = this.nextPlace++
    this.places.set(connection, place)
    this.count(place, 1)
    this.resized()
    // The new one, and the link of the one before it.
    this.base.cache.invalidate(cpu, this.footprint, linesOfRequest + 1)
  }

  /** The handshake of a request is complete: accept can take it. */
  establish(connection: Connection): void {
    const place = this.places.get(connection) ?? 0
    const { established } = this
    let at = established.length
    while (at > 0 && (this.places.get(established[at - 1]) ?? 0) > place) at--
    established.splice(at, 0, connection)
  }

  /** tcp_find_established(): the first whose handshake is complete. */
  get first(): Connection | undefined {
    return this.established[0]
  }

  /** Requests that a walk on the way to this one looks at; left out: a walk that finds nothing. */
  walkTo(wanted?: Connection): number {
    const place = wanted && this.places.get(wanted)
    if (place === undefined) return this.length
    let passed = 0
    for (let at = place; at > 0; at -= at & -at) passed += this.sums[at]
    return passed
  }

  /** tcp_synq_unlink(). */
  remove(connection: Connection): void {
    const place = this.places.get(connection)
    if (place === undefined) return
    this.places.delete(connection)
    this.count(place, -1)
    const at = this.established.indexOf(connection)
    if (at >= 0) this.established.splice(at, 1)
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
  [Symbol.iterator](): IterableIterator<Connection> {
    return this.places.keys()
  }

  private count(place: number, by: 1 | -1): void {
    for (let at = place; at < this.sums.length; at += at & -at) this.sums[at] += by
  }

  /** Closes the gaps between the places, and makes room for as many again. */
  private renumber(): void {
    this.sums = new Int32Array(Math.max(firstRoom, 2 * this.places.size + 2))
    this.nextPlace = 1
    for (const connection of this.places.keys()) {
      this.places.set(connection, this.nextPlace)
      this.count(this.nextPlace++, 1)
    }
  }

  private resized(): void {
    const { cache } = this.base
    const lines = Math.max(1, this.length) * linesOfRequest
    cache.resize(this.footprint, lines * cache.lineBytes)
  }
}
