/* Streams of doubles and floats through memory: copy, scale, add, triad. */
#include "../rounds.h"

#define N 200000

static double a[N], b[N], c[N];
static float x[N], y[N];

static void prepare(void) {
  for (int i = 0; i < N; i++) {
    a[i] = 1.0 + i % 7;
    b[i] = 2.0 + i % 5;
    x[i] = 0.5f + i % 3;
  }
}

static uint64_t work(long round) {
  for (int i = 0; i < N; i++) c[i] = a[i];
  for (int i = 0; i < N; i++) b[i] = 0.25 * c[i];
  for (int i = 0; i < N; i++) c[i] = a[i] + b[i];
  for (int i = 0; i < N; i++) a[i] = b[i] + 0.5 * c[i];
  for (int i = 0; i < N; i++) y[i] = y[i] * 0.5f + x[i];
  long at = round * 997 % N;
  return bits_of(a[at] + b[at] + c[at] + y[at]);
}
