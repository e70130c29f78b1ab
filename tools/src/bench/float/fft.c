/* Fast Fourier transform there and back: doubles with strided accesses, library sine and cosine. */
#include <math.h>

#include "../rounds.h"

#define N 8192

static double re[N], im[N], cosine[N / 2], sine[N / 2];

static void transform(int inverse) {
  for (unsigned i = 1, j = 0; i < N; i++) {
    unsigned bit = N >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      double t = re[i];
      re[i] = re[j];
      re[j] = t;
      t = im[i];
      im[i] = im[j];
      im[j] = t;
    }
  }
  for (int length = 2; length <= N; length *= 2) {
    int step = N / length;
    for (int i = 0; i < N; i += length) {
      for (int k = 0; k < length / 2; k++) {
        double wr = cosine[k * step], wi = inverse ? -sine[k * step] : sine[k * step];
        double *ar = &re[i + k], *ai = &im[i + k];
        double *br = &re[i + k + length / 2], *bi = &im[i + k + length / 2];
        double tr = *br * wr - *bi * wi, ti = *br * wi + *bi * wr;
        *br = *ar - tr;
        *bi = *ai - ti;
        *ar += tr;
        *ai += ti;
      }
    }
  }
}

static void prepare(void) {
  const double pi = 3.14159265358979323846;
  for (int i = 0; i < N / 2; i++) {
    cosine[i] = cos(2 * pi * i / N);
    sine[i] = sin(2 * pi * i / N);
  }
  for (int i = 0; i < N; i++) re[i] = i % 100 / 100.0;
}

static uint64_t work(long round) {
  transform(0);
  transform(1);
  double error = 0;
  for (int i = 0; i < N; i++) {
    re[i] /= N;
    im[i] /= N;
    error += fabs(re[i] - i % 100 / 100.0) + fabs(im[i]);
  }
  return error < 1e-6 * (round + 1);
}
