/* Integer matrix products, 32-bit and 64-bit. */
#include <stdint.h>
#include <stdio.h>

#define N 160

static int32_t a[N][N], b[N][N], c[N][N];
static int64_t d[N][N], e[N][N], f[N][N];

int main(void) {
  uint32_t seed = 3;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      seed = seed * 1664525 + 1013904223;
      a[i][j] = seed >> 20;
      b[i][j] = seed >> 12;
      d[i][j] = (int64_t)seed * 77777;
      e[i][j] = (int32_t)seed;
    }
  }
  for (int round = 0; round < 40; round++) {
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
      }
    }
  }
  uint64_t sum = 0;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      sum = sum * 1099511628211u + (uint32_t)c[i][j] + f[i][j];
    }
  }
  printf("%016llx\n", (unsigned long long)sum);
  return 0;
}
