/* Quadruple precision in software, as long double is on RISC-V: arithmetic, rounding, flags. */
#include "support.h"

#include <fenv.h>
#include <math.h>

typedef _Float128 quad;

static uint64_t high(quad x) {
  uint64_t w[2];
  memcpy(w, &x, 16);
  return w[1];
}
static uint64_t low(quad x) {
  uint64_t w[2];
  memcpy(w, &x, 16);
  return w[0];
}

/* A NaN's sign and payload are the architecture's own business. */
static void show(const char* name, quad x) {
  if (x != x) {
    printf("%s nan\n", name);
  } else {
    printf("%s %016" PRIx64 "%016" PRIx64 "\n", name, high(x), low(x));
  }
}

static quad bits(uint64_t h, uint64_t l) {
  uint64_t w[2] = {l, h};
  quad x;
  memcpy(&x, w, 16);
  return x;
}

NOINLINE static quad add(quad a, quad b) { return a + b; }
NOINLINE static quad sub(quad a, quad b) { return a - b; }
NOINLINE static quad mul(quad a, quad b) { return a * b; }
NOINLINE static quad divide(quad a, quad b) { return a / b; }
NOINLINE static int compare(quad a, quad b) {
  return (a < b) | (a <= b) << 1 | (a == b) << 2 | (a >= b) << 3 | (a > b) << 4 | (a != b) << 5;
}

NOINLINE static quad root(quad x) {
  quad r = sqrt((double)x);
  for (int i = 0; i < 3; i++) {
    r = (r + x / r) / 2;
  }
  return r;
}

static uint64_t fold_quad(uint64_t sum, quad x) {
  return x != x ? fold(sum, 0x7ff) : fold(fold(sum, high(x)), low(x));
}

static int flags(void) {
  return !!fetestexcept(FE_INVALID) << 4 | !!fetestexcept(FE_DIVBYZERO) << 3 |
         !!fetestexcept(FE_OVERFLOW) << 2 | !!fetestexcept(FE_UNDERFLOW) << 1 |
         !!fetestexcept(FE_INEXACT);
}

/* Under each rounding mode; the flags show that the software looks at and sets the real ones. */
static void arithmetic(const quad* values, int n) {
  static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
  for (size_t m = 0; m < LENGTH(modes); m++) {
    fesetround(modes[m]);
    uint64_t sums[4] = {FOLD_START, FOLD_START, FOLD_START, FOLD_START};
    int seen = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        feclearexcept(FE_ALL_EXCEPT);
        sums[0] = fold_quad(sums[0], add(values[i], values[j]));
        sums[0] = fold_quad(sums[0], sub(values[i], values[j]));
        sums[1] = fold_quad(sums[1], mul(values[i], values[j]));
        sums[2] = fold_quad(sums[2], divide(values[i], values[j]));
        sums[3] = fold(sums[3], flags());
        seen |= flags();
      }
    }
    fesetround(FE_TONEAREST);
    printf("mode %zu: %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " flags %016" PRIx64 " seen %d\n",
           m, sums[0], sums[1], sums[2], sums[3], seen);
  }
}

int main(void) {
  quad values[] = {0,
                   bits(0x8000000000000000, 0),
                   1,
                   -1,
                   bits(0x3fff555555555555, 0x5555555555555555),
                   bits(0x4000921fb54442d1, 0x8469898cc51701b8),
                   bits(0xc005000000000000, 1),
                   bits(0x7ffeffffffffffff, 0xffffffffffffffff),
                   bits(0x0001000000000000, 0),
                   bits(0, 1),
                   bits(0x0000ffffffffffff, 0xffffffffffffffff),
                   bits(0x7fff000000000000, 0),
                   bits(0xffff000000000000, 0),
                   bits(0x7fff800000000000, 0),
                   bits(0x3f8e000000000000, 0),
                   bits(0x406f123456789abc, 0xdef0123456789abc)};
  arithmetic(values, LENGTH(values));

  for (size_t i = 0; i < LENGTH(values); i += 3) {
    printf("compare");
    for (size_t j = 0; j < LENGTH(values); j++) {
      printf(" %d", compare(values[i], values[j]));
    }
    printf("\n");
  }

  show("third", divide(OPAQUE((quad)1), 3));
  show("root", root(OPAQUE((quad)2)));
  show("int", (quad)OPAQUE(-123456789));
  show("long", (quad)OPAQUE(INT64_MIN));
  show("unsigned long", (quad)OPAQUE(UINT64_MAX));
  show("int128", (quad)(((__int128)OPAQUE(0x7edcba9876543210L) << 64) + 1));
  show("float", (quad)OPAQUE(1.1f));
  show("double", (quad)OPAQUE(-1.1e-300));
  show("denormal", (quad)OPAQUE(4.9406564584124654e-324));
  quad e = 1, term = 1;
  for (int i = 1; i < 40; i++) {
    term /= i;
    e += term;
  }
  show("e", e);
  printf("to int %d %ld %lu\n", (int)OPAQUE(e * -1000), (long)OPAQUE(e * 1000000000000),
         (unsigned long)OPAQUE(e * 5000000000000000000));
  printf("to double %a %a %a\n", (double)e, (double)OPAQUE(values[8]), (double)OPAQUE(e * 1e-310));
  printf("to float %a %a\n", (float)e, (float)OPAQUE(e * (quad)1e38));

  /* Exact in every format of long double there is. */
  long double exact = OPAQUE(1L);
  for (int i = 0; i < 60; i++) {
    exact = exact * 2 - (i % 7 == 0);
  }
  printf("long double %.1Lf %.3Lf %Lg %La\n", exact, OPAQUE(-0.125L), OPAQUE(65536.0L) * 65536,
         OPAQUE(0.0L));
  long double read = 0;
  sscanf("4503599627370497.5", "%Lf", &read);
  printf("read %.2Lf %Lf\n", read, floorl(read) + truncl(-2.5L) + fabsl(-1.5L));
  return 0;
}
