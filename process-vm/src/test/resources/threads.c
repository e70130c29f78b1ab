#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(c) do { if (!(c)) { dprintf(2, "%s:%d: %s (errno %d)\n", __FILE__, __LINE__, #c, errno); _exit(99); } } while (0)

static _Thread_local long own = 7;
static long sum;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

/* create: threads one after another and many at once, thread-local data, results. */
static void *add(void *arg) {
  CHECK(own == 7);
  own = (long)arg;
  pthread_mutex_lock(&mutex);
  sum += own;
  pthread_mutex_unlock(&mutex);
  CHECK(syscall(SYS_gettid) != getpid());
  return (void *)(own * 2);
}

static int create(void) {
  CHECK(syscall(SYS_gettid) == getpid());
  for (long i = 0; i < 200; i++) {
    pthread_t t;
    void *result;
    CHECK(pthread_create(&t, 0, add, (void *)i) == 0);
    CHECK(pthread_join(t, &result) == 0 && result == (void *)(2 * i));
  }
  pthread_t many[50];
  for (long i = 0; i < 50; i++) CHECK(pthread_create(&many[i], 0, add, (void *)i) == 0);
  for (long i = 0; i < 50; i++) CHECK(pthread_join(many[i], 0) == 0);
  CHECK(own == 7 && sum == 199 * 100 + 49 * 25);
  return 0;
}

/* pingpong: a turn passed to and fro by a condition. */
static int turn;
static void *player(void *arg) {
  int me = (int)(long)arg;
  for (int i = 0; i < 2000; i++) {
    pthread_mutex_lock(&mutex);
    while (turn != me) pthread_cond_wait(&cond, &mutex);
    turn = !me;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
  }
  return 0;
}

static int pingpong(void) {
  pthread_t t;
  CHECK(pthread_create(&t, 0, player, (void *)1) == 0);
  player((void *)0);
  CHECK(pthread_join(t, 0) == 0);
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_nsec += 20000000;
  if (soon.tv_nsec >= 1000000000) soon.tv_nsec -= 1000000000, soon.tv_sec++;
  pthread_mutex_lock(&mutex);
  CHECK(pthread_cond_timedwait(&cond, &mutex, &soon) == ETIMEDOUT);
  return 0;
}

/* counter: amoadd and lr/sc by four threads. */
static long by_amo, by_lrsc;
static void *count(void *arg) {
  for (int i = 0; i < 1000000; i++) {
    long old, failed;
    __asm__ volatile("amoadd.d zero, %1, (%0)" : : "r"(&by_amo), "r"(1L) : "memory");
    __asm__ volatile("1: lr.d %0, (%2)\n addi %0, %0, 1\n sc.d %1, %0, (%2)\n bnez %1, 1b"
                     : "=&r"(old), "=&r"(failed) : "r"(&by_lrsc) : "memory");
  }
  return arg;
}

static int counter(void) {
  pthread_t t[4];
  for (int i = 0; i < 4; i++) CHECK(pthread_create(&t[i], 0, count, 0) == 0);
  for (int i = 0; i < 4; i++) CHECK(pthread_join(t[i], 0) == 0);
  CHECK(by_amo == 4000000 && by_lrsc == 4000000);
  return 0;
}

/* signals: to a thread, to the process while its first thread blocks, waiting for one. */
static volatile int handled_by;
static void handler(int s) { (void)s; handled_by = syscall(SYS_gettid); }
static volatile int tid, stop;
static void *spin(void *arg) {
  tid = syscall(SYS_gettid);
  while (!stop) ;
  return arg;
}
static void *sleeper(void *arg) {
  tid = syscall(SYS_gettid);
  struct timespec t = {100, 0};
  CHECK(nanosleep(&t, &t) == -1 && errno == EINTR && t.tv_sec >= 90);
  return arg;
}
static void *waiter(void *arg) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  tid = syscall(SYS_gettid);
  siginfo_t info;
  CHECK(sigwaitinfo(&set, &info) == SIGUSR2 && info.si_pid == getpid());
  return arg;
}
static void await_tid(void) { while (!tid) sched_yield(); usleep(20000); }
static int signals(void) {
  struct sigaction a = {.sa_handler = handler};
  sigaction(SIGUSR1, &a, 0);
  pthread_t t;
  CHECK(pthread_create(&t, 0, spin, 0) == 0);
  await_tid();
  CHECK(pthread_kill(t, SIGUSR1) == 0);
  while (!handled_by) ;
  CHECK(handled_by == tid);
  handled_by = 0;
  sigset_t set, old;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGUSR2);
  CHECK(pthread_sigmask(SIG_BLOCK, &set, &old) == 0);
  CHECK(kill(getpid(), SIGUSR1) == 0);
  while (!handled_by) ;
  CHECK(handled_by == tid);
  stop = 1;
  CHECK(pthread_join(t, 0) == 0);
  // Whoever joins a thread is told a little before its id is free.
  while (syscall(SYS_tgkill, getpid(), tid, 0) == 0) sched_yield();
  CHECK(errno == ESRCH);
  /* All block it: it waits. */
  CHECK(kill(getpid(), SIGUSR1) == 0);
  sigset_t waiting;
  sigpending(&waiting);
  CHECK(sigismember(&waiting, SIGUSR1));
  handled_by = 0;
  pthread_sigmask(SIG_SETMASK, &old, 0);
  CHECK(handled_by == getpid());
  sigaction(SIGUSR2, &a, 0);
  tid = 0;
  CHECK(pthread_create(&t, 0, sleeper, 0) == 0);
  await_tid();
  CHECK(pthread_kill(t, SIGUSR1) == 0 && pthread_join(t, 0) == 0);
  pthread_sigmask(SIG_BLOCK, &set, 0);
  tid = 0;
  CHECK(pthread_create(&t, 0, waiter, 0) == 0);
  await_tid();
  CHECK(kill(getpid(), SIGUSR2) == 0 && pthread_join(t, 0) == 0);
  return 0;
}

/* outside: a signal that comes from the host's kernel while the first thread blocks it. */
static int outside(void) {
  struct sigaction a = {.sa_handler = handler};
  sigaction(SIGALRM, &a, 0);
  pthread_t t;
  CHECK(pthread_create(&t, 0, sleeper, 0) == 0);
  await_tid();
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &set, 0);
  alarm(1);
  CHECK(pthread_join(t, 0) == 0 && handled_by == tid);
  return 0;
}

/* cancel: in a blocking call, and a cleanup handler that runs. */
static int cleaned;
static void clean(void *arg) { cleaned = (int)(long)arg; }
static void *blocked_reader(void *arg) {
  char c;
  pthread_cleanup_push(clean, (void *)5);
  tid = 1;
  read((int)(long)arg, &c, 1);
  pthread_cleanup_pop(0);
  return 0;
}
static int cancel(void) {
  int fds[2];
  CHECK(pipe(fds) == 0);
  pthread_t t;
  void *result;
  CHECK(pthread_create(&t, 0, blocked_reader, (void *)(long)fds[0]) == 0);
  await_tid();
  CHECK(pthread_cancel(t) == 0 && pthread_join(t, &result) == 0);
  CHECK(result == PTHREAD_CANCELED && cleaned == 5);
  return 0;
}

/* robust: a mutex whose owner dies. */
static pthread_mutex_t robust_mutex;
static void *holder(void *arg) { pthread_mutex_lock(&robust_mutex); return arg; }
static int robust(void) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&robust_mutex, &attr);
  pthread_t t;
  CHECK(pthread_create(&t, 0, holder, 0) == 0 && pthread_join(t, 0) == 0);
  CHECK(pthread_mutex_lock(&robust_mutex) == EOWNERDEAD);
  CHECK(pthread_mutex_consistent(&robust_mutex) == 0 && pthread_mutex_unlock(&robust_mutex) == 0);
  return 0;
}

/* Ends of the process. */
static void *exits(void *arg) { exit((int)(long)arg); }
static void *crashes(void *arg) { *(volatile int *)16 = 1; return arg; }
static void *aborts(void *arg) { abort(); return arg; }
static void *late(void *arg) { usleep(50000); printf("late\n"); return arg; }
static void *reads(void *arg) { char c; read((int)(long)arg, &c, 1); return arg; }
static int start_and_wait(void *(*f)(void *), long arg) {
  int fds[2];
  pthread_t t;
  CHECK(pipe(fds) == 0 && pthread_create(&t, 0, reads, (void *)(long)fds[0]) == 0);
  CHECK(pthread_create(&t, 0, f, (void *)arg) == 0);
  reads((void *)(long)fds[0]);
  return 98;
}
static int leader_ends(void) {
  pthread_t t;
  CHECK(pthread_create(&t, 0, late, 0) == 0);
  pthread_exit(0);
}
static int main_ends(void) {
  pthread_t t;
  CHECK(pthread_create(&t, 0, spin, 0) == 0);
  int fds[2];
  CHECK(pipe(fds) == 0 && pthread_create(&t, 0, reads, (void *)(long)fds[0]) == 0);
  await_tid();
  return 23;
}
/* A signal for the process after its first thread has ended. */
static int orphan_signal(void) {
  struct sigaction a = {.sa_handler = handler};
  sigaction(SIGALRM, &a, 0);
  pthread_t t;
  CHECK(pthread_create(&t, 0, sleeper, 0) == 0);
  await_tid();
  alarm(1);
  pthread_exit(0);
}

/* code: functions made and thrown away by four threads, so that translations come and go. */
static void *coder(void *arg) {
  unsigned *code = mmap(0, 1 << 16, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(code != MAP_FAILED);
  long seed = (long)arg, expected = 0, got = 0;
  for (int round = 0; round < 60; round++) {
    for (int i = 0; i < 400; i++) {
      unsigned value = (seed = seed * 1103515245 + 12345) >> 16 & 0x3ff;
      code[4 * i] = value << 20 | 0x513;      /* li a0, value */
      code[4 * i + 1] = 0x00150513;            /* addi a0, a0, 1 */
      code[4 * i + 2] = 0x00008067;            /* ret */
      expected += value + 1;
    }
    __builtin___clear_cache((char *)code, (char *)code + (1 << 16));
    for (int i = 0; i < 400; i++) got += ((long (*)(void))(code + 4 * i))();
  }
  CHECK(got == expected);
  return 0;
}
static int code(void) {
  pthread_t t[4];
  for (long i = 0; i < 4; i++) CHECK(pthread_create(&t[i], 0, coder, (void *)i) == 0);
  for (int i = 0; i < 4; i++) CHECK(pthread_join(t[i], 0) == 0);
  return 0;
}

/* files: descriptors opened by threads at once are all different. */
static _Atomic char taken[1024];
static void *opener(void *arg) {
  for (int i = 0; i < 100; i++) {
    int fd = i % 2 ? open("/dev/null", O_RDONLY) : dup(0);
    CHECK(fd > 2 && atomic_exchange(&taken[fd], 1) == 0);
    taken[fd] = 0;
    CHECK(close(fd) == 0);
  }
  return arg;
}
static int files(void) {
  pthread_t t[4];
  for (int i = 0; i < 4; i++) CHECK(pthread_create(&t[i], 0, opener, 0) == 0);
  for (int i = 0; i < 4; i++) CHECK(pthread_join(t[i], 0) == 0);
  return 0;
}

/*
 * calls: threads that are in system calls most of the time, small and waiting ones, while signals come
 * from all sides and code is changed. Not a byte is lost, no call fails, and nobody waits for a
 * thread that waits.
 */
enum { NUMBERS = 20000 };
static int ends[2], nobody[2];
static _Atomic int interruptions, finished;
static void interrupted(int signal) { interruptions++; }
static void transfer(ssize_t (*call)(int, void *, size_t), int fd, char *bytes, size_t size) {
  while (size) {
    ssize_t done = call(fd, bytes, size);
    if (done < 0) {
      CHECK(errno == EINTR);
      continue;
    }
    CHECK(done > 0);
    bytes += done;
    size -= done;
  }
}
static void *sends(void *arg) {
  for (int i = 0; i < NUMBERS; i++) transfer((void *)write, ends[1], (char *)&i, sizeof i);
  finished++;
  return arg;
}
static void *receives(void *arg) {
  for (int i = 0, got; i < NUMBERS; i++) {
    transfer(read, ends[0], (char *)&got, sizeof got);
    CHECK(got == i);
  }
  finished++;
  return arg;
}
static void *asks(void *arg) {
  pid_t parent = getppid();
  int null = open("/dev/null", O_RDWR);
  char byte = 0;
  while (finished < 2) {
    CHECK(getppid() == parent && write(null, &byte, 1) == 1 && lseek(null, 0, SEEK_CUR) == 0);
    CHECK(write(999, &byte, 1) == -1 && errno == EBADF);
    CHECK(write(null, &byte, 1) == 1 && write(nobody[1], &byte, 1) == -1 && errno == EPIPE);
  }
  close(null);
  return arg;
}
static void *waits(void *arg) {
  char byte;
  while (read(nobody[0], &byte, 1) < 0) CHECK(errno == EINTR);
  return arg;
}
static int calls(void) {
  int closed[2];
  struct sigaction a = {.sa_handler = interrupted};
  sigaction(SIGUSR1, &a, 0);
  a.sa_flags = SA_RESTART;
  sigaction(SIGUSR2, &a, 0);
  signal(SIGPIPE, SIG_IGN);
  CHECK(pipe(ends) == 0 && pipe(nobody) == 0 && pipe(closed) == 0);
  close(closed[0]);
  int idle[2] = {nobody[0], nobody[1]};
  nobody[1] = closed[1];
  pthread_t t[4], waiting;
  CHECK(pthread_create(&waiting, 0, waits, 0) == 0);
  CHECK(pthread_create(&t[0], 0, sends, 0) == 0);
  CHECK(pthread_create(&t[1], 0, receives, 0) == 0);
  CHECK(pthread_create(&t[2], 0, asks, 0) == 0);
  CHECK(pthread_create(&t[3], 0, coder, (void *)1) == 0);
  for (int i = 0; finished < 2 || !interruptions; i++) {
    pthread_kill(t[i % 3], i & 1 ? SIGUSR1 : SIGUSR2);
    if (i % 16 == 0) kill(getpid(), SIGUSR1);
    if (i % 64 == 0) pthread_kill(waiting, SIGUSR2);
    sched_yield();
  }
  for (int i = 0; i < 4; i++) CHECK(pthread_join(t[i], 0) == 0);
  CHECK(write(idle[1], "", 1) == 1 && pthread_join(waiting, 0) == 0);
  return 0;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "create";
#define CASE(name, action) if (!strcmp(what, name)) return action;
  CASE("create", create())
  CASE("pingpong", pingpong())
  CASE("counter", counter())
  CASE("signals", signals())
  CASE("outside", outside())
  CASE("cancel", cancel())
  CASE("robust", robust())
  CASE("code", code())
  CASE("files", files())
  CASE("calls", calls())
  CASE("exit", start_and_wait(exits, 42))
  CASE("crash", start_and_wait(crashes, 0))
  CASE("abort", start_and_wait(aborts, 0))
  CASE("leader-ends", leader_ends())
  CASE("main-ends", main_ends())
  CASE("orphan-signal", orphan_signal())
  return 97;
}
