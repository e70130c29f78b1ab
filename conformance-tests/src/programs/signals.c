/* Signals: faults on an alternate stack, a way out by siglongjmp, timers, masks, nesting. */
#define _GNU_SOURCE /* names of the registers in a ucontext_t */
#include "support.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf out;
static volatile sig_atomic_t hits, ticks, order[8], ordered;
static char* volatile fault_address;
static volatile int fault_code, on_other_stack;
static char* other_stack;
static size_t other_size = 64 * 1024;

static void note_fault(int signal, siginfo_t* info, void* context) {
  char here;
  (void)context;
  (void)signal;
  fault_address = info->si_addr;
  fault_code = info->si_code;
  on_other_stack = &here >= other_stack && &here < other_stack + other_size;
  siglongjmp(out, ++hits);
}

static void handle(int signal, void (*action)(int, siginfo_t*, void*), int flags) {
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_sigaction = action;
  sa.sa_flags = SA_SIGINFO | flags;
  sigemptyset(&sa.sa_mask);
  sigaction(signal, &sa, NULL);
}

NOINLINE static void touch(volatile char* p, int write) {
  if (write) {
    *p = 1;
  } else {
    fault_code = *p;
  }
}

static const char* code_name(int signal) {
  if (signal == SIGSEGV) {
    return fault_code == SEGV_MAPERR ? "MAPERR" : fault_code == SEGV_ACCERR ? "ACCERR" : "other";
  }
  return fault_code == BUS_ADRERR ? "ADRERR" : "other";
}

static void try_access(const char* name, char* p, int write, int signal) {
  fault_address = NULL;
  if (sigsetjmp(out, 1) == 0) {
    touch(p, write);
    printf("%s: no fault\n", name);
  } else {
    printf("%s: offset %td %s stack %d\n", name, fault_address - p, code_name(signal),
           on_other_stack);
  }
}

static void faults(void) {
  long page = sysconf(_SC_PAGESIZE);
  stack_t alternate = {.ss_sp = other_stack, .ss_size = other_size};
  sigaltstack(&alternate, NULL);
  handle(SIGSEGV, note_fault, SA_ONSTACK);
  handle(SIGBUS, note_fault, SA_ONSTACK);

  char* p = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(p + page, page, PROT_READ);
  mprotect(p + 2 * page, page, PROT_NONE);
  munmap(p + 3 * page, page);
  try_access("writable", p + 5, 1, SIGSEGV);
  try_access("read-only, read", p + page + 7, 0, SIGSEGV);
  try_access("read-only, write", p + page + 7, 1, SIGSEGV);
  try_access("no access, read", p + 2 * page + 9, 0, SIGSEGV);
  try_access("unmapped, read", p + 3 * page + 11, 0, SIGSEGV);
  try_access("unmapped, write", p + 3 * page, 1, SIGSEGV);
  try_access("null, read", NULL, 0, SIGSEGV);
  try_access("null, write", (char*)8, 1, SIGSEGV);

  char name[] = "/tmp/isomorph-signals-XXXXXX";
  int fd = mkstemp(name);
  unlink(name);
  if (ftruncate(fd, page) == 0) {
    char* file = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    try_access("beyond the file", file + page + 3, 0, SIGBUS);
    try_access("within the file", file + 3, 1, SIGBUS);
  }
  close(fd);
  printf("hits %d\n", hits);
}

/* A stack overflow can only be handled on another stack. */
NOINLINE static int overflow(int n) {
  volatile char frame[4096];
  frame[0] = (char)n;
  return n == OPAQUE(-1) ? 0 : overflow(n + 1) + frame[0];
}

static void stack_overflow(void) {
  if (sigsetjmp(out, 1) == 0) {
    printf("%d\n", overflow(0));
  } else {
    printf("stack overflow: stack %d\n", on_other_stack);
  }
}

static void repair(int signal, siginfo_t* info, void* context) {
  (void)context;
  (void)signal;
  hits++;
  mprotect((void*)((uintptr_t)info->si_addr & -4096), 4096, PROT_READ | PROT_WRITE);
}

/* The faulting instruction runs again and everything else in registers is as it was. */
NOINLINE static double resumed(signed char* p, const double* in, const long* on) {
  double a = in[0], b = in[1], c = in[2], d = in[3], sum = 0;
  long i = on[0], j = on[1], k = on[2], l = on[3];
  for (int at = 0; at < 8; at++) {
    p[at * 4096 + at] = (signed char)(i + at);
    sum += a * at + b + c * (double)j - d + (double)(k ^ l);
    i += p[at * 4096 + at];
  }
  return sum + (double)i;
}

static void repairs(void) {
  handle(SIGSEGV, repair, SA_ONSTACK);
  signed char* p = mmap(NULL, 8 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  double in[] = {1.5, 2.25, 3.125, 4};
  long on[] = {1, 10, 100, 1000};
  hits = 0;
  double result = resumed(p, in, on);
  printf("resumed %.3f hits %d\n", result, hits);
}

static void skip(int signal, siginfo_t* info, void* context) {
  ucontext_t* uc = context;
  (void)signal;
  (void)info;
#ifdef __riscv
  uc->uc_mcontext.__gregs[REG_PC] += 4;
  uc->uc_mcontext.__gregs[REG_A0] = 4242;
#else
  uc->uc_mcontext.gregs[REG_RIP] += 3;
  uc->uc_mcontext.gregs[REG_RAX] = 4242;
#endif
}

/* The handler puts a result into the register and goes on behind the load. */
NOINLINE static long skipped(long* p) {
#ifdef __riscv
  register long value __asm__("a0") = 1;
  __asm__ volatile(".option push\n\t.option norvc\n\tld a0, 0(%1)\n\t.option pop"
                   : "+r"(value)
                   : "r"(p)
                   : "memory");
#else
  register long value __asm__("rax") = 1;
  register long* from __asm__("rcx") = p;
  __asm__ volatile("movq 0(%1), %%rax\n\t" : "+r"(value) : "r"(from) : "memory");
#endif
  return value;
}

static void tick(int signal) {
  (void)signal;
  ticks++;
}

static void timers(void) {
  struct itimerval every = {{0, 2000}, {0, 2000}}, off = {{0, 0}, {0, 0}};
  signal(SIGALRM, tick);
  setitimer(ITIMER_REAL, &every, NULL);
  /* No calls in here: the loop itself has to be interrupted. */
  uint64_t x = 1;
  while (ticks < 5) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    if (x == 0) {
      ticks = 99;
    }
  }
  setitimer(ITIMER_REAL, &off, NULL);
  printf("ticks %s\n", ticks >= 5 && ticks < 90 ? "came" : "lost");

  /* Again and again, since the first may come before the call that it shall end. */
  ticks = 0;
  setitimer(ITIMER_REAL, &every, NULL);
  pause();
  setitimer(ITIMER_REAL, &off, NULL);
  printf("pause %s\n", ticks > 0 ? "ended" : "ended by nothing");
}

static void note(int signal) { order[ordered++ & 7] = signal; }
static void note_and_raise(int signal) {
  order[ordered++ & 7] = signal;
  raise(SIGUSR2);
  order[ordered++ & 7] = -signal;
}

static void masks(void) {
  sigset_t set, old, pending, none;
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_handler = note_and_raise;
  sigemptyset(&sa.sa_mask);
  sigaddset(&sa.sa_mask, SIGUSR2);
  sigaction(SIGUSR1, &sa, NULL);
  signal(SIGUSR2, note);

  ordered = 0;
  raise(SIGUSR1);
  printf("masked: %d %d %d\n", order[0] == SIGUSR1, order[1] == -SIGUSR1, order[2] == SIGUSR2);
  sigemptyset(&sa.sa_mask);
  sigaction(SIGUSR1, &sa, NULL);
  ordered = 0;
  raise(SIGUSR1);
  printf("nested: %d %d %d\n", order[0] == SIGUSR1, order[1] == SIGUSR2, order[2] == -SIGUSR1);

  sigemptyset(&none);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, &old);
  ordered = 0;
  kill(getpid(), SIGUSR2);
  kill(getpid(), SIGUSR2);
  sigpending(&pending);
  printf("pending %d delivered %d\n", sigismember(&pending, SIGUSR2), ordered);
  sigsuspend(&none);
  printf("after sigsuspend %d\n", ordered);
  sigprocmask(SIG_SETMASK, &old, NULL);
  printf("in all %d\n", ordered);

  sa.sa_handler = note;
  sa.sa_flags = SA_RESETHAND;
  sigaction(SIGUSR1, &sa, NULL);
  raise(SIGUSR1);
  sigaction(SIGUSR1, NULL, &sa);
  printf("reset %d\n", sa.sa_handler == SIG_DFL);
}

static void trapped(int signal) { siglongjmp(out, signal); }

int main(void) {
  other_stack = malloc(other_size);
  faults();
  stack_overflow();
  repairs();
  handle(SIGSEGV, skip, SA_ONSTACK);
  printf("skipped %ld\n", skipped(OPAQUE((long*)16)));
  timers();
  masks();
  signal(SIGILL, trapped);
  signal(SIGTRAP, trapped);
  int signal_number = sigsetjmp(out, 1);
  if (signal_number == 0) {
    __builtin_trap();
  }
  printf("trapped %d\n", signal_number == SIGILL || signal_number == SIGTRAP);
  fflush(stdout);
  raise(SIGTERM);
  return 0;
}
