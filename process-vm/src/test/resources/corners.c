/*
 * What Linux on riscv64 tells a program about instructions that cannot be completed: the signal,
 * si_code, si_addr and the pc of the context. Each snippet is a function; its instruction at hand is
 * labelled NAME_at. What is not as it should be is written to standard error.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define PAGE 4096

static int wrong;

#define CHECK(condition)                                                  \
  do {                                                                    \
    if (!(condition)) {                                                   \
      dprintf(2, "line %d: %s\n", __LINE__, #condition);                  \
      wrong = 1;                                                          \
    }                                                                     \
  } while (0)

static volatile sig_atomic_t hits;
static int got_signal, got_code;
static uintptr_t got_address, got_pc;

/* Notes what it is told and returns from the snippet. */
static void note(int signal, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  if (++hits > 3) _exit(98); /* It was not a snippet, and would be so again and again. */
  got_signal = signal;
  got_code = info->si_code;
  got_address = (uintptr_t)info->si_addr;
  got_pc = uc->uc_mcontext.__gregs[REG_PC];
  uc->uc_mcontext.__gregs[REG_PC] = uc->uc_mcontext.__gregs[REG_RA];
}

typedef long function(void *address, long value);

/* A function that runs before, then the instruction at hand, then after. */
#define SNIPPET(name, before, at, after)                                  \
  function name;                                                          \
  extern char name##_at[];                                                \
  __asm__(".text\n.balign 4\n" #name ":\n" before "\n" #name "_at:\n" at  \
          "\n" after "\nret\n")
#define SINGLE(name, at) SNIPPET(name, "", at, "")

SINGLE(load_byte, "lb a0, 0(a0)");
SINGLE(load_word, "lw a0, 0(a0)");
SINGLE(load_double, "ld a0, 0(a0)");
SINGLE(load_float, "fld fa0, 0(a0)");
SINGLE(store_half, "sh a1, 0(a0)");
SINGLE(store_double, "sd a1, 0(a0)");
SINGLE(store_float, "fsd fa0, 0(a0)");
SINGLE(lr_word, "lr.w a0, (a0)");
SINGLE(lr_double, "lr.d a0, (a0)");
SINGLE(sc_word, "sc.w a0, a1, (a0)");
SINGLE(amo_word, "amoadd.w a0, a1, (a0)");
SINGLE(amo_double, "amoswap.d a0, a1, (a0)");
SINGLE(amo_max, "amomax.d.aqrl a0, a1, (a0)");
SNIPPET(lr_sc, "lr.d t0, (a0)", "sc.d a0, a1, (a0)", "");
SINGLE(cbo_zero, ".4byte 0x0045200f");
SINGLE(zeros, ".2byte 0");
SINGLE(ones, ".4byte 0xffffffff");
SINGLE(reserved_jump, ".2byte 0x8002");
SINGLE(reserved_load, ".2byte 0x4002");
SINGLE(static_5, ".4byte 0x02a55553");
SINGLE(static_6, ".4byte 0x02a56553");
SINGLE(dynamic_add, "fadd.d fa0, fa0, fa0, dyn");
SINGLE(dynamic_convert, "fcvt.w.d a0, fa0, dyn");
SINGLE(dynamic_exact, ".4byte 0xd205f553");
SINGLE(dynamic_root, "fsqrt.s fa0, fa0, dyn");
SINGLE(static_add, "fadd.d fa0, fa0, fa0, rne");
SINGLE(compare, "feq.d a0, fa0, fa0");
SINGLE(copy_sign, "fsgnj.d fa0, fa0, fa0");
SINGLE(write_cycle, "csrw cycle, a1");
SINGLE(set_time, "csrsi time, 1");
SINGLE(read_mstatus, "csrr a0, mstatus");
SINGLE(read_nothing, "csrr a0, 0x7ff");
SINGLE(supervisor_return, "sret");
SINGLE(machine_return, "mret");
SINGLE(fence_tlb, "sfence.vma");
SINGLE(breakpoint, ".option push\n.option norvc\nebreak\n.option pop");
SINGLE(short_breakpoint, "c.ebreak");
SINGLE(read_cycle, "rdcycle a0");
SINGLE(read_time, "rdtime a0");
SINGLE(read_instret, "rdinstret a0");
SINGLE(set_fcsr, "fsrm a0, a1");
SNIPPET(sc_alone, "", "sc.d a0, a1, (a0)", "");
SNIPPET(sc_elsewhere, "lr.d t0, (a0)\naddi a0, a0, 8", "sc.d a0, a1, (a0)", "");
SNIPPET(sc_twice, "lr.d t0, (a0)\nsc.d t1, a1, (a0)", "sc.d a0, a1, (a0)", "");
SNIPPET(sc_after_failure, "lr.d t0, (a0)\naddi t2, a0, 8\nsc.d t1, a1, (t2)",
        "sc.d a0, a1, (a0)", "");
SNIPPET(sc_after_call, "lr.d t0, (a0)\nmv t1, a0\nli a7, 172\necall\nmv a0, t1",
        "sc.d a0, a1, (a0)", "");
SNIPPET(sc_after_change, "lr.d t0, (a0)\naddi t0, t0, 1\nsd t0, 0(a0)", "sc.d a0, a1, (a0)", "");

/* Runs a snippet that is to be stopped by a signal. */
#define STOPS(name, address, value, signal, code, where)                  \
  do {                                                                    \
    hits = 0;                                                             \
    name((void *)(address), value);                                       \
    CHECK(hits == 1);                                                     \
    CHECK(got_signal == signal && got_code == code);                      \
    if (got_address != (uintptr_t)(where) || got_pc != (uintptr_t)name##_at) {  \
      dprintf(2, "line %d: %s: si_addr %#lx for %#lx, pc %#lx for %#lx\n", __LINE__, #name,     \
              got_address, (uintptr_t)(where), got_pc, (uintptr_t)name##_at);   \
      wrong = 1;                                                          \
    }                                                                     \
  } while (0)
#define FAULTS(name, address, code, where) STOPS(name, address, -1, SIGSEGV, code, where)
#define MISALIGNED(name, address) STOPS(name, address, 1, SIGBUS, BUS_ADRALN, name##_at)
#define ILLEGAL(name) STOPS(name, 0, 0, SIGILL, ILL_ILLOPC, name##_at)
#define GOES_ON(call)                                                     \
  do {                                                                    \
    hits = 0;                                                             \
    call;                                                                 \
    CHECK(hits == 0);                                                     \
  } while (0)

/* Pages: writable, read-only, writable, without access, writable, not mapped, writable. */
static char *pages(void) {
  char *p = mmap(NULL, 7 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(p, 0x11, 7 * PAGE);
  mprotect(p + PAGE, PAGE, PROT_READ);
  mprotect(p + 3 * PAGE, PAGE, PROT_NONE);
  munmap(p + 5 * PAGE, PAGE);
  return p;
}

static void faults(void) {
  char *p = pages();
  char *read_only = p + PAGE, *closed = p + 3 * PAGE, *hole = p + 5 * PAGE;
  FAULTS(load_byte, hole + 7, SEGV_MAPERR, hole + 7);
  FAULTS(load_word, closed + 8, SEGV_ACCERR, closed + 8);
  FAULTS(load_float, hole + 8, SEGV_MAPERR, hole + 8);
  FAULTS(store_half, read_only + 6, SEGV_ACCERR, read_only + 6);
  FAULTS(store_double, hole + 8, SEGV_MAPERR, hole + 8);
  FAULTS(store_float, read_only + 8, SEGV_ACCERR, read_only + 8);
  FAULTS(lr_word, hole + 4, SEGV_MAPERR, hole + 4);
  FAULTS(amo_word, read_only + 4, SEGV_ACCERR, read_only + 4);
  FAULTS(amo_double, closed + 8, SEGV_ACCERR, closed + 8);
  FAULTS(lr_sc, read_only + 8, SEGV_ACCERR, read_only + 8);
  FAULTS(cbo_zero, read_only + 72, SEGV_ACCERR, read_only + 72);
  FAULTS(load_double, 0, SEGV_MAPERR, 0);
  FAULTS(load_double, INTPTR_MIN, SEGV_MAPERR, INTPTR_MIN);
  FAULTS(store_double, -8, SEGV_MAPERR, -8);
  FAULTS(amo_double, 1L << 50, SEGV_MAPERR, 1L << 50);

  /* Across two pages the address is that of the part that fails, and nothing is stored. */
  FAULTS(load_double, closed - 3, SEGV_ACCERR, closed);
  FAULTS(load_double, hole - 1, SEGV_MAPERR, hole);
  FAULTS(load_double, hole + PAGE - 3, SEGV_MAPERR, hole + PAGE - 3);
  FAULTS(store_double, closed - 3, SEGV_ACCERR, closed);
  FAULTS(store_half, hole - 1, SEGV_MAPERR, hole);
  FAULTS(store_double, read_only - 5, SEGV_ACCERR, read_only);
  FAULTS(store_double, read_only + PAGE - 5, SEGV_ACCERR, read_only + PAGE - 5);
  FAULTS(store_float, hole + PAGE - 1, SEGV_MAPERR, hole + PAGE - 1);
  for (int i = 1; i <= 5; i++) CHECK(closed[-i] == 0x11 && hole[-i] == 0x11 && read_only[-i] == 0x11);
  for (int i = 0; i < 8; i++) CHECK(read_only[PAGE + i] == 0x11 && hole[PAGE + i] == 0x11);
}

static void misaligned(void) {
  char *p = pages();
  long value = 0;
  for (int i = 0; i < 16; i++) p[2 * PAGE + i] = (char)i;
  GOES_ON(value = load_double(p + 2 * PAGE + 3, 0));
  CHECK(value == 0x0a09080706050403);
  GOES_ON(value = load_double(p + PAGE - 3 + PAGE, 0));
  CHECK(value == 0x0403020100111111);
  GOES_ON(store_double(p + 5, 0x0102030405060708));
  CHECK(p[5] == 8 && p[12] == 1 && p[4] == 0x11 && p[13] == 0x11);

  MISALIGNED(lr_word, p + 2);
  MISALIGNED(lr_double, p + 4);
  MISALIGNED(sc_word, p + 1);
  MISALIGNED(amo_word, p + 2);
  MISALIGNED(amo_double, p + 4);
  MISALIGNED(amo_max, p + PAGE - 4);
  MISALIGNED(amo_double, p + 5 * PAGE + 1);
}

static void illegal(void) {
  ILLEGAL(zeros);
  ILLEGAL(ones);
  ILLEGAL(reserved_jump);
  ILLEGAL(reserved_load);
  ILLEGAL(static_5);
  ILLEGAL(static_6);
  ILLEGAL(write_cycle);
  ILLEGAL(set_time);
  ILLEGAL(read_mstatus);
  ILLEGAL(read_nothing);
  ILLEGAL(supervisor_return);
  ILLEGAL(machine_return);
  ILLEGAL(fence_tlb);
  STOPS(breakpoint, 0, 0, SIGTRAP, TRAP_BRKPT, breakpoint_at);
  STOPS(short_breakpoint, 0, 0, SIGTRAP, TRAP_BRKPT, short_breakpoint_at);
}

/* A reserved mode stops what rounds by it, even if the result is exact; nothing else. */
static void rounding(void) {
  for (long mode = 5; mode <= 7; mode++) {
    set_fcsr(NULL, mode);
    ILLEGAL(dynamic_add);
    ILLEGAL(dynamic_convert);
    ILLEGAL(dynamic_exact);
    ILLEGAL(dynamic_root);
    GOES_ON(static_add(NULL, 0));
    GOES_ON(compare(NULL, 0));
    GOES_ON(copy_sign(NULL, 0));
    CHECK(set_fcsr(NULL, 0) == mode);
  }
  for (long mode = 0; mode <= 4; mode++) {
    set_fcsr(NULL, mode);
    GOES_ON(dynamic_add(NULL, 0));
    GOES_ON(dynamic_exact(NULL, 0));
  }
  set_fcsr(NULL, 0);
}

static void fetching(void) {
  char *p = pages();
  void (*jump)(void);
  hits = 0;
  jump = (void (*)(void))(p + 5 * PAGE + 6);
  jump();
  CHECK(hits == 1 && got_signal == SIGSEGV && got_code == SEGV_MAPERR);
  CHECK(got_address == (uintptr_t)jump && got_pc == (uintptr_t)jump);
  jump = (void (*)(void))(p + 8);
  jump();
  CHECK(hits == 2 && got_signal == SIGSEGV && got_code == SEGV_ACCERR);
  CHECK(got_address == (uintptr_t)jump && got_pc == (uintptr_t)jump);

  /* Half an instruction is missing. */
  static const uint16_t half_addi = 0x0513;
  memcpy(p + PAGE - 2, &half_addi, 2);
  mprotect(p, PAGE, PROT_READ | PROT_EXEC);
  __builtin___clear_cache(p, p + PAGE);
  jump = (void (*)(void))(p + PAGE - 2);
  jump();
  CHECK(hits == 3 && got_signal == SIGSEGV && got_code == SEGV_ACCERR);
  CHECK(got_address == (uintptr_t)p + PAGE && got_pc == (uintptr_t)jump);
}

/* New code is run after fence.i, without any call. */
static void new_code(void) {
  static const uint32_t ret = 0x00008067;
  uint32_t *code =
      mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  long (*run)(void) = (long (*)(void))code;
  code[1] = ret;
  for (uint32_t i = 0; i < 200; i++) {
    code[0] = i << 20 | 0x513; /* li a0, i */
    __asm__ volatile("fence.i" ::: "memory");
    CHECK(run() == (long)i);
  }
}

static void reservations(void) {
  static long cell[2];
  cell[0] = 5;
  CHECK(sc_alone(cell, 9) == 1 && cell[0] == 5);
  CHECK(lr_sc(cell, 9) == 0 && cell[0] == 9);
  CHECK(sc_alone(cell, 8) == 1 && cell[0] == 9);
  CHECK(sc_elsewhere(cell, 7) == 1 && cell[1] == 0);
  CHECK(sc_twice(cell, 6) == 1 && cell[0] == 6);
  CHECK(sc_after_failure(cell, 5) == 1 && cell[0] == 6);
  CHECK(sc_after_call(cell, 4) == 1 && cell[0] == 6);
  CHECK(sc_after_change(cell, 3) == 1 && cell[0] == 7);
  for (int i = 0; i < 1000; i++) CHECK(lr_sc(cell, i) == 0 && cell[0] == i);
}

/* Counters can be read and never go back; what they count is the machine's own affair. */
static void counters(void) {
  unsigned long cycle = 0, time = 0, instret = 0;
  for (int i = 0; i < 1000; i++) {
    unsigned long c = read_cycle(NULL, 0), t = read_time(NULL, 0), n = read_instret(NULL, 0);
    CHECK(c >= cycle && t >= time && n > instret);
    cycle = c;
    time = t;
    instret = n;
  }
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = note;
  action.sa_flags = SA_SIGINFO;
  static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP};
  for (int i = 0; i < 4; i++) sigaction(signals[i], &action, NULL);
  faults();
  misaligned();
  illegal();
  rounding();
  fetching();
  new_code();
  reservations();
  counters();
  return wrong;
}
