/* Random updates of a table much larger than the caches, and a transposition: what misses costs. */
#include "../rounds.h"

#define TABLE (1 << 23)
#define N 1024

static uint32_t table[TABLE];
static uint32_t square[N][N];

static void prepare(void) {
  for (uint32_t i = 0; i < TABLE; i++) table[i] = i;
}

static uint64_t work(long round) {
  uint64_t x = round * 2862933555777941757u + 3037000493u;
  for (int i = 0; i < 50000; i++) {
    x = x << 1 ^ ((int64_t)x < 0 ? 7 : 0);
    table[x & (TABLE - 1)] ^= (uint32_t)x;
    x += table[x >> 40 & (TABLE - 1)];
  }
  for (int i = 0; i < 128; i++) {
    for (int j = 0; j < i; j++) {
      uint32_t t = square[i][j];
      square[i][j] = square[j][i] + 1;
      square[j][i] = t;
    }
  }
  return x + square[round & 127][3];
}
