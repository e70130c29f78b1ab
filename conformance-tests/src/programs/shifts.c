/* Shifts and rotates by variables, bit counting, byte swaps, extensions of narrow types. */
#include "support.h"

#define FOR_EACH_OPERATION(DO)                                              \
  DO(shl64, x << (n & 63))                                                  \
  DO(shr64, x >> (n & 63))                                                  \
  DO(sar64, (uint64_t)((int64_t)x >> (n & 63)))                             \
  DO(shl32, (uint32_t)x << (n & 31))                                        \
  DO(shr32, (uint32_t)x >> (n & 31))                                        \
  DO(sar32, (uint64_t)(int64_t)((int32_t)x >> (n & 31)))                    \
  DO(shl32_widened, (uint64_t)(int32_t)((uint32_t)x << (n & 31)))           \
  DO(rol64, x << (n & 63) | x >> (-n & 63))                                 \
  DO(ror64, x >> (n & 63) | x << (-n & 63))                                 \
  DO(rol32, (uint32_t)x << (n & 31) | (uint32_t)x >> (-n & 31))             \
  DO(ror32, (uint32_t)x >> (n & 31) | (uint32_t)x << (-n & 31))             \
  DO(rol16, (uint16_t)((uint16_t)x << (n & 15) | (uint16_t)x >> (-n & 15))) \
  DO(rol8, (uint8_t)((uint8_t)x << (n & 7) | (uint8_t)x >> (-n & 7)))       \
  DO(mask, x&((UINT64_C(1) << (n & 63)) - 1))                               \
  DO(bit, x >> (n & 63) & 1)                                                \
  DO(set_bit, x | UINT64_C(1) << (n & 63))                                  \
  DO(clear_bit, x & ~(UINT64_C(1) << (n & 63)))                             \
  DO(flip_bit, x ^ UINT64_C(1) << (n & 63))                                 \
  DO(extract, (x << (n & 31)) >> (32 + (n & 31)))                           \
  DO(sign_from, (uint64_t)((int64_t)(x << (n & 63)) >> (n & 63)))           \
  DO(by_product, (x * n) >> 7)                                              \
  DO(bytes, __builtin_bswap64(x + n))                                       \
  DO(bytes32, __builtin_bswap32((uint32_t)x + n))                           \
  DO(bytes16, __builtin_bswap16((uint16_t)(x + n)))                         \
  DO(leading, x ? (uint64_t)__builtin_clzll(x >> (n & 15) | 1) : n)         \
  DO(trailing, x ? (uint64_t)__builtin_ctzll(x) : n)                        \
  DO(ones, (uint64_t)__builtin_popcountll(x ^ n))                           \
  DO(parity, (uint64_t)__builtin_parityll(x + n))                           \
  DO(first_set, (uint64_t)__builtin_ffsll((long long)x))                    \
  DO(redundant, (uint64_t)__builtin_clrsbll((long long)x))                  \
  DO(from_s8, (uint64_t)(int64_t)(int8_t)(x + n))                           \
  DO(from_s16, (uint64_t)(int64_t)(int16_t)(x - n))                         \
  DO(from_s32, (uint64_t)(int64_t)(int32_t)(x * 3 + n))                     \
  DO(from_u8, (uint64_t)(uint8_t)(x ^ n))                                   \
  DO(from_u16, (uint64_t)(uint16_t)(x | n))                                 \
  DO(from_u32, (uint64_t)(uint32_t)(x - n))                                 \
  DO(average, (x & n) + ((x ^ n) >> 1))                                     \
  DO(smaller, (int64_t)x < (int64_t)n ? x : n)                              \
  DO(larger_unsigned, x > n ? x : n)                                        \
  DO(select, n & 1 ? x : ~x)                                                \
  DO(and_not, x & ~(uint64_t)n)                                             \
  DO(shift_add, (x << 1) + (x << 2) + (x << 3) + n)                         \
  DO(index, ((uint64_t)(uint32_t)x << 3) + n)

#define DEFINE(name, expression)                               \
  NOINLINE static uint64_t do_##name(uint64_t x, uint64_t n) { \
    (void)n;                                                   \
    return expression;                                         \
  }
FOR_EACH_OPERATION(DEFINE)

/* By constants, which have encodings of their own. */
#define BY_CONSTANT(N)                                 \
  sum = fold(sum, x << N);                             \
  sum = fold(sum, x >> N);                             \
  sum = fold(sum, (uint64_t)((int64_t)x >> N));        \
  sum = fold(sum, (uint32_t)x << (N & 31));            \
  sum = fold(sum, (uint64_t)((int32_t)x >> (N & 31))); \
  sum = fold(sum, (x << N) >> N);                      \
  sum = fold(sum, x >> N | x << (64 - N));             \
  sum = fold(sum, (uint64_t)((int64_t)(x << N) >> N))

NOINLINE static uint64_t by_constants(uint64_t x) {
  uint64_t sum = FOLD_START;
  BY_CONSTANT(1);
  BY_CONSTANT(3);
  BY_CONSTANT(8);
  BY_CONSTANT(16);
  BY_CONSTANT(24);
  BY_CONSTANT(31);
  BY_CONSTANT(32);
  BY_CONSTANT(33);
  BY_CONSTANT(48);
  BY_CONSTANT(56);
  BY_CONSTANT(63);
  return sum;
}

NOINLINE static uint32_t crc32(const unsigned char* p, size_t n) {
  uint32_t crc = ~0u;
  for (size_t i = 0; i < n; i++) {
    crc ^= p[i];
    for (int k = 0; k < 8; k++) {
      crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
    }
  }
  return ~crc;
}

int main(void) {
  static const struct {
    const char* name;
    uint64_t (*apply)(uint64_t, uint64_t);
  } operations[] = {
#define ENTRY(name, expression) {#name, do_##name},
      FOR_EACH_OPERATION(ENTRY)};
  static const uint64_t values[] = {0,
                                    1,
                                    0x80,
                                    0xff,
                                    0x7fff,
                                    0x8000,
                                    0x7fffffff,
                                    0x80000000,
                                    0xffffffff,
                                    0x100000000,
                                    0x7fffffffffffffff,
                                    0x8000000000000000,
                                    0xffffffffffffffff,
                                    0x123456789abcdef0,
                                    0xfedcba9876543210,
                                    0xaaaaaaaa55555555};
  for (size_t i = 0; i < LENGTH(operations); i++) {
    uint64_t sum = FOLD_START;
    for (size_t v = 0; v < LENGTH(values); v++) {
      for (uint64_t n = 0; n < 70; n++) {
        sum = fold(sum, operations[i].apply(values[v], n));
      }
      for (size_t w = 0; w < LENGTH(values); w++) {
        sum = fold(sum, operations[i].apply(values[v], values[w]));
      }
    }
    printf("%-16s %016" PRIx64 "\n", operations[i].name, sum);
  }
  for (size_t v = 0; v < LENGTH(values); v++) {
    printf("constants %016" PRIx64 "\n", by_constants(OPAQUE(values[v])));
  }
  printf("crc %08x\n", crc32((const unsigned char*)"123456789", 9));
  return 0;
}
