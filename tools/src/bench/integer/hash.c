/* Checksums and hashes of a buffer: CRC-32 by table, FNV-1a, and a 64-bit multiply-rotate mix. */
#include "../rounds.h"

#define SIZE (1 << 20)

static uint32_t table[256];
static uint8_t data[SIZE];

static void make_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++) {
      c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
    }
    table[i] = c;
  }
}

static uint32_t crc(const uint8_t *p, int n) {
  uint32_t c = ~0u;
  while (n--) {
    c = table[(c ^ *p++) & 255] ^ c >> 8;
  }
  return ~c;
}

static uint64_t fnv(const uint8_t *p, int n) {
  uint64_t h = 0xcbf29ce484222325u;
  while (n--) {
    h = (h ^ *p++) * 0x100000001b3u;
  }
  return h;
}

static uint64_t mix(const uint8_t *p, int n) {
  uint64_t h = 0x9e3779b97f4a7c15u;
  for (int i = 0; i + 8 <= n; i += 8) {
    uint64_t w = 0;
    for (int k = 7; k >= 0; k--) {
      w = w << 8 | p[i + k];
    }
    w *= 0xbf58476d1ce4e5b9u;
    w = w << 31 | w >> 33;
    h = (h ^ w) * 5 + 0x52dce729;
    h ^= (uint64_t)((unsigned __int128)h * 0x94d049bb133111ebu >> 64);
  }
  return h;
}

static void prepare(void) {
  make_table();
  for (int i = 0; i < SIZE; i++) data[i] = next_random() >> 24;
}

static uint64_t work(long round) {
  data[round % SIZE] ^= round;
  uint64_t sum = crc(data, SIZE);
  sum ^= fnv(data, SIZE);
  return sum + mix(data, SIZE);
}
