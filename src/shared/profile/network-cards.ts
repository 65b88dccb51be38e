/** Cards of procedures that have to do with sockets and the network. */
import type { Cards, WorkCount } from './card'

const received: readonly WorkCount[] = [
  { counter: 'net.received', of: 'frames that came in' },
  { counter: 'net.sent', of: 'frames that went out' },
]
const accepted: readonly WorkCount[] = [
  { counter: 'accept.woken', of: 'processes woken for connections' },
  { counter: 'accept.backToSleep', of: 'of them found none and slept again' },
  { counter: 'accept.foundConnection', of: 'of them found one' },
]

export const networkCards: Cards = {
  boomerang_interrupt: {
    about:
      'The interrupt of the 3Com card: takes a frame off its ring and puts it on the backlog, or frees a frame that was sent.',
    why: 'One for each frame, by programmed input and output.',
    counts: received,
    digitalUnix: 'fddi_intr(): the network card’s interrupt, which queues a frame for netisr.',
  },
  net_bh: {
    about:
      'The bottom half of the network: hands the backlog’s frames to the protocols, one CPU at a time.',
    why: 'All of the protocol’s work on what comes in is below it.',
    counts: received,
    digitalUnix: 'netisr: the thread that hands queued frames to the protocols.',
  },
  tcp_v4_rcv: {
    about:
      'TCP’s input: finds the connection, takes acknowledgements and data, answers, wakes who waits.',
    why: 'A price for each segment; a connection takes about ten.',
    counts: received,
    digitalUnix: 'tcp_input(): finds the connection, takes acknowledgements and data, answers.',
  },
  sys_socketcall: {
    about: 'The one system call behind socket(), bind(), listen(), accept() and others on i386.',
    why: 'A fixed price for each call; what it calls stands below it.',
  },
  tcp_accept: {
    about:
      'accept(): takes the oldest open connection off the listening socket, or sleeps on its wait queue.',
    why: 'A woken process that finds the queue empty has paid for a switch and for nothing.',
    counts: accepted,
    digitalUnix: 'soaccept(): takes a connection off the listening socket.',
  },
  tcp_recvmsg: {
    about:
      'Reads from a connection: copies what has come to the process, or sleeps until something comes.',
    why: 'It copies every byte.',
    counts: received,
  },
  tcp_sendmsg: {
    about:
      'Writes to a connection: copies from the process into segments, with their checksums, and sends what the window takes.',
    why: 'It copies every byte and builds every segment.',
    counts: received,
  },
  tcp_close: {
    about: 'Closes a connection: sends a FIN, and lets the protocol do the rest.',
    why: 'A price for each connection.',
    counts: [
      { counter: 'tcp.open', of: 'connections now' },
      { counter: 'tcp.timeWait', of: 'addresses in TIME_WAIT now' },
    ],
  },
  sys_getsockname: {
    about: 'getsockname(): says at which address and port a connection was taken.',
    why: 'A fixed price for each call: Apache asks once for each connection.',
  },
  sys_setsockopt: {
    about: 'setsockopt(): sets an option of a socket, such as TCP_NODELAY.',
    why: 'A fixed price for each call: Apache makes it once for each connection.',
  },
  synchronize_bh: {
    about:
      'lock_sock() and release_sock() of 2.2 keep bottom halves off a socket: a CPU spins here while another executes bottom halves.',
    why: 'One CPU handles packets and wakes the herd; whoever was woken spins until it is through.',
    counts: received,
  },
}
