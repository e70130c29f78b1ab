/* Type punning through memcpy and unions, unaligned and overlapping accesses, byte order. */
#include "support.h"

#include <stdlib.h>

struct __attribute__((packed)) odd {
  char pad;
  uint16_t h;
  uint32_t w;
  uint64_t d;
  float f;
  double g;
};

union view {
  uint8_t bytes[16];
  uint16_t halves[8];
  uint32_t words[4];
  uint64_t longs[2];
  float floats[4];
  double doubles[2];
};

NOINLINE static uint32_t bits_of(float f) {
  uint32_t w;
  memcpy(&w, &f, sizeof w);
  return w;
}
NOINLINE static double from_bits(uint64_t bits) {
  double d;
  memcpy(&d, &bits, sizeof d);
  return d;
}
NOINLINE static uint64_t load(const unsigned char* p, int size) {
  uint64_t value = 0;
  switch (size) {
    case 1:
      value = *p;
      break;
    case 2: {
      uint16_t h;
      memcpy(&h, p, 2);
      value = h;
      break;
    }
    case 4: {
      uint32_t w;
      memcpy(&w, p, 4);
      value = w;
      break;
    }
    case 8:
      memcpy(&value, p, 8);
      break;
  }
  return value;
}

/* Real unaligned instructions, which memcpy would be split into bytes for. */
NOINLINE static uint64_t load_at_once(const unsigned char* p, int size) {
#ifdef __riscv
  uint64_t value;
  switch (size) {
    case 2:
      __asm__ volatile("lhu %0, 0(%1)" : "=r"(value) : "r"(p) : "memory");
      return value;
    case 4:
      __asm__ volatile("lwu %0, 0(%1)" : "=r"(value) : "r"(p) : "memory");
      return value;
    case 8:
      __asm__ volatile("ld %0, 0(%1)" : "=r"(value) : "r"(p) : "memory");
      return value;
  }
#endif
  return load(p, size);
}
NOINLINE static void store_at_once(unsigned char* p, uint64_t value, int size) {
#ifdef __riscv
  switch (size) {
    case 2:
      __asm__ volatile("sh %0, 0(%1)" : : "r"(value), "r"(p) : "memory");
      return;
    case 4:
      __asm__ volatile("sw %0, 0(%1)" : : "r"(value), "r"(p) : "memory");
      return;
    case 8:
      __asm__ volatile("sd %0, 0(%1)" : : "r"(value), "r"(p) : "memory");
      return;
  }
#endif
  memcpy(p, &value, size);
}

/* The same instruction must see what the one before stored, at every overlap. */
NOINLINE static uint64_t forwarding(unsigned char* p) {
  uint64_t sum = FOLD_START;
  for (int offset = 0; offset < 8; offset++) {
    for (int from = 0; from < 8; from++) {
      *(volatile uint64_t*)p = 0x1111111111111111u * (offset + 1);
      *(volatile uint64_t*)(p + 8) = 0x0102030405060708u;
      store_at_once(p + offset, 0xfedcba9876543210u + from, 8);
      p[from + 3] ^= 0x5a;
      sum = fold(sum, load_at_once(p + from, 4));
      sum = fold(sum, load_at_once(p + from, 8));
      sum = fold(sum, load_at_once(p + from + 1, 2));
    }
  }
  return sum;
}

NOINLINE static void swap_structs(struct odd* a, struct odd* b) {
  struct odd t = *a;
  *a = *b;
  *b = t;
}

/* Floats as integers: the classic bit tricks. */
NOINLINE static float inverse_root(float x) {
  uint32_t i = bits_of(x);
  float y;
  i = 0x5f3759df - (i >> 1);
  memcpy(&y, &i, 4);
  return y * (1.5f - 0.5f * x * y * y);
}

static int32_t table[4][8][2] = {[1] = {[3] = {7, -7}}, [3] = {[7] = {1, 2}}};

NOINLINE static int32_t indexed(int i, unsigned char j, signed char k) {
  return table[i][j][k + 1] + (&table[i][j][0])[k + 1];
}

int main(void) {
  struct odd o = {1, 0x1234, 0x89abcdef, 0x0123456789abcdef, 1.5f, -2.25};
  struct odd p = {2, 0xffff, 0, ~0ull, -0.0f, 1e300};
  swap_structs(&o, &p);
  o.h -= p.h;
  o.w = __builtin_bswap32(p.w) + o.h;
  o.d >>= p.h & 15;
  o.f += p.f;
  o.g *= p.g;
  const unsigned char* raw = (const unsigned char*)&o;
  printf("odd");
  for (size_t i = 0; i < sizeof o; i++) {
    printf(" %02x", raw[i]);
  }
  printf("\n");

  union view v;
  for (int i = 0; i < 16; i++) {
    v.bytes[i] = (uint8_t)(i * 17 + 3);
  }
  printf("view %04x %08x %016" PRIx64 " %a %a\n", v.halves[3], v.words[1], v.longs[1], v.floats[0],
         v.doubles[1]);
  v.doubles[0] = OPAQUE(-1.0);
  v.floats[3] = OPAQUE(0.1f);
  printf("view %016" PRIx64 " %08x %02x\n", v.longs[0], v.words[3], v.bytes[7]);
  printf("bits %08x %08x %a\n", bits_of(OPAQUE(-0.0f)), bits_of(OPAQUE(1.17549435e-38f)),
         from_bits(0x3ff123456789abcd));

  unsigned char* buffer = aligned_alloc(4096, 8192);
  uint64_t state = 5;
  for (int i = 0; i < 8192; i++) {
    buffer[i] = (unsigned char)next_random(&state);
  }
  uint64_t sum = FOLD_START;
  for (int at = 4096 - 20; at < 4096 + 12; at++) {
    for (int size = 1; size <= 8; size *= 2) {
      uint64_t expected = load(buffer + at, size);
      uint64_t got = load_at_once(buffer + at, size);
      if (got != expected) {
        printf("wrong load of %d at %d\n", size, at);
      }
      sum = fold(sum, got);
      store_at_once(buffer + at, ~got * 3, size);
    }
  }
  for (int i = 4000; i < 4200; i++) {
    sum = fold(sum, buffer[i]);
  }
  printf("unaligned %016" PRIx64 "\n", sum);
  printf("forwarding %016" PRIx64 "\n", forwarding(buffer + 64));
  printf("forwarding %016" PRIx64 "\n", forwarding(buffer + 4096 - 7));
  memmove(buffer + 1, buffer, 500);
  memmove(buffer + 1000, buffer + 1007, 500);
  sum = FOLD_START;
  for (int i = 0; i < 2000; i++) {
    sum = fold(sum, buffer[i]);
  }
  printf("overlapping %016" PRIx64 "\n", sum);
  free(buffer);

  printf("root %.5f %.5f\n", inverse_root(OPAQUE(4.0f)), inverse_root(OPAQUE(0.01f)));
  printf("indexed %d %d %d\n", indexed(1, 3, 0), indexed(1, 3, -1), indexed(OPAQUE(3), 7, 0));
  volatile int64_t wide = -2;
  *(volatile int32_t*)((char*)&wide + 4) = 0x7fffffff;
  printf("partial %" PRIx64 "\n", (int64_t)wide);
  return 0;
}
