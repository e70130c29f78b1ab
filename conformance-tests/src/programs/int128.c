/* 128-bit integers: all operators over corner values, conversions, decimal printing. */
#include "support.h"

typedef __int128 i128;
typedef unsigned __int128 u128;

static u128 make(uint64_t high, uint64_t low) { return (u128)high << 64 | low; }

static uint64_t fold128(uint64_t sum, u128 x) {
  return fold(fold(sum, (uint64_t)x), (uint64_t)(x >> 64));
}

static void hex(const char* name, u128 x) {
  printf("%s %016" PRIx64 "%016" PRIx64 "\n", name, (uint64_t)(x >> 64), (uint64_t)x);
}

static void decimal(i128 x) {
  char digits[50];
  int at = sizeof digits;
  u128 rest = x < 0 ? -(u128)x : (u128)x;
  digits[--at] = 0;
  do {
    digits[--at] = '0' + (int)(rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (x < 0) {
    digits[--at] = '-';
  }
  printf("%s\n", digits + at);
}

NOINLINE static u128 add(u128 a, u128 b) { return a + b; }
NOINLINE static u128 sub(u128 a, u128 b) { return a - b; }
NOINLINE static u128 mul(u128 a, u128 b) { return a * b; }
NOINLINE static u128 divide(u128 a, u128 b) { return a / b; }
NOINLINE static u128 mod(u128 a, u128 b) { return a % b; }
NOINLINE static i128 sdivide(i128 a, i128 b) { return a / b; }
NOINLINE static i128 smod(i128 a, i128 b) { return a % b; }
NOINLINE static u128 shl(u128 a, int n) { return a << n; }
NOINLINE static u128 shr(u128 a, int n) { return a >> n; }
NOINLINE static i128 sar(i128 a, int n) { return a >> n; }
NOINLINE static int less(i128 a, i128 b) { return a < b; }
NOINLINE static int below(u128 a, u128 b) { return a < b; }
NOINLINE static u128 widening(uint64_t a, uint64_t b) { return (u128)a * b; }
NOINLINE static i128 swidening(int64_t a, int64_t b) { return (i128)a * b; }
NOINLINE static double to_double(i128 a) { return (double)a; }
NOINLINE static double unsigned_to_double(u128 a) { return (double)a; }
NOINLINE static float to_float(i128 a) { return (float)a; }

int main(void) {
  static const uint64_t words[] = {0,
                                   1,
                                   2,
                                   0x7fffffff,
                                   0x80000000,
                                   0xffffffff,
                                   0x100000001,
                                   0x7fffffffffffffff,
                                   0x8000000000000000,
                                   0xfffffffffffffffe,
                                   0xffffffffffffffff,
                                   0x123456789abcdef0};
  int n = LENGTH(words);
  uint64_t sums[12];
  for (int i = 0; i < 12; i++) {
    sums[i] = FOLD_START;
  }
  for (int i = 0; i < n * n; i++) {
    u128 a = make(words[i / n], words[i % n]);
    for (int j = 0; j < n * n; j++) {
      u128 b = make(words[j / n], words[j % n]);
      sums[0] = fold128(sums[0], add(a, b));
      sums[1] = fold128(sums[1], sub(a, b));
      sums[2] = fold128(sums[2], mul(a, b));
      sums[3] = fold(sums[3], less((i128)a, (i128)b) * 2 + below(a, b));
      if (b != 0 && (i + j) % 3 == 0) {
        sums[4] = fold128(sums[4], divide(a, b));
        sums[5] = fold128(sums[5], mod(a, b));
        if (!((i128)b == -1 && a == make(words[8], 0))) {
          sums[6] = fold128(sums[6], (u128)sdivide((i128)a, (i128)b));
          sums[7] = fold128(sums[7], (u128)smod((i128)a, (i128)b));
        }
      }
    }
    for (int s = 0; s < 128; s++) {
      sums[8] = fold128(sums[8], shl(a, s));
      sums[9] = fold128(sums[9], shr(a, s));
      sums[10] = fold128(sums[10], (u128)sar((i128)a, s));
    }
    double d = to_double((i128)a), e = unsigned_to_double(a);
    float f = to_float((i128)a);
    uint64_t bits;
    uint32_t bits32;
    memcpy(&bits, &d, 8);
    sums[11] = fold(sums[11], bits);
    memcpy(&bits, &e, 8);
    sums[11] = fold(sums[11], bits);
    memcpy(&bits32, &f, 4);
    sums[11] = fold(sums[11], bits32);
  }
  static const char* names[] = {"add", "sub", "mul",  "compare", "udiv", "umod",
                                "div", "mod", "left", "right",   "sar",  "float"};
  for (int i = 0; i < 12; i++) {
    printf("%s %016" PRIx64 "\n", names[i], sums[i]);
  }

  hex("widening", widening(OPAQUE(0xfedcba9876543210), OPAQUE(0xffffffffffffffff)));
  hex("swidening", (u128)swidening(OPAQUE(INT64_MIN), OPAQUE(INT64_C(-1))));
  hex("from double", (u128)OPAQUE(1e38));
  hex("from negative", (u128)(i128)OPAQUE(-123456789012345678.0));
  i128 factorial = 1;
  for (int i = 1; i <= 33; i++) {
    factorial *= OPAQUE(i);
  }
  decimal(factorial);
  decimal(-factorial / 1000003);
  decimal((i128)make(words[8], 0));
  i128 result;
  printf("overflow %d", __builtin_mul_overflow(factorial, OPAQUE((i128)1000), &result));
  printf(" %d", __builtin_add_overflow(factorial, OPAQUE((i128)1000), &result));
  printf(" %d\n", __builtin_sub_overflow((i128)make(words[8], 0), OPAQUE((i128)1), &result));
  u128 a = 1, b = 1;
  for (int i = 0; i < 180; i++) {
    u128 next = a + b;
    a = b;
    b = next;
  }
  hex("fibonacci", b);
  return 0;
}
