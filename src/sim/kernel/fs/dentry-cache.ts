/**
 * The names in memory, on hash chains by directory and name (fs/dcache.c of Linux 2.2, D_HASHBITS
 * 10). A file system enters a name when it has made it (d_instantiate) and takes it away with the
 * file (d_delete). A look-up walks its chain: the first entry is part of the cost of a cached name,
 * each further one and its miss come on top.
 * Left out: negative entries, use counts: an entry whose inode is in use stays.
 */
import type { HashParts } from '../lib/hash-table'
import { HashTable, notInChain } from '../lib/hash-table'
import { LinkedList } from '../lib/linked-list'
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import type { Dentry, Inode } from './inode'
import type { InodeCache } from './inode-cache'

const hashBits = 10
const buckets = 1 << hashBits
/**
 * sizeof(struct dentry) in the 2.2 series, whose address goes into the hash (assumed: 128 with its
 * short name).
 */
const dentryBytes = 128
/** Where the first dentry would lie in kernel memory (assumed). */
const firstDentry = 0xc7e0_0000
/**
 * What a walk touches of an entry that is not the one: the line with its chain, its parent and its
 * name's hash.
 */
const walkedBytes = 32
/** The number of no entry: what is not there is looked for to the end of its chain. */
const nobody = -1

/** dentry_hashtable and d_hash() of the 2.2 series: the sum of parent and name, folded twice. */
export const dentryHash: HashParts = {
  buckets,
  hash: (_entry, sum) => (sum ^ (sum >>> hashBits) ^ (sum >>> (2 * hashBits))) & (buckets - 1),
}

/** full_name_hash() of 2.2, on 32 bits. */
export function nameHash(name: string): number {
  let hash = 0
  for (let at = 0; at < name.length; at++) {
    hash = ((hash << 4) | (hash >>> 28)) ^ name.charCodeAt(at)
  }
  return hash >>> 0
}

/**
 * What d_hash() folds: the name's hash and the address of the directory's dentry, which goes with
 * its inode's slot.
 */
const hashSum = (directory: Inode, name: string): number =>
  (nameHash(name) + firstDentry + directory.slot * dentryBytes) | 0

export class DentryCache {
  lookups = 0
  /** Entries of hash chains that look-ups have compared. */
  chainSteps = 0
  private readonly hashed: HashTable
  private readonly footprint: number
  /** Oldest first. */
  private readonly all = new LinkedList<Dentry>()
  private nextNumber = 0
  private readonly freeNumbers: number[] = []

  constructor(
    private readonly base: KernelBase,
    private readonly inodes: InodeCache,
    hash = dentryHash,
  ) {
    this.hashed = new HashTable(hash)
    this.footprint = base.cache.create(walkedBytes)
  }

  /** Names that it holds. */
  get cached(): number {
    return this.all.length
  }

  /**
   * d_lookup(): walks the hash chain. The inode that a name has; undefined when the directory has
   * to be searched.
   */
  find(task: Task, directory: Inode, name: string): Inode | undefined {
    const dentry = directory.dentries?.get(name)
    const { hashed } = this
    const bucket = dentry ? dentry.bucket : hashed.hash(nobody, hashSum(directory, name))
    const steps = hashed.stepsTo(bucket, dentry ? dentry.cell : notInChain)
    this.lookups++
    this.chainSteps += steps
    const { cost } = this.base
    const further = steps - 1
    const cycles = cost.dentry + further * cost.chainStep
    this.base.chargeWithLines(task, cycles, this.footprint, further)
    return dentry?.inode
  }

  /** d_instantiate() and d_rehash(). */
  add(directory: Inode, name: string, inode: Inode): void {
    const { dentries } = directory
    if (!dentries) throw new Error(`inode ${directory.number} is no directory`)
    if (dentries.has(name)) return
    const number = this.freeNumbers.pop() ?? this.nextNumber++
    const sum = hashSum(directory, name)
    const bucket = this.hashed.hash(number, sum)
    const dentry: Dentry = {
      directory,
      name,
      inode,
      number,
      hash: sum,
      bucket,
      cell: this.hashed.insert(bucket, number, sum, number),
      next: undefined,
      previous: undefined,
    }
    dentries.set(name, dentry)
    this.all.insertLast(dentry)
    this.resize()
  }

  /** d_delete(): the name is gone. */
  drop(directory: Inode, name: string): void {
    const dentry = directory.dentries?.get(name)
    if (dentry) this.forget(dentry)
  }

  private forget(dentry: Dentry): void {
    dentry.directory.dentries?.delete(dentry.name)
    const { number, hash: sum, bucket } = dentry
    this.hashed.remove(bucket, number, sum)
    this.freeNumbers.push(number)
    this.all.remove(dentry)
    this.resize()
  }

  private resize(): void {
    this.base.cache.resize(this.footprint, Math.max(1, this.cached) * walkedBytes)
  }

  chainLengths(): Uint16Array {
    return this.hashed.lengthOfEach()
  }

  /** shrink_dcache_memory(): the more, the lower the priority. */
  shrink(task: Task, priority: number): void {
    const { base } = this
    const node = task.node
    task.node = base.call(task, base.procedures.shrink_dcache_memory)
    this.prune(task, Math.floor(this.cached / (priority + 1)))
    task.node = node
  }

  /**
   * prune_dcache() and prune_icache(): drops up to `count` unused names with their inodes, oldest
   * first.
   */
  prune(task: Task, count: number): void {
    const { all } = this
    const looked = Math.min(count, all.length)
    let dentry = all.first
    for (let left = looked; dentry && left > 0; left--) {
      const { inode } = dentry
      const next: Dentry | undefined = dentry.next
      if (inode.users > 0 || inode.pages > 0 || inode.dirty) {
        // As the youngest.
        all.remove(dentry)
        all.insertLast(dentry)
      } else {
        this.forget(dentry)
        this.inodes.drop(inode)
      }
      dentry = next
    }
    if (looked > 0) task.charge(looked * this.base.cost.dentry)
  }
}
