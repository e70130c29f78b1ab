/* alloca and variable-length arrays, deep and mutual recursion, aligned locals. */
#include "support.h"

#include <alloca.h>

NOINLINE static unsigned fill(unsigned char* p, int n, int seed) {
  unsigned sum = 0;
  for (int i = 0; i < n; i++) {
    p[i] = (unsigned char)(seed * 31 + i * 7);
    sum = sum * 33 + p[i];
  }
  return sum;
}

NOINLINE static unsigned in_loop(int rounds) {
  unsigned sum = 0;
  unsigned char* last = NULL;
  for (int i = 1; i <= rounds; i++) {
    unsigned char* p = alloca(i * 13);
    sum += fill(p, i * 13, i);
    if (last) {
      sum ^= last[0];
    }
    last = p;
  }
  return sum;
}

NOINLINE static unsigned by_recursion(int n) {
  unsigned char* p = alloca(n + 1);
  unsigned sum = fill(p, n + 1, n);
  if (n > 0) {
    sum += by_recursion(n - 1) * 3;
  }
  return sum + p[n];
}

NOINLINE static long matrix(int rows, int columns) {
  long a[rows][columns];
  long b[columns][rows];
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < columns; j++) {
      a[i][j] = i * 10 + j;
      b[j][i] = a[i][j] * a[i][j];
    }
  }
  long sum = 0;
  for (int i = 0; i < rows; i++) {
    for (int k = 0; k < rows; k++) {
      for (int j = 0; j < columns; j++) {
        sum += a[i][j] * b[j][k] * (i - k + 1);
      }
    }
  }
  return sum + (long)(sizeof a + sizeof b);
}

NOINLINE static int aligned_locals(void) {
  _Alignas(64) char a[3];
  char b[5];
  _Alignas(256) char c[7];
  memset(a, 1, sizeof a);
  memset(b, 2, sizeof b);
  memset(c, 3, sizeof c);
  char* volatile pa = a, * volatile pc = c, * volatile pb = b;
  return ((uintptr_t)pa % 64 == 0) + 2 * ((uintptr_t)pc % 256 == 0) + 4 * pb[4];
}

static int is_odd(unsigned n);
NOINLINE static int is_even(unsigned n) { return n == 0 ? 1 : is_odd(n - 1) + 0; }
NOINLINE static int is_odd(unsigned n) { return n == 0 ? 0 : is_even(n - 1) * 1; }

NOINLINE static int ackermann(int m, int n) {
  return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

/* Deeper than any return stack of a translator. */
NOINLINE static uint64_t deep(int n, uint64_t* frame) {
  uint64_t mine[4] = {n, frame[0], frame[1] ^ n, 0};
  if (n == 0) {
    return frame[2];
  }
  mine[3] = deep(n - 1, mine);
  return mine[3] * 31 + mine[1] + mine[2];
}

NOINLINE static uint64_t catalan(int n) {
  if (n <= 1) {
    return 1;
  }
  uint64_t sum = 0;
  for (int i = 0; i < n; i++) {
    sum += catalan(i) * catalan(n - 1 - i);
  }
  return sum;
}

NOINLINE static void hanoi(int n, int from, int to, int by, int* moves, unsigned* trace) {
  if (n == 0) {
    return;
  }
  hanoi(n - 1, from, by, to, moves, trace);
  ++*moves;
  *trace = *trace * 5 + from * 3 + to;
  hanoi(n - 1, by, to, from, moves, trace);
}

int main(void) {
  printf("alloca in a loop %u\n", in_loop(100));
  printf("alloca by recursion %u\n", by_recursion(200));
  printf("matrix %ld %ld %ld\n", matrix(3, 5), matrix(17, 2), matrix(OPAQUE(9), OPAQUE(30)));
  printf("aligned %d\n", aligned_locals());
  printf("even %d odd %d\n", is_even(10000), is_odd(10000));
  printf("ackermann %d\n", ackermann(2, 300));
  uint64_t start[4] = {1, 2, 3, 4};
  printf("deep %" PRIu64 "\n", deep(50000, start));
  printf("catalan %" PRIu64 "\n", catalan(11));
  int moves = 0;
  unsigned trace = 0;
  hanoi(14, 1, 3, 2, &moves, &trace);
  printf("hanoi %d %u\n", moves, trace);
  return 0;
}
