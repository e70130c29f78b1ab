/* Structures and unions by value: parameters, results, in registers of both kinds and in memory. */
#include "support.h"

typedef struct {
  signed char a;
} S1;
typedef struct {
  short a;
  char b;
} S2;
typedef struct {
  int a, b;
} S3;
typedef struct {
  long a;
  char b;
} S4;
typedef struct {
  long a, b;
} S5;
typedef struct {
  long a, b, c;
} S6;
typedef struct {
  float a;
} F1;
typedef struct {
  double a;
} F2;
typedef struct {
  float a, b;
} F3;
typedef struct {
  double a, b;
} F4;
typedef struct {
  float a;
  double b;
} F5;
typedef struct {
  float a, b, c;
} F6;
typedef struct {
  float a;
  int b;
} M1;
typedef struct {
  long a;
  double b;
} M2;
typedef struct {
  char a;
  float b;
} M3;
typedef struct {
  double a;
  char b, c;
} M4;
typedef struct {
  struct {
    float x;
  } a[2];
} N1;
typedef struct {
  F1 a;
  struct {
    struct {
      long v;
    } in;
  } b;
} N2;
typedef struct {
  char text[13];
} A1;
typedef struct {
  double v[5];
} A2;
typedef struct __attribute__((packed)) {
  signed char a;
  long b;
  short c;
} P1;
typedef struct {
  _Alignas(32) long a;
  char b;
} P2;
typedef union {
  long l;
  double d;
} U1;
typedef union {
  float f[2];
  char c[8];
} U2;
typedef float _Complex C1;
typedef double _Complex C2;

static uint64_t sum_of(const void* p, size_t n) {
  uint64_t sum = FOLD_START;
  for (size_t i = 0; i < n; i++) {
    sum = (sum ^ ((const unsigned char*)p)[i]) * UINT64_C(0x100000001b3);
  }
  return sum;
}

/* Each shape goes alone, behind integers, behind floats, among its like, and through a pointer. */
#define SHAPE(T, CHANGE)                                                                       \
  NOINLINE static T change_##T(T x) {                                                          \
    CHANGE;                                                                                    \
    return x;                                                                                  \
  }                                                                                            \
  NOINLINE static T after_ints_##T(int a, long b, char c, short d, int e, int f, T x, T y) {   \
    return a + b + c + d + e + f > 100 ? y : change_##T(x);                                    \
  }                                                                                            \
  NOINLINE static T after_floats_##T(float a, double b, double c, double d, float e, double f, \
                                     double g, T x, double h, T y) {                           \
    return a + b + c + d + e + f + g + h < 100 ? change_##T(y) : x;                            \
  }                                                                                            \
  NOINLINE static double among_##T(T a, T b, T c, double tail, int end) {                      \
    T all[3] = {change_##T(a), b, change_##T(change_##T(c))};                                  \
    double sum = tail * end;                                                                   \
    for (int i = 0; i < 3; i++) {                                                              \
      T one = all[i];                                                                          \
      sum += show_##T(one);                                                                    \
    }                                                                                          \
    return sum;                                                                                \
  }                                                                                            \
  static void test_##T(T x) {                                                                  \
    T (*volatile indirect)(T) = change_##T;                                                    \
    T y = indirect(x);                                                                         \
    T z = after_ints_##T(1, 2, 3, 4, 5, 6, y, x);                                              \
    T w = after_floats_##T(1, 2, 3, 4, 5, 6, 7, x, 8, z);                                      \
    T v = after_floats_##T(1e6f, 2, 3, 4, 5, 6, 7, w, 8, z);                                   \
    printf("%-3s %g %g %g %g %g %g\n", #T, show_##T(x), show_##T(y), show_##T(z), show_##T(w), \
           show_##T(v), among_##T(x, y, z, 0.5, 3));                                           \
  }

#define SHOW(T, EXPRESSION) \
  static double show_##T(T x) { return (double)(EXPRESSION); }

SHOW(S1, x.a)
SHAPE(S1, x.a += 1) SHOW(S2, x.a + x.b) SHAPE(S2, x.a *= 3; x.b--) SHOW(S3, x.a * 10 + x.b) SHAPE(
    S3, x.b += x.a) SHOW(S4, x.a - x.b) SHAPE(S4, x.a = -x.a; x.b += 5) SHOW(S5, x.a * 2 - x.b)
    SHAPE(S5, long t = x.a; x.a = x.b;
          x.b = t + 1) SHOW(S6, x.a + 3 * x.b + 5 * x.c) SHAPE(S6, x.c += x.a; x.a = 7)
        SHOW(F1, x.a) SHAPE(F1, x.a *= 1.5f) SHOW(F2, x.a) SHAPE(F2, x.a /= 3) SHOW(F3, x.a - x.b)
            SHAPE(F3, x.a += x.b; x.b = -x.b) SHOW(F4, x.a* x.b)
                SHAPE(F4, x.b += 0.25; x.a -= 1) SHOW(F5, x.a + x.b) SHAPE(F5, x.b *= x.a) SHOW(
                    F6,
                    x.a + 2 * x.b +
                        4 * x.c) SHAPE(F6, x.b = x.c; x.c = x.a)
                    SHOW(M1, x.a* x.b) SHAPE(M1, x.a += 1; x.b -= 2) SHOW(M2, x.a + x.b)
                        SHAPE(M2, x.b = x.a; x.a *= 2) SHOW(M3, x.a* x.b) SHAPE(M3, x.a++; x.b++)
                            SHOW(M4, x.a + x.b * x.c) SHAPE(M4, x.c = x.b; x.b++; x.a = -x.a) SHOW(
                                N1,
                                x.a[0].x +
                                    10 * x.a[1].x) SHAPE(N1, x.a[0].x = x.a[1].x; x.a[1].x = 3)
                                SHOW(N2, x.a.a - x.b.in.v) SHAPE(N2, x.b.in.v *= 11; x.a.a += 0.5f)
                                    SHOW(A1, sum_of(&x, sizeof x) % 100000) SHAPE(
                                        A1, x.text[4] ^= 0x20;
                                        x.text[12] = 'z') SHOW(A2, x.v[0] + x.v[2] - x.v[4])
                                        SHAPE(A2, x.v[2] *= x.v[1];
                                              x.v[4] +=
                                              1) SHOW(P1, x.a + x.b + x.c)
                                            SHAPE(P1, x.b <<= 3; x.c = -x.a) SHOW(P2, x.a + x.b)
                                                SHAPE(P2, x.a |= 0x100; x.b = 1) SHOW(U1, x.l)
                                                    SHAPE(U1, x.l ^= 0xff) SHOW(U2, x.f[0] + x.f[1])
                                                        SHAPE(U2, x.f[1] = x.f[0] * 2)
                                                            SHOW(C1, __real__ x + 100 * __imag__ x)
                                                                SHAPE(C1, x = x * (2.0f + 1.0fi))
                                                                    SHOW(C2,
                                                                         __real__ x - __imag__ x)
                                                                        SHAPE(C2, x = x * x + 1)

                                                                            int main(void) {
  test_S1((S1){5});
  test_S2((S2){-100, 20});
  test_S3((S3){7, -9});
  test_S4((S4){123456789012, 4});
  test_S5((S5){-1, 1L << 33});
  test_S6((S6){1, 2, 3});
  test_F1((F1){2.5f});
  test_F2((F2){-7.125});
  test_F3((F3){1.5f, 0.25f});
  test_F4((F4){3.5, -2});
  test_F5((F5){0.5f, 12});
  test_F6((F6){1, 2, 3});
  test_M1((M1){4.5f, 6});
  test_M2((M2){9, 0.75});
  test_M3((M3){3, 1.25f});
  test_M4((M4){2.5, 3, 4});
  test_N1((N1){{{1}, {2}}});
  test_N2((N2){{6.5f}, {{-13}}});
  test_A1((A1){"thirteen byte"});
  test_A2((A2){{1, 2, 3, 4, 5}});
  test_P1((P1){-3, 1L << 20, 77});
  test_P2((P2){1L << 12, 9});
  test_U1((U1){.l = 0x1234});
  test_U2((U2){.f = {1.5f, -1}});
  test_C1(1.0f + 2.0fi);
  test_C2(0.5 - 1.5i);
  return 0;
}
