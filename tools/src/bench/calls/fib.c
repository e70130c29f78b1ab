/* Recursive Fibonacci numbers: hardly anything but calls, returns and the stack. */
#include "../rounds.h"

static uint64_t __attribute__((noinline)) fib(unsigned n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static void prepare(void) {}

static uint64_t work(long round) { return fib(26 + round % 4); }
