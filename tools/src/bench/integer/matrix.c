/* Integer matrix products, 32-bit and 64-bit. */
#include "../rounds.h"

#define N 160

static int32_t a[N][N], b[N][N], c[N][N];
static int64_t d[N][N], e[N][N], f[N][N];

static void prepare(void) {
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      uint32_t r = next_random();
      a[i][j] = r >> 20;
      b[i][j] = r >> 12;
      d[i][j] = (int64_t)r * 77777;
      e[i][j] = (int32_t)r;
    }
  }
}

static uint64_t work(long round) {
  uint64_t sum = round;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      uint32_t s = 0;
      uint64_t t = 0;
      for (int k = 0; k < N; k++) {
        s += (uint32_t)a[i][k] * b[k][j];
        t += (uint64_t)d[i][k] * e[k][j];
      }
      c[i][j] = s;
      f[i][j] = t;
    }
  }
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      a[i][j] = c[i][j] >> 7;
      d[i][j] = f[i][j] >> 9;
      sum = sum * 1099511628211u + (uint32_t)c[i][j] + f[i][j];
    }
  }
  return sum;
}
