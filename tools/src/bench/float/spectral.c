/* The spectral norm of an infinite matrix by the power method: integer to double, divisions. */
#include <math.h>

#include "../rounds.h"

#define N 400

static double u[N], v[N], w[N];

static double element(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static void times(const double *x, double *y) {
  for (int i = 0; i < N; i++) {
    double s = 0;
    for (int j = 0; j < N; j++) s += element(i, j) * x[j];
    y[i] = s;
  }
}

static void times_transposed(const double *x, double *y) {
  for (int i = 0; i < N; i++) {
    double s = 0;
    for (int j = 0; j < N; j++) s += element(j, i) * x[j];
    y[i] = s;
  }
}

static void prepare(void) {
  for (int i = 0; i < N; i++) u[i] = 1;
}

static uint64_t work(long round) {
  /* Before they are too large for a double: signs of NaNs are the machine's own. */
  if (round % 64 == 0) prepare();
  times(u, w);
  times_transposed(w, v);
  times(v, w);
  times_transposed(w, u);
  double vbv = 0, vv = 0;
  for (int i = 0; i < N; i++) {
    vbv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return bits_of(sqrt(vbv / vv)) + round;
}
