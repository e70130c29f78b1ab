/* A small Lempel-Ziv compressor with a hash table of positions, and its expander. */
#include "../rounds.h"

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

static long length;

static void prepare(void) {
  static const char *words[] = {"translate", "block", "register", "cache", "return", "guest",
                                "host",      "code",  "memory",   "fault", "signal", "table"};
  while (length < SIZE - 16) {
    const char *w = words[next_random() % 12];
    while (*w) input[length++] = *w++;
    uint32_t r = next_random();
    input[length++] = r % 16 ? ' ' : '0' + (r >> 8 & 7);
  }
}

static uint64_t work(long round) {
  input[round * 1000 % length] ^= round;
  long size = compress(input, length, packed);
  long back = expand(packed, size, output);
  return back == length && !memcmp(input, output, length) ? size : 0;
}
