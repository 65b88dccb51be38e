import type { Cycles } from '../units/cycles'
import { p6 } from './p6'

/**
 * The 21164 core (EV5): cycles of the kernel's primitive operations. Measured rows are lmbench 1.1
 * of 28 Feb 1996, Alpha 300 MHz (reference-figures §8.1), where 1 µs is 300 cycles. What lmbench
 * does not tell is the P6's instruction count, for each clock of a P6 so many of a 21164: SPECint95
 * a MHz, 12.3/400 of the AlphaStation 500 (Banga & Mogul) against 8.2/200 of a Pentium Pro 200
 * (from memory: assumed).
 */
const perP6Cycle = 8.2 / 200 / (12.3 / 400)

/** Null call, context switch, and a TCP round trip without what is no packet, µs. */
const nullCallUs = 1
const switchUs = 2
const tcpUs = 97
const cyclesPerUs = 300
/** As in the P6's table: a way is half, sending and receiving half of that. */
const packet = ((tcpUs - 2 * nullCallUs - 2 * switchUs) / 4) * cyclesPerUs
const perP6Packet = packet / p6.tcpSend

type Operation = keyof typeof p6

const measured: Partial<Record<Operation, Cycles>> = {
  systemCall: nullCallUs * cyclesPerUs,
  contextSwitch: switchUs * cyclesPerUs,
  /** No TLB is flushed: its entries carry an address space number (21164 manual, from memory). */
  switchAddressSpace: 100,
  tcpSend: packet,
  tcpReceive: packet,
  tcpAcknowledge: packet / 2,
  tcpSyn: p6.tcpSyn * perP6Packet,
  tcpEstablish: p6.tcpEstablish * perP6Packet,
  tcpAccept: p6.tcpAccept * perP6Packet,
  tcpClose: p6.tcpClose * perP6Packet,
  /** fork is 0.4K µs, as on the Celeron 466, most of it page tables, faults and exit. */
  fork: (400 * cyclesPerUs * p6.fork) / (400 * 466),
  /** exec is 1K µs, where the Celeron takes 3K. */
  exec: (1000 * cyclesPerUs * p6.exec) / (3000 * 466),
  dynamicLink: (1000 * cyclesPerUs * p6.dynamicLink) / (3000 * 466),
  /**
   * One slot in ufalloc: bound, which of the two arrays of files (lsof's dproc.c), address, load,
   * test, count and branch: eight instructions, one a cycle in order (assumed).
   */
  fileSlot: 8,
  /**
   * One call of soo_select, by a scan or by the one that undoes it. Fitted to one point: 53 % of
   * the CPU in select with 2,000 cold connections (figures §1.2). From the P6's it would be 369,
   * which has Linux's way to a socket in it, and its lines in a second level.
   */
  pollDescriptor: 160,
}

const scaled = Object.entries(p6).map(
  ([operation, cycles]) =>
    [operation, Math.round(measured[operation as Operation] ?? cycles * perP6Cycle)] as const,
)

/** Whole cycles. */
export const ev5 = Object.fromEntries(scaled) as Readonly<Record<Operation, Cycles>>
