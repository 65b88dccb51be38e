/** Cards of procedures that have to do with files, buffers and the disk. */
import type { Cards, WorkCount } from './card'

const buffers: readonly WorkCount[] = [
  { counter: 'buffers.chainSteps', of: 'entries of hash chains compared' },
  { counter: 'buffers.lookups', of: 'look-ups of buffers' },
  { counter: 'buffers.misses', of: 'blocks for which a buffer had to be taken' },
]
const names: readonly WorkCount[] = [
  { counter: 'names.chainSteps', of: 'entries of hash chains compared' },
  { counter: 'names.lookups', of: 'look-ups of names' },
]
const read: readonly WorkCount[] = [{ counter: 'blocks.read', of: 'blocks of 1 KB read' }]
const written: readonly WorkCount[] = [
  { counter: 'blocks.written', of: 'blocks of 1 KB written' },
  { counter: 'buffers.dirty', of: 'dirty buffers now' },
]
const searched: readonly WorkCount[] = [
  { counter: 'fd.wordsSearched', of: 'words of bitmaps searched' },
  { counter: 'fd.open', of: 'files open now' },
]
const polled: readonly WorkCount[] = [
  { counter: 'poll.scanned', of: 'descriptors asked' },
  { counter: 'poll.calls', of: 'calls that looked' },
  { counter: 'poll.events', of: 'descriptors found ready' },
]
const perCall = 'Mostly what it calls; by itself a fixed price for each call.'

export const fileCards: Cards = {
  sys_read: {
    about: 'read(): hands the call to the file, a socket or a file on disk.',
    why: perCall,
  },
  sys_write: { about: 'write(): hands the call to the file.', why: perCall },
  sys_open: {
    about: 'open(): finds the name, takes the lowest free descriptor and a file structure.',
    why: perCall,
    counts: names,
  },
  sys_close: {
    about: 'close(): gives back a descriptor, and the file with its last user.',
    why: perCall,
  },
  sys_unlink: {
    about: 'unlink(): takes a name out of its directory; with the last one the file’s blocks go.',
    why: perCall,
    counts: names,
  },
  sys_mkdir: {
    about: 'mkdir(): makes a directory with its first block.',
    why: perCall,
    counts: names,
  },
  sys_rmdir: { about: 'rmdir(): removes a directory that is empty.', why: perCall, counts: names },
  sys_rename: { about: 'rename(): puts a file under another name.', why: perCall, counts: names },
  sys_newstat: {
    about: 'stat(): finds a name and copies out what its inode says.',
    why: perCall,
    counts: names,
  },
  sys_getdents: { about: 'getdents(): copies out entries of a directory.', why: perCall },
  sys_pipe: {
    about: 'pipe(): two files with a page of buffer between them, and a descriptor for each.',
    why: perCall,
  },
  sys_dup2: { about: 'dup2(): a descriptor stands for the file of another one.', why: perCall },
  pipe_read: {
    about: 'Takes out of a pipe what is in it; waits where that is nothing.',
    why: 'It copies every byte, and wakes whoever waits for room.',
  },
  pipe_write: {
    about: 'Puts into a pipe what there is room for: a page at most; then waits.',
    why: 'It copies every byte, and wakes whoever waits for something to read.',
  },
  sys_chdir: {
    about: 'chdir(): finds a directory, which names are looked up from now on.',
    why: perCall,
    counts: names,
  },
  sys_utime: {
    about: 'utime(): finds a name and gives its inode other times.',
    why: perCall,
    counts: names,
  },
  sys_chmod: {
    about: 'chmod(): finds a name and gives its inode another mode.',
    why: perCall,
    counts: names,
  },
  proc_lookup: {
    about: 'Finds the directory of a process in /proc, as ps asks for each of them.',
    why: 'It grows with the processes that there are.',
  },
  sys_fcntl: { about: 'fcntl(): changes a descriptor, or takes a lock on a file.', why: perCall },
  get_unused_fd: {
    about:
      'Finds the lowest free descriptor: a search of the process’s bitmap, word by word, from the lowest that may be free.',
    why: 'The more descriptors are open, the more it looks at before the first free one.',
    counts: searched,
    digitalUnix:
      'ufalloc(): finds the lowest free descriptor by looking at each in turn from the first; the text’s second culprit after select().',
  },
  copy_files: {
    about: 'fork’s copy of the descriptors: every open file gets one user more.',
    why: 'It grows with the descriptors that the parent has open.',
    counts: [{ counter: 'processes.forks', of: 'processes made' }],
  },
  exit_files: {
    about: 'Closes what a process that ends has open.',
    why: 'It grows with the descriptors that are open.',
    counts: searched,
  },
  lookup_dentry: {
    about:
      'Finds a name, component by component, in the cache of dentries; what is not there is searched in the directory.',
    why: 'A walk of a hash chain for each component.',
    counts: names,
    digitalUnix:
      'namei(): finds a name, component by component. Modelled by the name cache of Linux 2.2 (assumed).',
  },
  generic_file_read: {
    about:
      'Copies pages of a file from the page cache to the process; what is missing is read from disk.',
    why: 'It copies every byte, and looks each page up in the page cache’s hash.',
    counts: [
      { counter: 'pages.chainSteps', of: 'entries of hash chains compared' },
      { counter: 'pages.lookups', of: 'look-ups in the page cache' },
    ],
  },
  ext2_file_write: {
    about:
      'Writes to a file in 2.2: block by block into the buffer cache, and beside it into the page cache where the page is there.',
    why: 'It copies every byte, and finds or makes a buffer for each block.',
    counts: buffers,
  },
  ext2_find_entry: {
    about: 'Searches a directory for a name: entry by entry, block by block. ext2 has no index.',
    why: 'It grows with the entries that stand before the one that is looked for.',
    counts: names,
  },
  ext2_add_entry: {
    about: 'Puts a name into a directory: into the first hole that is long enough.',
    why: 'It looks through the block.',
    counts: buffers,
  },
  ext2_create: { about: 'Makes a file: an inode and a name.', why: perCall, counts: buffers },
  ext2_mkdir: {
    about: 'Makes a directory: an inode, a first block, a name.',
    why: perCall,
    counts: buffers,
  },
  ext2_unlink: { about: 'Removes a name from its directory.', why: perCall, counts: buffers },
  ext2_delete_inode: {
    about:
      'The end of a file whose last name and last user have gone: its blocks and its inode become free.',
    why: 'It grows with the blocks of the file.',
    counts: buffers,
  },
  ext2_truncate: {
    about: 'Frees the blocks of a file, and calls bforget for the buffer of each that has one.',
    why: 'A look-up in the buffer cache’s hash for each block, whether it has a buffer or not.',
    counts: buffers,
  },
  ext2_new_block: {
    about: 'Finds a free block: in the bitmap of its group, near the last one.',
    why: 'It searches the bitmap.',
    counts: buffers,
  },
  ext2_new_inode: {
    about: 'Finds a free inode in the bitmap of a group.',
    why: 'It searches the bitmap.',
    counts: buffers,
  },
  ext2_readdir: {
    about: 'Goes through the entries of a directory and copies them out.',
    why: 'It grows with the entries.',
    counts: buffers,
  },
  brw_page: {
    about:
      'Starts reading or writing a page: a buffer head and a disk request for each of its blocks.',
    why: 'Four blocks a page.',
    counts: read,
  },
  getblk: {
    about: 'Finds the buffer of a block by its hash chain, or takes a free one for it.',
    why: 'The longer the chains, the more entries are compared; each is a line of memory.',
    counts: buffers,
  },
  bread: {
    about: 'Reads a block into its buffer, and sleeps until it is there.',
    why: 'The time is the disk’s.',
    counts: read,
  },
  bforget: {
    about:
      'What ext2 calls for the buffer of a block that it has freed. The kernel of TR 99-4 unhashed it and kept its use count, so that its page was never freed.',
    why: 'One for each buffer of each block that is freed.',
    counts: [
      { counter: 'buffers.orphaned', of: 'orphaned buffers now' },
      { counter: 'buffers.total', of: 'buffers now' },
    ],
  },
  refill_freelist: {
    about:
      'No buffer is free: takes a page more for the buffer cache, or waits until bdflush has written some.',
    why: 'It runs only when memory is short or too much is dirty.',
    counts: [
      { counter: 'buffers.misses', of: 'blocks for which a buffer had to be taken' },
      ...written,
    ],
  },
  wait_on_buffer: {
    about: 'Sleeps until a buffer has been read or written.',
    why: 'The time is the disk’s; the cycles are falling asleep and waking.',
    counts: [
      { counter: 'disk.reads', of: 'reads done by the disk' },
      { counter: 'disk.writes', of: 'writes done by the disk' },
    ],
  },
  bdflush: {
    about: 'The daemon that writes dirty buffers when there are too many.',
    why: 'It goes through the dirty list.',
    counts: written,
  },
  kupdate: {
    about: 'The daemon that writes what has been dirty for long: every 5 seconds.',
    why: 'It goes through the dirty list.',
    counts: written,
  },
  sync_old_buffers: {
    about: 'kupdate’s walk of the dirty list: writes the buffers that are old enough.',
    why: 'It grows with what is dirty.',
    counts: written,
  },
  sync_inodes: {
    about: 'kupdate’s walk of the inodes: writes those that have changed into their blocks.',
    why: 'It grows with the files that have changed.',
    counts: written,
  },
  aic7xxx_isr: {
    about:
      'The interrupt of the SCSI adapter: a request is done, its buffers are unlocked, the next one is started.',
    why: 'One for each request of the disk.',
    counts: [
      { counter: 'disk.reads', of: 'reads done by the disk' },
      { counter: 'disk.writes', of: 'writes done by the disk' },
    ],
  },
  sys_select: {
    about:
      'select(): copies in three bitmaps, has every descriptor in them asked, sleeps when none is ready, and asks all again when it is woken.',
    why: 'It grows with the descriptors that are named, ready or not.',
    counts: polled,
  },
  sys_poll: {
    about: 'poll(): as select(), with a list of descriptors in place of bitmaps.',
    why: 'It grows with the descriptors that are named, ready or not; the list is copied in and out.',
    counts: polled,
  },
  do_select: {
    about:
      'The loop of select(): goes through the bitmaps word by word and asks each descriptor that is set.',
    why: 'It goes through all of them before and after each sleep.',
    callsCount: false,
    counts: polled,
  },
  tcp_poll: {
    about:
      'What a TCP socket answers select() and poll(): whether there is something to read, or room to write. The first time it puts the process on its wait queue.',
    why: 'One call for each descriptor that is asked, however idle its connection.',
    callsCount: false,
    counts: polled,
  },
  do_scan: {
    about:
      'The loop of Digital UNIX’s select(): has selscan go through the set, sleeps, and begins again.',
    why: 'It begins from the first descriptor after every wake-up.',
    callsCount: false,
    counts: polled,
  },
  selscan: {
    about:
      'Goes through the bitmaps of select(), word by word and bit by bit, and has each set descriptor asked.',
    why: 'It grows with the descriptors that are named, ready or not.',
    callsCount: false,
    counts: polled,
  },
  soo_select: {
    about:
      'What a socket answers select(): whether it is ready; if not, the thread’s record goes on its select queue.',
    why: 'One call for each descriptor that is asked.',
    callsCount: false,
    counts: polled,
  },
  undo_scan: {
    about:
      'After a wake-up of select(), and at its end: has each descriptor asked once more, to take the thread’s record off its queue.',
    why: 'It goes through as many as the scan before it.',
    callsCount: false,
    counts: polled,
  },
  sys_writev: {
    about: 'writev(): writes what lies in several places with one call.',
    why: 'It copies every byte, as write() does, but is entered once.',
  },
  sys_newfstat: {
    about: 'fstat(): copies out what the inode of an open file says.',
    why: 'A fixed price for each call: no name has to be found.',
  },
}
