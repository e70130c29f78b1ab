/* Sieve of Eratosthenes over a bit array: shifts, masks, strided byte accesses. */
#include "../rounds.h"

#define LIMIT 4000000

static uint8_t composite[LIMIT / 8 + 1];

static unsigned count_primes(void) {
  unsigned count = 0;
  memset(composite, 0, sizeof composite);
  for (uint32_t i = 2; i < LIMIT; i++) {
    if (composite[i >> 3] >> (i & 7) & 1) {
      continue;
    }
    count++;
    for (uint64_t j = (uint64_t)i * i; j < LIMIT; j += i) {
      composite[j >> 3] |= 1u << (j & 7);
    }
  }
  return count;
}

static void prepare(void) {}

static uint64_t work(long round) { return count_primes() + round; }
