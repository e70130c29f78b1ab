/* setjmp and longjmp: out of recursion, back into loops, with live integer and float registers. */
#include "support.h"

#include <setjmp.h>
#include <signal.h>

static jmp_buf top;
static jmp_buf steps[8];
static int depth_reached;

NOINLINE static void descend(int depth, int limit) {
  volatile char pad[100];
  memset((char*)pad, depth, sizeof pad);
  depth_reached = depth;
  if (depth == limit) {
    longjmp(top, OPAQUE(limit));
  }
  descend(depth + 1, limit);
  printf("not reached %d\n", pad[0]);
}

/* Callee-saved registers of both kinds are what setjmp has to bring back. */
NOINLINE static double busy(const double* in, const long* on, int throws) {
  double a = in[0], b = in[1], c = in[2], d = in[3], e = in[4], f = in[5], g = in[6], h = in[7];
  long i = on[0], j = on[1], k = on[2], l = on[3], m = on[4], n = on[5], o = on[6], p = on[7];
  jmp_buf here;
  int value = setjmp(here);
  if (value < throws) {
    double garbage = 0;
    for (int q = 0; q < 50; q++) {
      garbage += q * 1.5;
    }
    if (garbage > 0) {
      longjmp(here, value + 1);
    }
  }
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h +
         (double)(i + 3 * j + 5 * k + 7 * l + 9 * m + 11 * n + 13 * o + 15 * p);
}

NOINLINE static int chain(int level) {
  int value = setjmp(steps[level]);
  if (value != 0) {
    printf("chain %d got %d\n", level, value);
    if (level == 0) {
      return value;
    }
    longjmp(steps[level - 1], value + level);
  }
  if (level == 7) {
    longjmp(steps[7], 100);
  }
  return chain(level + 1);
}

int main(void) {
  for (volatile int limit = 1; limit <= 1000; limit *= 10) {
    int value = setjmp(top);
    if (value == 0) {
      descend(0, limit);
    }
    printf("from %d at %d\n", value, depth_reached);
  }

  double in[8];
  long on[8];
  for (int i = 0; i < 8; i++) {
    in[i] = OPAQUE(i + 0.25);
    on[i] = OPAQUE(1000L * i);
  }
  printf("busy %.2f %.2f\n", busy(in, on, 0), busy(in, on, 20));
  printf("chain %d\n", chain(0));

  volatile int count = 0;
  jmp_buf loop;
  int seen = setjmp(loop);
  count = count + 1;
  if (count < 5) {
    longjmp(loop, count * 11);
  }
  printf("loop %d %d\n", count, seen);

  jmp_buf zero;
  volatile int once = 0;
  int result = setjmp(zero);
  if (!once) {
    once = 1;
    longjmp(zero, 0);
  }
  printf("zero becomes %d\n", result);

  sigjmp_buf masked;
  sigset_t set, now;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  if (sigsetjmp(masked, 1) == 0) {
    sigprocmask(SIG_BLOCK, &set, NULL);
    siglongjmp(masked, 1);
  }
  sigprocmask(SIG_BLOCK, NULL, &now);
  printf("mask restored: blocked %d\n", sigismember(&now, SIGUSR1));
  if (sigsetjmp(masked, 0) == 0) {
    sigprocmask(SIG_BLOCK, &set, NULL);
    siglongjmp(masked, 1);
  }
  sigprocmask(SIG_BLOCK, NULL, &now);
  printf("mask kept: blocked %d\n", sigismember(&now, SIGUSR1));
  return 0;
}
