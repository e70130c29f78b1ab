/* A small Lempel-Ziv compressor with a hash table of positions, and its expander. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SIZE (1 << 20)
#define HASH_BITS 14

static uint8_t input[SIZE], packed[SIZE * 2], output[SIZE];
static int32_t head[1 << HASH_BITS];

static uint32_t hash(const uint8_t *p) {
  uint32_t v = p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
  return v * 2654435761u >> (32 - HASH_BITS);
}

static long compress(const uint8_t *in, long n, uint8_t *out) {
  uint8_t *o = out;
  memset(head, 0xff, sizeof head);
  long at = 0;
  while (at < n) {
    long length = 0, distance = 0;
    if (at + 4 <= n) {
      uint32_t h = hash(in + at);
      long candidate = head[h];
      head[h] = at;
      if (candidate >= 0 && at - candidate < 65536) {
        while (at + length < n && length < 258 && in[candidate + length] == in[at + length]) {
          length++;
        }
        distance = at - candidate;
      }
    }
    if (length >= 4) {
      *o++ = 1;
      *o++ = length - 4;
      *o++ = distance;
      *o++ = distance >> 8;
      at += length;
    } else {
      *o++ = 0;
      *o++ = in[at++];
    }
  }
  return o - out;
}

static long expand(const uint8_t *in, long n, uint8_t *out) {
  const uint8_t *end = in + n;
  uint8_t *o = out;
  while (in < end) {
    if (*in++) {
      long length = *in++ + 4;
      long distance = in[0] | in[1] << 8;
      in += 2;
      const uint8_t *from = o - distance;
      while (length--) *o++ = *from++;
    } else {
      *o++ = *in++;
    }
  }
  return o - out;
}

int main(void) {
  static const char *words[] = {"translate", "block", "register", "cache", "return", "guest",
                                "host",      "code",  "memory",   "fault", "signal", "table"};
  uint32_t seed = 7;
  long n = 0;
  while (n < SIZE - 16) {
    seed = seed * 1103515245 + 12345;
    const char *w = words[(seed >> 16) % 12];
    while (*w) input[n++] = *w++;
    input[n++] = seed >> 28 ? ' ' : '0' + (seed >> 20 & 7);
  }
  uint32_t sum = 0;
  for (int round = 0; round < 80; round++) {
    input[round * 1000] ^= round;
    long size = compress(input, n, packed);
    long back = expand(packed, size, output);
    sum = sum * 31 + size;
    if (back != n || memcmp(input, output, n)) sum = 0;
  }
  printf("%08x\n", sum);
  return 0;
}
