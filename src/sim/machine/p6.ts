import type { Cycles } from '../units/cycles'

/**
 * The P6 core (Pentium Pro, II and III, Xeon): cycles of the kernel's primitive operations. One set
 * for every experiment. Sources are rows of reference-figures; the nearest core with a complete
 * lmbench column is the Celeron 466 (§8.2), so 1 µs there is 466 cycles. `assumed` marks an
 * instruction count: read off the length of the code path, at about one cycle an instruction; none
 * of them was fitted. What waits for memory is not here: it takes nanoseconds, which stand in each
 * machine's preset, and core.ts makes cycles of them.
 */
export const p6 = {
  /** Enter and leave the kernel: null call, 0.6 µs on the Celeron 466. */
  systemCall: 280,
  /** Descriptor look-up and file-layer dispatch of read and write: null I/O − null call, 0.3 µs. */
  fileCall: 140,
  /**
   * Path walk of a cached name, per component: stat (5 µs) − null call, over its three components.
   */
  pathComponent: 680,
  /** Allocate a descriptor and a file structure, and undo it: open/close (7 µs) − stat (5 µs). */
  openClose: 930,
  /** sigaction: signal install (1.8 µs on the Celeron 466) − null call. */
  signalInstall: 560,
  /** One open file that a child shares: pointer copied, count raised (assumed). */
  shareFile: 8,
  /** switch_to with its stack and registers: context switch 2p/0K, 1 µs on the Celeron 466. */
  contextSwitch: 466,
  /**
   * Changing the page directory and refilling the TLB: P-Pro 2p/0K is 6 µs; the rest of it goes
   * here (assumed, 1 µs).
   */
  switchAddressSpace: 450,
  /** schedule() around the scan (assumed). */
  schedule: 180,
  /**
   * One task in the walk of the run queue, goodness() and the list step: 28 instructions in what
   * gcc makes of that loop for an i686 (2.2.1, kernel/sched.c). The lines it reads come on top.
   */
  goodness: 28,
  /** A task in that walk that another CPU runs: 6 instructions. */
  hasCpu: 6,
  /** Recalculating one task's counter (assumed). */
  recalculate: 8,
  /** wake_up_process: state change, add_to_runqueue, reschedule_idle (assumed). */
  wakeUp: 250,
  /** One entry of a wait queue that wake_up walks (assumed). */
  waitQueueStep: 12,
  /** Uncontended spin lock or unlock: a locked instruction on P6 (assumed, 20–30 cycles). */
  spinLock: 25,
  /** Local APIC timer interrupt: entry, update_process_times, exit (assumed, 1.3 µs). */
  localTimer: 600,
  /** Timer interrupt of the board with do_timer and its bottom half (assumed, 3 µs). */
  timerInterrupt: 1400,
  /** Interrupt of another CPU to make it reschedule (assumed, 1 µs). */
  rescheduleInterrupt: 450,
  /**
   * Disk interrupt: aic7xxx sequencer done, SCSI mid-layer, next command started (assumed, 9 µs).
   */
  diskInterrupt: 4000,
  /** end_buffer_io_sync: one buffer unlocked at completion (assumed). */
  endBuffer: 120,
  /** Interrupt of the profiler for one sample: a few hundred cycles, reference-figures §9 [M]. */
  profilerSample: 400,

  /**
   * Interrupt of the network card for one frame, netif_rx included (assumed, 7 µs: programmed I/O
   * of the time).
   */
  networkInterrupt: 3200,
  /**
   * Interrupt of the card for sent frames: entry, four accesses to its registers, exit (assumed,
   * 2.9 µs: an access over PCI is about 0.6 µs).
   */
  transmitInterrupt: 1300,
  /** Freeing one sent frame: a register of the card, kfree_skb (assumed, 1 µs). */
  freeFrame: 450,
  /**
   * TCP. lmbench's TCP round trip on the Celeron 466 is 45 µs through loopback: twice write,
   * segment out, segment in, wake-up, switch, read. Without two null I/Os (1.8 µs) and two switches
   * (2 µs) that is 20 µs a way, split evenly between sending and receiving, bottom half included
   * (assumed split).
   */
  tcpSend: 4600,
  tcpReceive: 4600,
  /**
   * An acknowledgement without data: the sending half without the copy and the queue (assumed,
   * half).
   */
  tcpAcknowledge: 2300,
  /**
   * TCP connection, 180 µs on the Celeron 466, both sides: less three packets both ways (60 µs) it
   * is 120 µs for two sockets, of which the server's (60 µs) is split into request, child socket,
   * accept and close (assumed split).
   */
  tcpSyn: 4700,
  tcpEstablish: 9300,
  tcpAccept: 7000,
  tcpClose: 7000,
  /**
   * sock_recvmsg and sock_sendmsg around the copy: null I/O − null call of the Celeron 466, twice
   * (assumed).
   */
  socketCall: 280,

  /**
   * One descriptor that poll or select asks: select on 100 TCP connections, 60 µs on the Celeron
   * 466, less a null call, over its descriptors. Its lines are in the second level there.
   */
  pollDescriptor: 277,
  /** One bit position of the sets that select goes through (assumed). */
  selectBit: 4,
  /** The thread's record onto a socket's select queue, and off it: a list step each (assumed). */
  selectQueue: 30,
  selectUnqueue: 30,
  /** One slot of a process's array of files that a linear search looks at (assumed). */
  fileSlot: 4,
  /** put_user of what one descriptor answers (assumed). */
  pollWriteBack: 4,
  /** __pollwait: an entry filled in, and add_wait_queue with its lock (assumed). */
  pollWait: 60,
  /** One page passed in the wait table (assumed); its first line comes on top. */
  pollTablePage: 4,
  /** free_wait: remove_wait_queue and fput (assumed). */
  pollUnwait: 70,
  /** A driver's hint: process and descriptor found in the socket's list, and noted (assumed). */
  pollHint: 60,
  /** send_sigio and send_sig_info: an entry of the slab, filled in and linked (assumed). */
  signalSend: 250,
  /** dequeue_signal, recalc_sigpending and freeing the entry; the copy apart (assumed). */
  signalTake: 150,

  /** find_buffer: hash and first comparison (assumed). */
  findBuffer: 30,
  /** One buffer head further along a hash chain (assumed); the misses come on top. */
  chainStep: 6,
  /** getblk around the look-up, insert_into_queues included (assumed). */
  getblk: 160,
  /** brelse with refile_buffer (assumed). */
  brelse: 60,
  /** Moving a buffer between two LRU lists (assumed). */
  refile: 45,
  /** bforget: off the queues (assumed). */
  bforget: 70,
  /** create_buffers: one buffer head set up (assumed). */
  bufferHead: 60,
  /** Looking at one buffer of a list or of a page (assumed). */
  bufferStep: 8,
  /** ll_rw_block and make_request for one buffer (assumed). */
  makeRequest: 220,
  /** get_request: looking through the 64 requests for a free one (assumed). */
  getRequest: 100,
  /** One request passed while the elevator looks for a place or for a neighbour (assumed). */
  elevatorStep: 10,

  /** __get_free_pages or free_pages of one page (assumed). */
  freePage: 70,
  /** One page frame that the clock of shrink_mmap looks at (assumed). */
  clockStep: 12,
  /** Taking a page from its cache: unlink, uncharge (assumed). */
  dropPage: 120,
  /** find_page in the page hash: hash and first comparison (assumed). */
  findPage: 35,
  /** add_to_page_cache (assumed). */
  addPage: 110,
  /** do_generic_file_read around one page (assumed). */
  readPage: 180,

  /**
   * Entry, vma look-up, page table, return of a page fault: protection fault handling of the era
   * (assumed, 1.2 µs).
   */
  pageFault: 540,
  /** Copying or freeing one page table entry at fork, exit, unmap (assumed). */
  pageTableEntry: 14,
  /** swap_out looking at one page of a process (assumed). */
  swapOutStep: 20,
  /** Preparing one page for swap (assumed). */
  swapPage: 400,

  /**
   * do_fork without the page tables: task structure, files, signals. fork is 0.4K µs in all on the
   * Celeron 466, most of it page tables, faults and exit.
   */
  fork: 30_000,
  /** do_execve without reading and faults: arguments, mm, binary format (assumed, 150 µs). */
  exec: 68_000,
  /** do_exit and release without freeing pages (assumed, 60 µs). */
  exit: 27_000,
  /** sys_wait4: one look at the children (assumed). */
  wait4: 250,
  /** do_mmap: finding a place, setting up the area (assumed). */
  mapArea: 800,
  /** do_munmap: taking the area out (assumed); page table entries and pages come on top. */
  unmapArea: 600,
  /** brk: the heap's area grows (assumed). */
  brk: 400,
  /** fstat, dup2 and their like, around what they do (assumed). */
  smallCall: 150,
  /** Files, inode and dentry of a pipe, without its page (assumed: two files as open has one). */
  pipe: 1900,
  /** One file of /proc looked up, with its inode, and its text printed (assumed, 10 µs). */
  procFile: 4700,
  /**
   * What ld.so computes in user mode to link a program with libc: what is left of lmbench's exec
   * (3K µs on the Celeron 466, §8.2) when fork, exec, faults, calls and exit of a small tool have
   * taken the 1.1 ms that they take in the model.
   */
  dynamicLink: 880_000,

  /** ext2_get_block of a mapped block: the walk through the inode (assumed). */
  mapBlock: 90,
  /** Searching a bitmap, per 32-bit word (assumed). */
  bitmapWord: 3,
  /** ext2_new_block, ext2_free_blocks around the bitmap (assumed). */
  allocateBlock: 350,
  /** ext2_new_inode, ext2_free_inode around the bitmaps (assumed). */
  allocateInode: 900,
  /** One group descriptor looked at (assumed). */
  groupStep: 10,
  /** One directory entry compared in ext2_find_entry (assumed). */
  directoryEntry: 22,
  /** dentry look-up or insertion (assumed). */
  dentry: 150,
  /** iget: hash look-up, or filling in an inode (assumed). */
  inode: 300,
  /** ext2_update_inode: copying an inode to its block (assumed). */
  updateInode: 350,
} satisfies Readonly<Record<string, Cycles>>
