/* The C library's block operations in all sizes and alignments: copy, move, fill, compare, find. */
#include "../rounds.h"

#define SIZE (1 << 16)

static unsigned char a[SIZE + 64], b[SIZE + 64];

static void prepare(void) {
  for (int i = 0; i < SIZE; i++) a[i] = next_random() >> 8 | 1;
}

static uint64_t work(long round) {
  uint64_t sum = round;
  for (int i = 0; i < 2000; i++) {
    uint32_t r = next_random();
    size_t small = r & 63, at = r >> 8 & 4095;
    memcpy(b + at, a + (r >> 20), small);
    memset(b + at + small, r, small);
    sum += memcmp(a + at, b + at, small + 1) < 0;
    sum += b[at + small / 2];
  }
  for (int i = 0; i < 8; i++) {
    memcpy(b + i, a, SIZE - i);
    memmove(b, b + 3, SIZE - 16);
    sum += memcmp(a + 3 + i, b + i, 64) == 0;
    a[SIZE] = 0;
    sum += strlen((char *)a + i);
    sum += (unsigned char *)memchr(a + i, 0, SIZE + 1) - a;
    memset(b, i, SIZE / 2);
    sum += b[((size_t)round * 31 + i) & (SIZE - 1)];
  }
  return sum;
}
