/* LU decomposition with partial pivoting, and solving: what Linpack measures. */
#include <math.h>

#include "../rounds.h"

#define N 200

static double a[N][N], b[N];
static int pivot[N];

static void decompose(void) {
  for (int k = 0; k < N; k++) {
    int p = k;
    for (int i = k + 1; i < N; i++) {
      if (fabs(a[i][k]) > fabs(a[p][k])) p = i;
    }
    pivot[k] = p;
    for (int j = 0; j < N; j++) {
      double t = a[k][j];
      a[k][j] = a[p][j];
      a[p][j] = t;
    }
    for (int i = k + 1; i < N; i++) {
      double factor = a[i][k] /= a[k][k];
      for (int j = k + 1; j < N; j++) a[i][j] -= factor * a[k][j];
    }
  }
}

static void solve(void) {
  for (int k = 0; k < N; k++) {
    double t = b[pivot[k]];
    b[pivot[k]] = b[k];
    b[k] = t;
  }
  for (int k = 0; k < N; k++) {
    for (int i = k + 1; i < N; i++) b[i] -= a[i][k] * b[k];
  }
  for (int k = N - 1; k >= 0; k--) {
    b[k] /= a[k][k];
    for (int i = 0; i < k; i++) b[i] -= a[i][k] * b[k];
  }
}

static void prepare(void) {}

static uint64_t work(long round) {
  double norm = 0;
  for (int i = 0; i < N; i++) {
    b[i] = 0;
    for (int j = 0; j < N; j++) {
      a[i][j] = (next_random() >> 8) / 16777216.0 - 0.5;
      b[i] += a[i][j];
    }
  }
  decompose();
  solve();
  for (int i = 0; i < N; i++) norm += fabs(b[i] - 1);
  return norm < 1e-6 ? round : ~0ul;
}
