/**
 * One colour for each procedure, the same in every chart, table and flame graph, in every run,
 * whoever came first. Procedures that stand beside each other, in a stack, in a list of the
 * largest, or as caller and callee, wear colours that can be told apart; procedure-colours.test.ts
 * looks at real profiles for that.
 */

/** Who wears which colour: row n wears `--p<n + 1>` of procedure-colours.css. */
const worn: readonly (readonly string[])[] = [
  ['cc', 'sys_wait4', 'bread', 'sys_mkdir', 'synchronize_bh'],
  ['grep', 'who', 'sys_exit', 'sys_write', 'sys_rename'],
  ['generic_file_read', 'ext2_find_entry', 'ext2_readdir', 'kupdate', 'do_page_fault'],
  ['schedule', 'find', 'date', 'col', 'spellprog'],
  ['make', 'sys_newstat', 'ext2_new_block', 'deroff', 'touch'],
  ['as', 'tcp_close', 'getblk', 'ext2_unlink', 'wc'],
  ['tcp_sendmsg', 'rm', 'bforget', 'refill_freelist', 'troff'],
  ['do_anonymous_page', 'ext2_delete_inode', 'ext2_add_entry', 'sys_unlink'],
  ['nroff', '__wake_up', 'sys_execve', 'reschedule_interrupt'],
  ['stext_lock', 'ls', 'sync_old_buffers', 'ext2_create'],
  ['ext2_truncate', 'get_unused_fd', 'sdet', 'expr'],
  ['sys_fork', 'cat', 'smp_apic_timer_interrupt', 'init'],
  ['tcp_v4_rcv', 'cpio', 'swap_out', 'groff'],
  ['cc1', 'sys_read', 'kswapd', 'mkdir'],
  ['sys_close', 'timer_interrupt', 'exit_files', 'grotty'],
  ['boomerang_interrupt', 'brw_page', 'copy_page_range', 'copy_files'],
  ['ed', 'do_wp_page', 'sys_open', 'sys_getdents'],
  ['ld', 'tcp_recvmsg', 'bdflush', 'ext2_mkdir'],
  ['zap_page_range', 'sync_inodes', 'net_bh', 'pr'],
  ['httpd', 'ext2_file_write', 'diff', 'shrink_dcache_memory'],
  ['spell', 'lookup_dentry', 'sys_socketcall', 'ps'],
  ['sh', 'sched_test_yield', 'mv', 'ext2_new_inode'],
  ['schedule.text.lock', 'cp', 'shrink_mmap', 'rmdir'],
  ['cpp', 'tcp_accept', 'aic7xxx_isr', 'sort'],
]

const known = new Map(
  worn.flatMap((names, index) => names.map((name) => [name, index + 1] as const)),
)

/** Custom properties of all colours that a procedure may wear. */
export const procedureColours: readonly string[] = worn.map((_, index) => `--p${index + 1}`)

/**
 * The custom property that holds a procedure's colour. Who is not in the table gets one by its
 * name.
 */
export function procedureColour(image: string, procedure: string): string {
  if (image === 'idle') return '--mode-idle'
  const name = procedure === 'main' ? image.slice(image.lastIndexOf('/') + 1) : procedure
  return `--p${known.get(name) ?? 1 + (hash(name) % worn.length)}`
}

function hash(text: string): number {
  let value = 0
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) >>> 0
  return value
}
