/* Floating point: formatting, rounding modes, exception flags, conversions, special values. */
#include "support.h"

#include <fenv.h>
#include <math.h>

static const double doubles[] = {0.0,
                                 -0.0,
                                 1.0,
                                 -1.5,
                                 0.1,
                                 1.0 / 3,
                                 2.5,
                                 -2.5,
                                 3.5,
                                 0.49999999999999994,
                                 1e-310,
                                 4.9406564584124654e-324,
                                 2.2250738585072014e-308,
                                 1.7976931348623157e308,
                                 4503599627370495.5,
                                 9007199254740993.0,
                                 1e22,
                                 123456.789,
                                 INFINITY,
                                 -INFINITY};
static const float singles[] = {0.0f,    -0.0f,           1.0f,   -1.25f,         0.1f,
                                3.0f,    1.17549435e-38f, 1e-45f, 3.40282347e38f, 16777217.0f,
                                INFINITY};

static uint64_t bits(double d) {
  uint64_t w;
  memcpy(&w, &d, 8);
  /* Sign and payload of a NaN an operation makes differ between architectures. */
  return d != d ? 0x7ff8000000000000 : w;
}
static uint32_t bits32(float f) {
  uint32_t w;
  memcpy(&w, &f, 4);
  return f != f ? 0x7fc00000 : w;
}

static int flags(void) {
  return !!fetestexcept(FE_INVALID) << 4 | !!fetestexcept(FE_DIVBYZERO) << 3 |
         !!fetestexcept(FE_OVERFLOW) << 2 | !!fetestexcept(FE_UNDERFLOW) << 1 |
         !!fetestexcept(FE_INEXACT);
}

NOINLINE static double add(double a, double b) { return a + b; }
NOINLINE static double sub(double a, double b) { return a - b; }
NOINLINE static double mul(double a, double b) { return a * b; }
NOINLINE static double divide(double a, double b) { return a / b; }
NOINLINE static float addf(float a, float b) { return a + b; }
NOINLINE static float mulf(float a, float b) { return a * b; }
NOINLINE static float divf(float a, float b) { return a / b; }
NOINLINE static int compare(double a, double b) {
  return (a < b) | (a <= b) << 1 | (a == b) << 2 | (a >= b) << 3 | (a > b) << 4 |
         !!isless(a, b) << 5 | !!isunordered(a, b) << 6 | !!islessgreater(a, b) << 7;
}

static void formatting(void) {
  for (size_t i = 0; i < LENGTH(doubles); i++) {
    double d = doubles[i];
    printf("%a %.17g %e %.3f %g %10.2e|%-12.4g|%+.0f\n", d, d, d, fabs(d) < 1e20 ? d : 0, d, d, d,
           fabs(d) < 1e20 ? d : 0);
  }
  for (size_t i = 0; i < LENGTH(singles); i++) {
    printf("%.9g %a %08" PRIx32 "\n", singles[i], singles[i], bits32(singles[i]));
  }
  printf("%s %s\n", isnan(OPAQUE((double)NAN)) ? "nan" : "", isnan(OPAQUE(NAN)) ? "nanf" : "");
}

static void arithmetic(void) {
  static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
  int n = LENGTH(doubles), m = LENGTH(singles);
  for (size_t k = 0; k < LENGTH(modes); k++) {
    fesetround(modes[k]);
    uint64_t sums[8];
    for (int i = 0; i < 8; i++) {
      sums[i] = FOLD_START;
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double a = doubles[i], b = doubles[j];
        feclearexcept(FE_ALL_EXCEPT);
        sums[0] = fold(sums[0], bits(add(a, b)));
        sums[0] = fold(sums[0], bits(sub(a, b)));
        sums[1] = fold(sums[1], bits(mul(a, b)));
        sums[2] = fold(sums[2], bits(divide(a, b)));
        sums[3] = fold(sums[3], bits(fma(a, b, doubles[(i + j) % n])));
        sums[7] = fold(sums[7], flags());
      }
      feclearexcept(FE_ALL_EXCEPT);
      sums[4] = fold(sums[4], bits(sqrt(doubles[i])));
      sums[4] = fold(sums[4], bits32((float)doubles[i]));
      sums[4] = fold(sums[4], bits(rint(doubles[i])));
      sums[4] = fold(sums[4], bits(nearbyint(doubles[i])));
      if (fabs(doubles[i]) < 9e18) {
        sums[4] = fold(sums[4], (uint64_t)llrint(doubles[i]));
      }
      sums[7] = fold(sums[7], flags());
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        float a = singles[i], b = singles[j];
        feclearexcept(FE_ALL_EXCEPT);
        sums[5] = fold(sums[5], bits32(addf(a, b)));
        sums[5] = fold(sums[5], bits32(mulf(a, b)));
        sums[5] = fold(sums[5], bits32(divf(a, b)));
        sums[5] = fold(sums[5], bits32(fmaf(a, b, -a)));
        sums[7] = fold(sums[7], flags());
      }
    }
    static const int64_t integers[] = {0,         1,         -1,
                                       16777217,  INT32_MIN, 9007199254740993,
                                       INT64_MAX, INT64_MIN, -1234567890123456789};
    for (size_t i = 0; i < LENGTH(integers); i++) {
      int64_t x = OPAQUE(integers[i]);
      sums[6] = fold(sums[6], bits((double)x));
      sums[6] = fold(sums[6], bits((double)(uint64_t)x));
      sums[6] = fold(sums[6], bits32((float)x));
      sums[6] = fold(sums[6], bits32((float)(uint64_t)x));
      sums[6] = fold(sums[6], bits32((float)(int32_t)x));
      sums[6] = fold(sums[6], bits32((float)(uint32_t)x));
      sums[6] = fold(sums[6], bits((double)(uint32_t)x));
    }
    fesetround(FE_TONEAREST);
    printf("mode %zu", k);
    for (int i = 0; i < 8; i++) {
      printf(" %016" PRIx64, sums[i]);
    }
    printf("\n");
  }
}

static void environment(void) {
  fenv_t saved;
  fexcept_t some;
  feclearexcept(FE_ALL_EXCEPT);
  printf("flags %d", flags());
  OPAQUE(divide(OPAQUE(1.0), OPAQUE(0.0)));
  printf(" %d", flags());
  OPAQUE(sqrt(OPAQUE(-1.0)));
  printf(" %d", flags());
  fegetexceptflag(&some, FE_ALL_EXCEPT);
  feclearexcept(FE_DIVBYZERO);
  printf(" %d", flags());
  feholdexcept(&saved);
  printf(" %d", flags());
  OPAQUE(mul(OPAQUE(1e-200), OPAQUE(1e-200)));
  OPAQUE(mul(OPAQUE(1e200), OPAQUE(1e200)));
  printf(" %d", flags());
  feupdateenv(&saved);
  printf(" %d", flags());
  fesetexceptflag(&some, FE_DIVBYZERO);
  printf(" %d", flags());
  feclearexcept(FE_ALL_EXCEPT);
  feraiseexcept(FE_UNDERFLOW);
  printf(" %d", flags() & 2);
  fesetenv(FE_DFL_ENV);
  printf(" %d\n", flags());

  fesetround(FE_UPWARD);
  printf("upward %d %a %.1f", fegetround() == FE_UPWARD, divide(OPAQUE(1.0), OPAQUE(3.0)),
         OPAQUE(0.25));
  fesetround(FE_DOWNWARD);
  printf(" downward %d %a %.1f", fegetround() == FE_DOWNWARD, divide(OPAQUE(1.0), OPAQUE(3.0)),
         OPAQUE(0.75));
  fesetround(FE_TONEAREST);
  printf(" nearest %d %.1f %.1f\n", fegetround() == FE_TONEAREST, OPAQUE(0.25), OPAQUE(0.75));
}

static void conversions(void) {
  static const double inside[] = {0.5, -0.5, 1.5, 2.5, -3.99999, 2147483646.9, -2147483647.5};
  for (size_t i = 0; i < LENGTH(inside); i++) {
    double d = OPAQUE(inside[i]);
    printf("%d %ld %ld %ld %.1f %.1f %.1f %.1f\n", (int)d, (long)d, lrint(d), lround(d), floor(d),
           ceil(d), trunc(d), round(d));
  }
  printf("%u %lu %lu\n", (unsigned)OPAQUE(4294967295.0),
         (unsigned long)OPAQUE(1.8446744073709550e19), (unsigned long)OPAQUE(9.5e18f));
  int exponent;
  double fraction = frexp(OPAQUE(1e-310), &exponent), whole;
  printf("frexp %a %d ldexp %a %a modf %g", fraction, exponent, ldexp(OPAQUE(0.75), -1073),
         ldexp(1.5, OPAQUE(1023)), modf(OPAQUE(-3.75), &whole));
  printf(" %g ilogb %d logb %g\n", whole, ilogb(OPAQUE(1e-320)), logb(OPAQUE(12345.0)));
  printf("next %a %a %a\n", nextafter(OPAQUE(1.0), 2), nextafter(OPAQUE(0.0), -1),
         (double)nextafterf(OPAQUE(1.0f), 0));
  printf("remainder %g %g %g\n", fmod(OPAQUE(1e17), 7), remainder(OPAQUE(-7.5), 2),
         fmod(OPAQUE(-5.25), 0.5));
  printf("min %a %a %a %a\n", fmin(OPAQUE(0.0), OPAQUE(-0.0)) + 0, fmax(OPAQUE((double)NAN), 1),
         fmin(2, OPAQUE((double)NAN)), fmax(OPAQUE(-1.0), 3));
  printf("copysign %a %a signbit %d %d\n", copysign(OPAQUE(3.0), -0.0), copysign(OPAQUE(-2.0), 1),
         !!signbit(OPAQUE(-0.0)), !!signbit(OPAQUE(0.0)));
  for (size_t i = 0; i < LENGTH(doubles); i++) {
    int c = fpclassify(doubles[i]);
    printf("%c", c == FP_ZERO ? 'z' : c == FP_SUBNORMAL ? 's' : c == FP_NORMAL ? 'n' : 'i');
  }
  uint64_t sum = FOLD_START;
  for (size_t i = 0; i < LENGTH(doubles); i++) {
    for (size_t j = 0; j < LENGTH(doubles); j++) {
      sum = fold(sum, (uint64_t)compare(doubles[i], doubles[j]));
    }
    sum = fold(sum, (uint64_t)compare(doubles[i], OPAQUE((double)NAN)));
  }
  printf(" compare %016" PRIx64 "\n", sum);
  printf("functions %.9g %.9g %.9g %.9g %.9g %.9g\n", sin(OPAQUE(1e5)), exp(OPAQUE(-2.5)),
         log(OPAQUE(1e100)), pow(OPAQUE(1.0001), 10000), atan2(OPAQUE(-1.0), -3),
         cbrt(OPAQUE(30.0)));
}

/* Long chains of dependent operations, with integers among them. */
static void chains(void) {
  double x = OPAQUE(0.5);
  float y = OPAQUE(0.3f);
  for (int i = 1; i < 2000; i++) {
    x = x * 3.9 * (1 - x) + (double)(i % 7) * 1e-9;
    y = 3.7f * y * (1 - y);
    if (x >= 1 || x <= 0) {
      x = 0.5;
    }
  }
  double pi = 0;
  for (int i = 20000; i >= 0; i--) {
    pi += (i % 2 ? -4.0 : 4.0) / (2 * i + 1);
  }
  printf("chains %a %a %.12f\n", x, y, pi);
}

int main(void) {
  formatting();
  arithmetic();
  environment();
  conversions();
  chains();
  return 0;
}
