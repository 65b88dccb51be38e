/** Procedures of the kernel as the profiler names them. */
import type { CallTree, ProcedureId } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'

const names = [
  'system_call',
  'sys_read',
  'sys_write',
  'sys_open',
  'sys_close',
  'sys_unlink',
  'sys_mkdir',
  'sys_rmdir',
  'sys_rename',
  'sys_newstat',
  'sys_getdents',
  'sys_fork',
  'sys_clone',
  'sys_execve',
  'sys_exit',
  'sys_wait4',
  'get_unused_fd',
  'copy_files',
  'exit_files',
  'lookup_dentry',
  'generic_file_read',
  'ext2_file_write',
  'ext2_find_entry',
  'ext2_add_entry',
  'ext2_create',
  'ext2_mkdir',
  'ext2_unlink',
  'ext2_delete_inode',
  'ext2_truncate',
  'ext2_new_block',
  'ext2_new_inode',
  'ext2_readdir',
  'brw_page',
  'getblk',
  'bread',
  'bforget',
  'refill_freelist',
  'wait_on_buffer',
  'wait_on_page',
  'do_page_fault',
  'do_anonymous_page',
  'do_wp_page',
  'do_swap_page',
  'filemap_nopage',
  'copy_page_range',
  'zap_page_range',
  'try_to_free_pages',
  'shrink_mmap',
  'swap_out',
  'shrink_dcache_memory',
  'sys_socketcall',
  'tcp_accept',
  'tcp_recvmsg',
  'tcp_sendmsg',
  'tcp_close',
  'fcntl_setlk',
  'sys_semget',
  'sys_semop',
  'bdflush',
  'kupdate',
  'kswapd',
  'sync_old_buffers',
  'sync_inodes',
  'sys_poll',
] as const

export type ProcedureName = (typeof names)[number]
export type Procedures = Readonly<Record<ProcedureName, ProcedureId>>

/** Declares them all in the profile. */
export function declareProcedures(tree: CallTree): Procedures {
  const entries = names.map((name) => [name, tree.declare('vmlinux', name, Mode.system)] as const)
  return Object.fromEntries(entries) as Record<ProcedureName, ProcedureId>
}
