// Processes that come of processes; each test says by its status whether all went as it should.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define CHECK(condition)                                                     \
  do {                                                                       \
    if (!(condition)) {                                                      \
      fprintf(stderr, "line %d: %s (errno %d)\n", __LINE__, #condition, errno); \
      _exit(1);                                                              \
    }                                                                        \
  } while (0)

static int statusOf(pid_t child) {
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  return status;
}

static int global = 1;

// Memory of its own, but for what is shared.
static int testMemory(void) {
  int *shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int *private = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int local = 1;
  *shared = 1;
  private[1000] = 1;
  int file = open("memory-file", O_RDWR | O_CREAT | O_TRUNC, 0600);
  CHECK(write(file, "abcd", 4) == 4);
  char *mapped = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  char *mappedShared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  mapped[1] = 'B';
  char *readOnly = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  readOnly[0] = 7;
  CHECK(mprotect(readOnly, 4096, PROT_NONE) == 0);
  char *heap = sbrk(4096);
  heap[5] = 3;
  pid_t child = fork();
  if (child == 0) {
    CHECK(global == 1 && local == 1 && private[1000] == 1 && heap[5] == 3);
    CHECK(memcmp(mapped, "aBcd", 4) == 0);
    CHECK(mprotect(readOnly, 4096, PROT_READ) == 0 && readOnly[0] == 7);
    global = local = private[1000] = *shared = heap[5] = 2;
    mapped[2] = 'C';
    mappedShared[3] = 'D';
    CHECK(sbrk(4096) == heap + 4096);
    munmap(private, 1 << 20);
    _exit(9);
  }
  CHECK(statusOf(child) == 9 << 8);
  CHECK(global == 1 && local == 1 && private[1000] == 1 && heap[5] == 3 && *shared == 2);
  CHECK(memcmp(mapped, "aBc", 3) == 0 && mappedShared[3] == 'D' && mappedShared[2] == 'c');
  CHECK(sbrk(0) == heap + 4096);
  return 0;
}

// exec'd by testExec: tells what it finds.
static int found(char **v) {
  sigset_t mask;
  struct sigaction action;
  CHECK(strcmp(v[2], "an argument") == 0 && v[3] == NULL);
  CHECK(strcmp(getenv("GREETING"), "hello") == 0 && environ[1] == NULL);
  CHECK(fcntl(20, F_GETFD) == 0);
  CHECK(fcntl(21, F_GETFD) == -1 && errno == EBADF);
  sigprocmask(SIG_BLOCK, NULL, &mask);
  CHECK(sigismember(&mask, SIGUSR2) && !sigismember(&mask, SIGUSR1));
  sigaction(SIGTERM, NULL, &action);
  CHECK(action.sa_handler == SIG_IGN);
  sigaction(SIGUSR1, NULL, &action);
  CHECK(action.sa_handler == SIG_DFL);
  CHECK(global == 1);
  sigpending(&mask);
  CHECK(sigismember(&mask, SIGUSR2));
  return 33;
}

static void ignoreIt(int signal) {}

static void becomeFound(const char *self) {
  char *argv[] = {"renamed", "found", "an argument", NULL};
  char *envp[] = {"GREETING=hello", NULL};
  dup2(1, 20);
  dup3(1, 21, O_CLOEXEC);
  signal(SIGTERM, SIG_IGN);
  signal(SIGUSR1, ignoreIt);
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR2);
  sigprocmask(SIG_BLOCK, &mask, NULL);
  raise(SIGUSR2);
  global = 5;
  execve(self, argv, envp);
}

static const char *program;

static void *execFromThread(void *argument) {
  becomeFound(program);
  return NULL;
}

static int testExec(const char *self) {
  program = self;
  pid_t child = fork();
  if (child == 0) {
    becomeFound(self);
    _exit(1);
  }
  CHECK(statusOf(child) == 33 << 8);
  child = fork();
  if (child == 0) {
    pthread_t thread;
    pthread_create(&thread, NULL, execFromThread, NULL);
    for (;;) pause();
  }
  CHECK(statusOf(child) == 33 << 8);
  CHECK(execl("/nonexistent/program", "x", NULL) == -1 && errno == ENOENT);
  CHECK(execl("/", "x", NULL) == -1 && errno == EACCES);
  int text = open("text-file", O_WRONLY | O_CREAT | O_TRUNC, 0700);
  CHECK(write(text, "just text", 9) == 9 && close(text) == 0);
  CHECK(execl("text-file", "x", NULL) == -1 && errno == ENOEXEC);
  static char *many[100001];
  for (int i = 0; i < 100000; i++) many[i] = "an argument that is long enough to be too much for them";
  CHECK(execve(self, many, environ) == -1 && errno == E2BIG);
  becomeFound(self);
  return 1;
}

// A child that borrows its parent's memory.
static int testExecOfHost(void) {
  char *arguments[] = {"sh", "-c", "exit 1", NULL};
  for (int i = 0; i < 3; i++) {
    if (execv("/bin/sh", arguments) != -1 || errno != ENOEXEC) return 1;
  }
  return 0;
}

static int testVfork(const char *self) {
  volatile int seen = 0;
  pid_t child = vfork();
  if (child == 0) {
    seen = 1;
    _exit(4);
  }
  CHECK(seen == 1 && statusOf(child) == 4 << 8);
  char *argv[] = {(char *)self, "status", "17", NULL};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "spawned", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  CHECK(posix_spawn(&child, self, &actions, NULL, argv, environ) == 0);
  CHECK(statusOf(child) == 17 << 8);
  struct stat file;
  CHECK(stat("spawned", &file) == 0 && file.st_size == 3);
  CHECK(posix_spawn(&child, "./no-such-program", NULL, NULL, argv, environ) == ENOENT);
  return 0;
}

static volatile sig_atomic_t told;
static siginfo_t last;

static void tell(int signal, siginfo_t *info, void *context) {
  last = *info;
  told++;
}

static int testWait(void) {
  int status;
  siginfo_t info;
  CHECK(wait(&status) == -1 && errno == ECHILD);
  CHECK(waitpid(getpid(), &status, 0) == -1 && errno == ECHILD);
  struct sigaction action = {.sa_sigaction = tell, .sa_flags = SA_SIGINFO};
  sigaction(SIGCHLD, &action, NULL);
  int gate[2];
  CHECK(pipe(gate) == 0);
  pid_t child = fork();
  if (child == 0) {
    char c;
    close(gate[1]);
    CHECK(read(gate[0], &c, 1) == 0);
    _exit(5);
  }
  CHECK(waitpid(child, &status, WNOHANG) == 0);
  info.si_pid = 1;
  CHECK(waitid(P_PID, child, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0);
  close(gate[0]);
  close(gate[1]);
  CHECK(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0);
  CHECK(info.si_pid == child && info.si_code == CLD_EXITED && info.si_status == 5);
  CHECK(waitpid(-1, &status, 0) == child && status == 5 << 8);
  CHECK(told == 1 && last.si_pid == child && last.si_code == CLD_EXITED && last.si_status == 5);
  CHECK(waitpid(child, &status, 0) == -1 && errno == ECHILD);

  child = fork();
  if (child == 0) for (;;) pause();
  CHECK(kill(child, SIGSTOP) == 0);
  CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
  CHECK(WSTOPSIG(status) == SIGSTOP);
  CHECK(kill(child, SIGCONT) == 0);
  CHECK(waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status));
  CHECK(kill(child, SIGTERM) == 0);
  CHECK(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGTERM);
  CHECK(kill(child, 0) == -1 && errno == ESRCH);

  // A stopped process dies of SIGKILL all the same.
  child = fork();
  if (child == 0) raise(SIGSTOP), _exit(1);
  CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
  CHECK(kill(child, SIGKILL) == 0 && statusOf(child) == SIGKILL);

  child = fork();
  if (child == 0) *(volatile int *)8 = 1;
  CHECK(WTERMSIG(statusOf(child)) == SIGSEGV);

  signal(SIGCHLD, SIG_IGN);
  child = fork();
  if (child == 0) _exit(1);
  CHECK(waitpid(child, &status, 0) == -1 && errno == ECHILD);
  return 0;
}

static int testGroups(void) {
  int status;
  pid_t parent = getpid(), group = getpgrp(), session = getsid(0);
  pid_t one = fork();
  if (one == 0) {
    CHECK(getppid() == parent && getsid(0) == session);
    CHECK(getpgrp() == group || getpgrp() == getpid()); // The parent may have been quick.
    for (;;) pause();
  }
  CHECK(setpgid(one, one) == 0 && getpgid(one) == one);
  pid_t two = fork();
  if (two == 0) {
    CHECK(setpgid(0, one) == 0 && getpgrp() == one);
    for (;;) pause();
  }
  CHECK(setpgid(two, one) == 0 && getpgid(two) == one);
  CHECK(setpgid(two, 99999999) == -1 && errno == EPERM);
  CHECK(kill(-one, SIGTERM) == 0);
  CHECK(waitpid(-one, &status, 0) > 0 && WTERMSIG(status) == SIGTERM);
  CHECK(waitpid(-one, &status, 0) > 0 && WTERMSIG(status) == SIGTERM);
  CHECK(waitpid(-one, &status, 0) == -1 && errno == ECHILD);
  pid_t three = fork();
  if (three == 0) {
    CHECK(setsid() == getpid() && getsid(0) == getpid() && getpgrp() == getpid());
    CHECK(setsid() == -1 && errno == EPERM);
    _exit(0);
  }
  CHECK(statusOf(three) == 0);
  return 0;
}

static void *fillPipe(void *end) {
  char buffer[4096] = {0};
  for (int i = 0; i < 256; i++) CHECK(write(*(int *)end, buffer, sizeof buffer) == sizeof buffer);
  close(*(int *)end);
  return NULL;
}

// Three processes in a row; the end of one is the end of file for the next.
static int testPipes(void) {
  int first[2], second[2];
  CHECK(pipe(first) == 0 && pipe(second) == 0);
  pid_t writer = fork();
  if (writer == 0) {
    close(first[0]), close(second[0]), close(second[1]);
    pthread_t thread;
    pthread_create(&thread, NULL, fillPipe, &first[1]);
    pthread_join(thread, NULL);
    _exit(0);
  }
  pid_t copier = fork();
  if (copier == 0) {
    char buffer[1000];
    ssize_t got;
    close(first[1]), close(second[0]);
    while ((got = read(first[0], buffer, sizeof buffer)) > 0) CHECK(write(second[1], buffer, got) == got);
    _exit(0);
  }
  close(first[0]), close(first[1]), close(second[1]);
  char buffer[777];
  long all = 0;
  ssize_t got;
  while ((got = read(second[0], buffer, sizeof buffer)) > 0) all += got;
  CHECK(got == 0 && all == 256 * 4096);
  CHECK(statusOf(writer) == 0 && statusOf(copier) == 0);
  return 0;
}

static volatile sig_atomic_t pipeSignals;

static void onPipe(int signal, siginfo_t *info, void *context) {
  if (info->si_code == SI_USER && info->si_pid == getpid()) pipeSignals++;
}

// SIGPIPE is for the thread that writes: not for its parent, nor for another thread of its process.
static int testBrokenPipes(void) {
  struct sigaction action = {.sa_sigaction = onPipe, .sa_flags = SA_SIGINFO};
  CHECK(sigaction(SIGPIPE, &action, NULL) == 0);
  int ends[2];
  CHECK(pipe(ends) == 0);
  close(ends[0]);
  pid_t child = fork();
  if (child == 0) {
    CHECK(write(ends[1], "x", 1) == -1 && errno == EPIPE && pipeSignals == 1);
    signal(SIGPIPE, SIG_IGN);
    CHECK(write(ends[1], "x", 1) == -1 && errno == EPIPE && pipeSignals == 1);
    signal(SIGPIPE, SIG_DFL);
    write(ends[1], "x", 1);
    _exit(0);
  }
  CHECK(statusOf(child) == SIGPIPE && pipeSignals == 0);
  CHECK(write(ends[1], "x", 1) == -1 && errno == EPIPE && pipeSignals == 1);
  return 0;
}

static void onAlarm(int signal) { told++; }

// What a child does shows up at a descriptor that the child does not have.
static int testSignalDescriptor(void) {
  int go[2];
  CHECK(pipe(go) == 0);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    close(go[1]);
    _exit(read(go[0], &byte, 1));
  }
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
  int descriptor = signalfd(-1, &set, 0);
  CHECK(descriptor >= 0);
  close(go[0]), close(go[1]);
  struct signalfd_siginfo info;
  CHECK(read(descriptor, &info, sizeof info) == sizeof info);
  CHECK(info.ssi_signo == SIGCHLD && info.ssi_pid == (unsigned)child);
  CHECK(statusOf(child) == 0);
  return 0;
}

// What a descriptor could read waits all the same, for whoever comes first (signalfd(2)).
static int testSignalDescriptorAndOthers(void) {
  sigset_t set, waiting;
  struct signalfd_siginfo read1;
  siginfo_t info;
  struct timespec none = {0, 0};
  union sigval value = {.sival_int = 99};
  int signals[] = {SIGUSR1, SIGRTMIN};
  sigemptyset(&set);
  for (int i = 0; i < 2; i++) sigaddset(&set, signals[i]);
  CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
  raise(SIGUSR1);
  int descriptor = signalfd(-1, &set, SFD_NONBLOCK);
  CHECK(sigtimedwait(&set, &info, &none) == SIGUSR1);
  for (int i = 0; i < 2; i++) {
    CHECK(sigqueue(getpid(), signals[i], value) == 0);
    CHECK(sigqueue(getpid(), signals[i], value) == 0);
    CHECK(sigpending(&waiting) == 0 && sigismember(&waiting, signals[i]));
    CHECK(sigtimedwait(&set, &info, &none) == signals[i]);
    CHECK(info.si_code == SI_QUEUE && info.si_value.sival_int == 99 && info.si_pid == getpid());
    // Of a standard signal one waits at most.
    ssize_t expected = i == 0 ? -1 : (ssize_t)sizeof read1;
    CHECK(read(descriptor, &read1, sizeof read1) == expected);
    CHECK(sigpending(&waiting) == 0 && !sigismember(&waiting, signals[i]));
  }
  // Unblocked it goes to its handler.
  signal(SIGUSR1, onAlarm);
  told = 0;
  raise(SIGUSR1);
  CHECK(told == 0);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  CHECK(told == 1 && read(descriptor, &read1, sizeof read1) == -1 && errno == EAGAIN);
  // It stays when the descriptor is gone, whoever has its number then.
  sigprocmask(SIG_BLOCK, &set, NULL);
  kill(getpid(), SIGUSR1);
  close(descriptor);
  int other[2];
  CHECK(pipe(other) == 0 && other[0] == descriptor);
  CHECK(sigpending(&waiting) == 0 && sigismember(&waiting, SIGUSR1));
  kill(getpid(), SIGRTMIN);
  CHECK(sigtimedwait(&set, &info, &none) == SIGUSR1);
  CHECK(sigtimedwait(&set, &info, &none) == SIGRTMIN);
  return 0;
}

// Children go by what they send at their end (clone(2), __WCLONE); an ignored SIGCHLD never waits.
static int testKindsOfChildren(void) {
  int status;
  pid_t child = syscall(SYS_clone, 0, 0, 0, 0, 0);
  if (child == 0) _exit(4);
  CHECK(waitpid(child, &status, 0) == -1 && errno == ECHILD);
  CHECK(waitpid(child, &status, __WCLONE) == child && status == 4 << 8);
  sigset_t set, waiting;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGUSR1);
  CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
  child = syscall(SYS_clone, SIGUSR1, 0, 0, 0, 0);
  if (child == 0) _exit(5);
  CHECK(waitpid(-1, &status, __WALL) == child && status == 5 << 8);
  CHECK(sigpending(&waiting) == 0 && sigismember(&waiting, SIGUSR1));
  signal(SIGCHLD, SIG_IGN);
  child = fork();
  if (child == 0) _exit(0);
  CHECK(waitpid(child, &status, __WCLONE) == -1 && errno == ECHILD);
  CHECK(waitpid(child, &status, 0) == -1 && errno == ECHILD);
  CHECK(sigpending(&waiting) == 0 && !sigismember(&waiting, SIGCHLD));
  return 0;
}

// Ids of other processes in calls about threads, and what may not be made to look like the kernel's.
static int testSending(void) {
  pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  siginfo_t info = {.si_signo = SIGTERM, .si_code = SI_USER};
  CHECK(syscall(SYS_tgkill, child, child, 0) == 0);
  CHECK(syscall(SYS_tgkill, child, child, 65) == -1 && errno == EINVAL);
  CHECK(syscall(SYS_rt_sigqueueinfo, child, SIGTERM, &info) == -1 && errno == EPERM);
  info.si_code = SI_QUEUE;
  CHECK(syscall(SYS_rt_sigqueueinfo, child, 0, &info) == 0);
  CHECK(syscall(SYS_rt_sigqueueinfo, child, SIGTERM, &info) == 0);
  CHECK(statusOf(child) == SIGTERM);
  return 0;
}

static int testTimers(void) {
  pid_t child = fork();
  if (child == 0) {
    alarm(1);
    for (;;) pause();
  }
  CHECK(WTERMSIG(statusOf(child)) == SIGALRM);
  child = fork();
  if (child == 0) {
    signal(SIGUSR1, onAlarm);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    timer_t timer;
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    struct itimerspec soon = {.it_value.tv_nsec = 1000000};
    sigset_t mask, none;
    sigemptyset(&none);
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    CHECK(timer_settime(timer, 0, &soon, NULL) == 0);
    while (told == 0) sigsuspend(&none);
    struct itimerval left, none2 = {0}, hour = {.it_value.tv_sec = 3600};
    CHECK(setitimer(ITIMER_REAL, &hour, NULL) == 0);
    CHECK(getitimer(ITIMER_REAL, &left) == 0 && left.it_value.tv_sec >= 3590);
    CHECK(setitimer(ITIMER_REAL, &none2, &left) == 0 && left.it_value.tv_sec >= 3590);
    _exit(0);
  }
  CHECK(statusOf(child) == 0);
  return 0;
}

// What is the process's own, although the host has but one for all threads.
static int testSurroundings(void) {
  char before[4096], after[4096];
  CHECK(getcwd(before, sizeof before) != NULL);
  umask(022);
  int file = open("lock-file", O_RDWR | O_CREAT, 0600);
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  CHECK(fcntl(file, F_SETLK, &lock) == 0);
  pid_t child = fork();
  if (child == 0) {
    struct flock other = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(file, F_SETLK, &other) == -1 && (errno == EAGAIN || errno == EACCES));
    CHECK(fcntl(file, F_GETLK, &other) == 0 && other.l_type == F_WRLCK);
    CHECK(chdir("/") == 0);
    umask(077);
    struct rlimit few = {100, 100};
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
    for (int i = 3; i < 100; i++) close(i);
    char link[64], number[64];
    ssize_t length = readlink("/proc/self", link, sizeof link - 1);
    CHECK(length > 0);
    link[length] = 0;
    sprintf(number, "%d", getpid());
    CHECK(strcmp(link, number) == 0);
    int own = open("/dev/null", O_RDONLY);
    CHECK(own == 3);
    length = readlink("/proc/self/fd/3", link, sizeof link - 1);
    CHECK(length == 9 && memcmp(link, "/dev/null", 9) == 0);
    _exit(0);
  }
  CHECK(statusOf(child) == 0);
  CHECK(getcwd(after, sizeof after) != NULL && strcmp(before, after) == 0);
  CHECK(umask(022) == 022);
  struct rlimit limit;
  CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != 100);
  struct tms times_;
  struct rusage usage;
  CHECK(times(&times_) != -1 && getrusage(RUSAGE_CHILDREN, &usage) == 0);
  return 0;
}

// The program's end is told although a process it has left behind goes on.
static int testOrphan(void) {
  int gate[2];
  CHECK(pipe(gate) == 0);
  if (fork() == 0) {
    char c;
    close(gate[1]);
    CHECK(read(gate[0], &c, 1) == 0);
    while (getppid() != 1) sched_yield();
    CHECK(write(1, "late\n", 5) == 5);
    _exit(0);
  }
  return 21;
}

static int testParentDeath(void) {
  int note[2], ready[2];
  char c;
  CHECK(pipe(note) == 0 && pipe(ready) == 0);
  pid_t middle = fork();
  if (middle == 0) {
    if (fork() == 0) {
      CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
      close(ready[1]);
      for (;;) pause();
    }
    close(ready[1]);
    CHECK(read(ready[0], &c, 1) == 0);
    _exit(0);
  }
  close(note[1]), close(ready[1]);
  CHECK(statusOf(middle) == 0);
  CHECK(read(note[0], &c, 1) == 0);
  return 0;
}

static void *spinner(void *argument) {
  for (;;) global++;
}

// A process of several threads has but one in the child; all end with exit.
static int testThreads(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, spinner, NULL);
  for (int i = 0; i < 20; i++) {
    pid_t child = fork();
    if (child == 0) {
      pthread_t own[3];
      for (int j = 0; j < 3; j++) pthread_create(&own[j], NULL, spinner, NULL);
      exit(i);
    }
    CHECK(statusOf(child) == i << 8);
  }
  return 0;
}

static int testMany(const char *self) {
  pid_t children[40];
  char *argv[] = {(char *)self, "status", "3", NULL};
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 40; i++) {
      if (i % 4 == 0) {
        CHECK(posix_spawn(&children[i], self, NULL, NULL, argv, environ) == 0);
      } else if ((children[i] = fork()) == 0) {
        _exit(3);
      }
    }
    for (int i = 0; i < 40; i++) CHECK(statusOf(children[i]) == 3 << 8);
  }
  return 0;
}

static void exitThree(int signal) {
  _exit(3);
}

// Two processes that wait for signals; a byte for each once it does.
static int awaitSignals(void (*first)(int), void (*other)(int)) {
  pid_t child = fork();
  signal(SIGTERM, child == 0 ? other : first);
  CHECK(write(1, ".", 1) == 1);
  for (;;) pause();
}

int main(int count, char **v) {
  const char *test = count > 1 ? v[1] : "";
  if (strcmp(test, "found") == 0) return found(v);
  if (strcmp(test, "status") == 0) return write(1, "ran", 3) == 3 ? atoi(v[2]) : 1;
  if (strcmp(test, "memory") == 0) return testMemory();
  if (strcmp(test, "exec") == 0) return testExec(v[0]);
  if (strcmp(test, "exec-of-host") == 0) return testExecOfHost();
  if (strcmp(test, "vfork") == 0) return testVfork(v[0]);
  if (strcmp(test, "wait") == 0) return testWait();
  if (strcmp(test, "groups") == 0) return testGroups();
  if (strcmp(test, "pipes") == 0) return testPipes();
  if (strcmp(test, "broken-pipes") == 0) return testBrokenPipes();
  if (strcmp(test, "signal-descriptor") == 0) return testSignalDescriptor();
  if (strcmp(test, "signal-descriptor-and-others") == 0) return testSignalDescriptorAndOthers();
  if (strcmp(test, "kinds-of-children") == 0) return testKindsOfChildren();
  if (strcmp(test, "sending") == 0) return testSending();
  if (strcmp(test, "timers") == 0) return testTimers();
  if (strcmp(test, "surroundings") == 0) return testSurroundings();
  if (strcmp(test, "orphan") == 0) return testOrphan();
  if (strcmp(test, "parent-death") == 0) return testParentDeath();
  if (strcmp(test, "threads") == 0) return testThreads();
  if (strcmp(test, "end") == 0) return awaitSignals(SIG_DFL, SIG_DFL);
  if (strcmp(test, "end-by-exit") == 0) return awaitSignals(exitThree, SIG_DFL);
  if (strcmp(test, "end-of-stubborn") == 0) return awaitSignals(SIG_DFL, SIG_IGN);
  if (strcmp(test, "many") == 0) return testMany(v[0]);
  return 2;
}
