/* Calls and returns: Fibonacci, Ackermann and the towers of Hanoi, all recursive. */
#include <stdint.h>
#include <stdio.h>

static uint64_t __attribute__((noinline)) fib(unsigned n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static unsigned __attribute__((noinline)) ackermann(unsigned m, unsigned n) {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

static uint64_t moves;

static void __attribute__((noinline)) hanoi(int n, int from, int to, int by) {
  if (n == 0) return;
  hanoi(n - 1, from, by, to);
  moves = moves * 3 + (from << 2 | to);
  hanoi(n - 1, by, to, from);
}

int main(void) {
  uint64_t sum = fib(37);
  sum += ackermann(2, 1500);
  hanoi(22, 0, 1, 2);
  printf("%016llx\n", (unsigned long long)(sum ^ moves));
  return 0;
}
