/* Deep and shallow recursion: the Ackermann function and the towers of Hanoi. */
#include "../rounds.h"

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

static void prepare(void) {}

static uint64_t work(long round) {
  uint64_t sum = ackermann(2, 300 + round % 8);
  hanoi(14, round % 3, 2, 1);
  return sum ^ moves;
}
