/** Cards of procedures that have to do with processes: scheduler, locks, timer, fork and exec. */
import type { Cards } from './card'

const lock = [
  { counter: 'lock.contended', of: 'times a CPU had to spin' },
  { counter: 'lock.acquisitions', of: 'times the lock was taken' },
] as const

export const processCards: Cards = {
  idle: {
    about: 'The idle task: the CPU has nothing to run, and nobody waits for the disk.',
    why: 'It is what is left over.',
  },
  'wait for disk': {
    about:
      'The idle task while at least one process waits for the disk. Kernels of the time counted it as idle.',
    why: 'Whoever could run is blocked: the disk decides how fast the machine is.',
    counts: [
      { counter: 'disk.reads', of: 'reads done by the disk' },
      { counter: 'disk.writes', of: 'writes done by the disk' },
    ],
  },
  schedule: {
    about:
      'Chooses who runs next: takes runqueue_lock, asks goodness() of every task on the run queue, switches stacks and page tables.',
    why: 'It walks the whole run queue each time; with many runnable tasks their records no longer fit the cache.',
    counts: [
      { counter: 'scheduler.looked', of: 'tasks looked at' },
      { counter: 'scheduler.scans', of: 'walks of the run queue' },
      { counter: 'contextSwitches', of: 'context switches' },
    ],
    digitalUnix:
      'thread_block() gives up the CPU and takes the first thread of the highest queue that has one; nothing is walked.',
  },
  'schedule.text.lock': {
    about:
      'The slow path of runqueue_lock, which schedule() holds while it walks: CPUs spin here for each other.',
    why: 'The longer a walk, and the more CPUs schedule at once, the longer they spin.',
    counts: [
      { counter: 'scheduler.scans', of: 'walks of the run queue that held the lock' },
      { counter: 'scheduler.looked', of: 'tasks looked at under it' },
    ],
  },
  'waitqueue.text.lock': {
    about:
      'The slow path of waitqueue_lock, the one read-write lock over all wait queues: who joins or leaves a queue waits for all who read it.',
    why: 'To leave a queue of 2.2 is to walk round it under this lock: with a thousand sleepers, a thousand lines of memory.',
    counts: [{ counter: 'accept.woken', of: 'processes woken for connections' }],
  },
  remove_wait_queue: {
    about:
      'Takes a process that has been woken, or has found a connection, off the queue of those that sleep in accept.',
    why: 'The queue is a ring that is linked one way: to leave it is to walk round it to the entry before.',
    counts: [
      { counter: 'accept.foundConnection', of: 'processes that found a connection' },
      { counter: 'accept.waiting', of: 'processes that sleep in accept' },
    ],
  },
  stext_lock: {
    about:
      'The slow path of the big kernel lock: a CPU that enters the kernel while another is in it spins here.',
    why: 'Nearly every system call of 2.2 runs under this one lock, so one CPU’s time in the kernel is another’s wait.',
    counts: lock,
    digitalUnix:
      'simple_lock(): a CPU spins for a lock of the kernel. Locks there are many and fine, so it is seldom seen.',
  },
  __wake_up: {
    about:
      'Walks a wait queue and makes its sleepers runnable: here from a bottom half, for data, a connection, or room to write.',
    why: 'Every sleeper on the queue is looked at and put on the run queue, however many can be served.',
    counts: [
      { counter: 'wakeUps.woken', of: 'sleepers woken' },
      { counter: 'wakeUps.looked', of: 'entries of wait queues looked at' },
      { counter: 'wakeUps.walks', of: 'walks' },
    ],
    digitalUnix: 'sowakeup(): wakes who sleeps on a socket or has selected it.',
  },
  reschedule_interrupt: {
    about: 'The interrupt by which one CPU tells another that it has something better to run.',
    why: 'One for each task that is woken for another CPU.',
    counts: [{ counter: 'contextSwitches', of: 'context switches' }],
  },
  timer_interrupt: {
    about: 'The timer of the board: counts jiffies and runs the timers that are due. 100 a second.',
    why: 'It comes at a fixed rate, whatever the machine does.',
    digitalUnix: 'hardclock(): the clock’s interrupt, 1,024 a second.',
  },
  smp_apic_timer_interrupt: {
    about:
      'Each CPU’s own timer: charges the tick to the running process, takes one from its quantum.',
    why: 'It comes at a fixed rate on each CPU.',
    digitalUnix: 'Each CPU’s part of a clock tick: charges it to the running thread.',
  },
  perf_interrupt: {
    about:
      'The interrupt of the profile’s own sampler: notes where the CPU was and starts the counter anew. It never samples itself.',
    why: 'One for every 63,488 cycles on average while the sampler is on.',
  },
  system_call: {
    about: 'The way into the kernel: saves registers, finds the call in a table.',
    why: 'A fixed price for each call.',
  },
  sys_time: {
    about: 'time(): the seconds of the clock.',
    why: 'A fixed price for each call.',
  },
  sys_rt_sigprocmask: {
    about: 'sigprocmask(): which signals wait; a shell asks around every command.',
    why: 'By itself a fixed price for each call.',
  },
  sys_sigaction: {
    about: 'sigaction(): says what a signal does to the process.',
    why: 'A fixed price for each call: Apache makes three for each connection, so that a graceful restart cuts none short.',
  },
  sys_alarm: {
    about: 'alarm(): sets or takes back the timer that sends a process SIGALRM.',
    why: 'A fixed price for each call: a CERN sets one around each thing that may take for ever.',
  },
  sys_setgroups: {
    about: 'setgroups(): says of which groups a process is.',
    why: 'A fixed price for each call: each process of a CERN that began as root gives that up.',
  },
  sys_setgid: {
    about: 'setgid(): says of which group a process is first.',
    why: 'A fixed price for each call, as setgroups().',
  },
  sys_setuid: {
    about: 'setuid(): says whose a process is from now on.',
    why: 'A fixed price for each call, as setgroups().',
  },
  sys_gettimeofday: {
    about: 'Tells the time. Event loops ask it on every turn.',
    why: 'A fixed price for each call.',
  },
  sys_fork: {
    about:
      'Makes a process: two frames for its task structure, copies of descriptors and page tables; pages are shared until written.',
    why: 'It grows with what the parent has mapped and opened.',
    counts: [{ counter: 'processes.forks', of: 'processes made' }],
  },
  sys_clone: {
    about: 'Makes a thread: as fork, but memory and descriptors are shared.',
    why: 'Less is copied than by fork.',
    counts: [{ counter: 'processes.forks', of: 'processes made' }],
  },
  sys_execve: {
    about:
      'Puts another program into a process: reads its first page, gives up the old memory, maps the new text and the library.',
    why: 'The pages themselves come later, one fault each.',
  },
  sys_exit: {
    about: 'Ends a process: memory and descriptors go back, the parent is woken.',
    why: 'It grows with what the process had.',
  },
  sys_wait4: {
    about: 'Waits for a child to end, and buries it. A shell spends its life asleep here.',
    why: 'Little by itself: what takes time is the child.',
  },
  sys_semget: {
    about: 'Finds or makes a set of System V semaphores.',
    why: 'A fixed price for each call.',
  },
  sys_semop: {
    about:
      'Takes or gives a System V semaphore, in order of coming. Apache can serialize accept() by one.',
    why: 'Who finds it taken sleeps here; who gives it back wakes the next.',
  },
  fcntl_setlk: {
    about:
      'Takes or frees a lock on a file, and wakes who waits for it. Apache serializes accept() by one.',
    why: 'Each unlock wakes everybody who waits for the lock, and one gets it.',
  },
  sys_rt_sigtimedwait: {
    about:
      'sigwaitinfo(): takes one queued real-time signal, which names the descriptor that is ready.',
    why: 'One call for each signal, however many descriptors are open.',
    counts: [
      { counter: 'signals.taken', of: 'signals taken' },
      { counter: 'signals.overflows', of: 'that found the queue full' },
    ],
  },
}
