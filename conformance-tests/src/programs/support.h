/* What the programs share: hiding values from the optimiser, and folding many results into one. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline, noclone))
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The value itself, but the compiler does not know it. */
#define OPAQUE(value)                                 \
  ({                                                  \
    __typeof__(((void)0, (value))) opaque_ = (value); \
    __asm__ volatile("" : "+m"(opaque_));             \
    opaque_;                                          \
  })

/* FNV-1a over 64-bit words. */
static inline uint64_t fold(uint64_t sum, uint64_t word) {
  for (int i = 0; i < 8; i++) {
    sum = (sum ^ (word >> (8 * i) & 0xff)) * UINT64_C(0x100000001b3);
  }
  return sum;
}

#define FOLD_START UINT64_C(0xcbf29ce484222325)

/* xorshift64: the same numbers everywhere. */
static inline uint64_t next_random(uint64_t* state) {
  uint64_t x = *state;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return *state = x;
}

#endif
