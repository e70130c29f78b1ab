/* Integer overflow and division corners, multiplication's high halves, division by constants. */
#include "support.h"

#include <limits.h>

static const int64_t corners[] = {0,
                                  1,
                                  -1,
                                  2,
                                  -2,
                                  3,
                                  7,
                                  -7,
                                  10,
                                  127,
                                  -128,
                                  255,
                                  32767,
                                  -32768,
                                  65535,
                                  INT32_MAX,
                                  INT32_MIN,
                                  UINT32_MAX,
                                  (int64_t)UINT32_MAX + 1,
                                  -(int64_t)UINT32_MAX,
                                  1000000007,
                                  0x123456789abcdefLL,
                                  INT64_MAX,
                                  INT64_MAX - 1,
                                  INT64_MIN,
                                  INT64_MIN + 1};

NOINLINE static int64_t divide(int64_t a, int64_t b) { return a / b; }
NOINLINE static int64_t modulo(int64_t a, int64_t b) { return a % b; }
NOINLINE static uint64_t udivide(uint64_t a, uint64_t b) { return a / b; }
NOINLINE static uint64_t umodulo(uint64_t a, uint64_t b) { return a % b; }
NOINLINE static int32_t divide32(int32_t a, int32_t b) { return a / b; }
NOINLINE static int32_t modulo32(int32_t a, int32_t b) { return a % b; }
NOINLINE static uint32_t udivide32(uint32_t a, uint32_t b) { return a / b; }
NOINLINE static uint32_t umodulo32(uint32_t a, uint32_t b) { return a % b; }
NOINLINE static int64_t both(int64_t a, int64_t b) { return (a / b) * 31 + a % b; }
NOINLINE static int64_t high(int64_t a, int64_t b) { return (int64_t)((__int128)a * b >> 64); }
NOINLINE static uint64_t uhigh(uint64_t a, uint64_t b) {
  return (uint64_t)((unsigned __int128)a * b >> 64);
}
NOINLINE static int64_t mixed_high(int64_t a, uint64_t b) {
  return (int64_t)((__int128)a * (__int128)(unsigned __int128)b >> 64);
}

#define CONSTANTS(DO)                                                                            \
  DO(1)                                                                                          \
  DO(2) DO(3) DO(5) DO(6) DO(7) DO(10) DO(16) DO(60) DO(100) DO(641) DO(1000) DO(4096) DO(65537) \
      DO(1000000007) DO(2147483647)

NOINLINE static uint64_t by_constants(int64_t x) {
  uint64_t sum = FOLD_START;
#define ONE(C)                                 \
  sum = fold(sum, (uint64_t)(x / C));          \
  sum = fold(sum, (uint64_t)(x % -C));         \
  sum = fold(sum, (uint64_t)x / C);            \
  sum = fold(sum, (uint64_t)x % C);            \
  sum = fold(sum, (uint64_t)((int32_t)x / C)); \
  sum = fold(sum, (uint64_t)((int32_t)x % C)); \
  sum = fold(sum, (uint32_t)x / C);            \
  sum = fold(sum, (uint64_t)x * C);            \
  sum = fold(sum, (uint64_t)(int64_t)(int32_t)((uint32_t)x * C));
  CONSTANTS(ONE)
  return sum;
}

/* What RISC-V's instructions give where C leaves it open. */
NOINLINE static void undefined_in_c(int64_t a, int64_t b) {
  int64_t d, r, du, ru, dw, rw, duw, ruw;
#ifdef __riscv
  __asm__ volatile("div %0, %1, %2" : "=r"(d) : "r"(a), "r"(b));
  __asm__ volatile("rem %0, %1, %2" : "=r"(r) : "r"(a), "r"(b));
  __asm__ volatile("divu %0, %1, %2" : "=r"(du) : "r"(a), "r"(b));
  __asm__ volatile("remu %0, %1, %2" : "=r"(ru) : "r"(a), "r"(b));
  __asm__ volatile("divw %0, %1, %2" : "=r"(dw) : "r"(a), "r"(b));
  __asm__ volatile("remw %0, %1, %2" : "=r"(rw) : "r"(a), "r"(b));
  __asm__ volatile("divuw %0, %1, %2" : "=r"(duw) : "r"(a), "r"(b));
  __asm__ volatile("remuw %0, %1, %2" : "=r"(ruw) : "r"(a), "r"(b));
#else
  int32_t a4 = (int32_t)a, b4 = (int32_t)b;
  d = b == 0 ? -1 : b == -1 ? (int64_t)-(uint64_t)a : a / b;
  r = b == 0 ? a : b == -1 ? 0 : a % b;
  du = b == 0 ? -1 : (int64_t)((uint64_t)a / (uint64_t)b);
  ru = b == 0 ? a : (int64_t)((uint64_t)a % (uint64_t)b);
  dw = b4 == 0 ? -1 : b4 == -1 ? (int32_t)-(uint32_t)a4 : a4 / b4;
  rw = b4 == 0 ? a4 : b4 == -1 ? 0 : a4 % b4;
  duw = b4 == 0 ? -1 : (int32_t)((uint32_t)a4 / (uint32_t)b4);
  ruw = b4 == 0 ? a4 : (int32_t)((uint32_t)a4 % (uint32_t)b4);
#endif
  printf("%" PRIx64 " by %" PRIx64 ": %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64
         " %" PRIx64 " %" PRIx64 " %" PRIx64 "\n",
         a, b, d, r, du, ru, dw, rw, duw, ruw);
}

#define CHECKED(T, name)                                                                          \
  NOINLINE static int checked_##name(T a, T b, T* sum, T* difference, T* product) {               \
    return __builtin_add_overflow(a, b, sum) << 2 |                                               \
           __builtin_sub_overflow(a, b, difference) << 1 | __builtin_mul_overflow(a, b, product); \
  }
CHECKED(int8_t, s8)
CHECKED(uint16_t, u16)
CHECKED(int32_t, s32)
CHECKED(uint32_t, u32)
CHECKED(int64_t, s64)
CHECKED(uint64_t, u64)

#define RUN_CHECKED(T, name)                                                                     \
  {                                                                                              \
    uint64_t sum = FOLD_START;                                                                   \
    int overflows = 0;                                                                           \
    for (int i = 0; i < n; i++) {                                                                \
      for (int j = 0; j < n; j++) {                                                              \
        T results[3];                                                                            \
        int o = checked_##name((T)corners[i], (T)corners[j], results, results + 1, results + 2); \
        overflows += __builtin_popcount(o);                                                      \
        sum = fold(sum, o);                                                                      \
        for (int k = 0; k < 3; k++) {                                                            \
          sum = fold(sum, (uint64_t)results[k]);                                                 \
        }                                                                                        \
      }                                                                                          \
    }                                                                                            \
    printf("checked " #name " %d %016" PRIx64 "\n", overflows, sum);                             \
  }

NOINLINE static uint64_t power(uint64_t base, uint64_t exponent, uint64_t modulus) {
  uint64_t result = 1;
  for (; exponent; exponent >>= 1) {
    if (exponent & 1) {
      result = (uint64_t)((unsigned __int128)result * base % modulus);
    }
    base = (uint64_t)((unsigned __int128)base * base % modulus);
  }
  return result;
}

NOINLINE static int gcd(unsigned long a, unsigned long b) {
  return b == 0 ? (int)a : gcd(b, a % b);
}

int main(void) {
  int n = LENGTH(corners);
  uint64_t sums[12];
  for (int i = 0; i < 12; i++) {
    sums[i] = FOLD_START;
  }
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      int64_t a = corners[i], b = corners[j];
      if (b != 0 && !(a == INT64_MIN && b == -1)) {
        sums[0] = fold(sums[0], (uint64_t)divide(a, b));
        sums[1] = fold(sums[1], (uint64_t)modulo(a, b));
        sums[8] = fold(sums[8], (uint64_t)both(a, b));
      }
      if (b != 0) {
        sums[2] = fold(sums[2], udivide((uint64_t)a, (uint64_t)b));
        sums[3] = fold(sums[3], umodulo((uint64_t)a, (uint64_t)b));
      }
      if ((int32_t)b != 0) {
        if (!((int32_t)a == INT32_MIN && (int32_t)b == -1)) {
          sums[4] = fold(sums[4], (uint64_t)divide32((int32_t)a, (int32_t)b));
          sums[5] = fold(sums[5], (uint64_t)modulo32((int32_t)a, (int32_t)b));
        }
        sums[6] = fold(sums[6], udivide32((uint32_t)a, (uint32_t)b));
        sums[7] = fold(sums[7], umodulo32((uint32_t)a, (uint32_t)b));
      }
      sums[9] = fold(sums[9], (uint64_t)high(a, b));
      sums[10] = fold(sums[10], uhigh((uint64_t)a, (uint64_t)b));
      sums[11] = fold(sums[11], (uint64_t)mixed_high(a, (uint64_t)b));
    }
  }
  for (int i = 0; i < 12; i++) {
    printf("%d %016" PRIx64 "\n", i, sums[i]);
  }
  uint64_t sum = FOLD_START;
  for (int i = 0; i < n; i++) {
    sum = fold(sum, by_constants(OPAQUE(corners[i])));
  }
  printf("by constants %016" PRIx64 "\n", sum);
  RUN_CHECKED(int8_t, s8)
  RUN_CHECKED(uint16_t, u16)
  RUN_CHECKED(int32_t, s32)
  RUN_CHECKED(uint32_t, u32)
  RUN_CHECKED(int64_t, s64)
  RUN_CHECKED(uint64_t, u64)
  undefined_in_c(5, 0);
  undefined_in_c(-5, 0);
  undefined_in_c(0, 0);
  undefined_in_c(INT64_MIN, 0);
  undefined_in_c(INT64_MIN, -1);
  undefined_in_c(INT32_MIN, -1);
  undefined_in_c(0x1234567800000000, 0x100000000);
  undefined_in_c(0x123456789abcdef, -0x100000000);
  undefined_in_c(0xffffffff, 0xffffffff);
  printf("power %" PRIu64 " gcd %d\n", power(3, 0xfffffffffffffff0, 0xffffffffffffffc5),
         gcd(OPAQUE(123456789012UL), 987654321024UL));
  return 0;
}
