/* Bit-fields of all widths: reading, writing, increments, packing, unions, comparison. */
#include "support.h"

struct narrow {
  unsigned a : 1, b : 2, c : 3, d : 5, e : 7, f : 13, g : 1;
};
struct with_sign {
  signed a : 1, b : 4, c : 9, d : 18;
};
struct wide {
  unsigned long long a : 33, b : 7, c : 24;
  long long d : 47, e : 17;
};
struct __attribute__((packed)) crossing {
  unsigned char head;
  unsigned a : 27;
  unsigned long long b : 41;
  signed c : 12;
  unsigned char tail;
};
struct gaps {
  unsigned a : 5;
  unsigned : 0;
  unsigned b : 9;
  unsigned : 6;
  unsigned c : 6;
  _Bool flag : 1;
};
union view {
  struct narrow fields;
  uint32_t word;
};
struct nested {
  struct {
    unsigned x : 10, y : 22;
  } inner[3];
  short s : 11;
};

static struct narrow global_narrow = {1, 2, 5, 17, 100, 5000, 0};
static const struct wide constant_wide = {0x1ffffffffULL, 99, 0xabcdef, -70000000000000LL, -65536};

NOINLINE static void show_bytes(const char* name, const void* p, size_t n) {
  const unsigned char* b = p;
  printf("%s", name);
  for (size_t i = 0; i < n; i++) {
    printf(" %02x", b[i]);
  }
  printf("\n");
}

NOINLINE static void step(struct narrow* n) {
  n->a++;
  n->b += 3;
  n->c--;
  n->d <<= 1;
  n->e ^= 0x55;
  n->f *= 3;
  n->g = !n->g;
}

NOINLINE static struct wide mix(struct wide w, int by) {
  w.a += (unsigned long long)by << 30;
  w.b = w.b * by;
  w.c -= by;
  w.d = -w.d + by;
  w.e >>= 3;
  return w;
}

NOINLINE static int less(struct with_sign x, struct with_sign y) {
  return (x.a < y.a) << 3 | (x.b < y.b) << 2 | (x.c < y.c) << 1 | (x.d < y.d);
}

int main(void) {
  struct narrow n = global_narrow;
  for (int i = 0; i < 5; i++) {
    step(&n);
    printf("narrow %u %u %u %u %u %u %u\n", n.a, n.b, n.c, n.d, n.e, n.f, n.g);
  }
  union view v = {.word = OPAQUE(0xdeadbeefu)};
  printf("view %u %u %u %u %u %u %u\n", v.fields.a, v.fields.b, v.fields.c, v.fields.d, v.fields.e,
         v.fields.f, v.fields.g);
  v.fields.f = OPAQUE(0x1aaau);
  printf("view %08" PRIx32 "\n", v.word);

  struct with_sign s = {0};
  for (int i = -300; i <= 300; i += 75) {
    struct with_sign t = s;
    s.a = i;
    s.b = i;
    s.c = i;
    s.d = i * 1000;
    printf("signed %d %d %d %d less %d\n", s.a, s.b, s.c, s.d, less(t, s));
  }

  struct wide w = constant_wide;
  for (int i = 1; i < 5; i++) {
    w = mix(w, i * 7);
    printf("wide %llu %u %u %lld %lld\n", (unsigned long long)w.a, (unsigned)w.b, (unsigned)w.c,
           (long long)w.d, (long long)w.e);
  }
  show_bytes("wide", &w, sizeof w);

  struct crossing c;
  memset(&c, 0xff, sizeof c);
  c.head = 0x11;
  c.a = OPAQUE(0x2345678u);
  c.b = OPAQUE(0x123456789abULL);
  c.c = OPAQUE(-1234);
  show_bytes("crossing", &c, sizeof c);
  c.b += 0xfffffffffULL;
  c.c /= 3;
  c.a = ~c.a;
  show_bytes("crossing", &c, sizeof c);
  printf("crossing %u %llu %d %u\n", (unsigned)c.a, (unsigned long long)c.b, (int)c.c, c.tail);

  struct gaps g;
  memset(&g, 0, sizeof g);
  g.a = 31;
  g.b = 0x155;
  g.c = 42;
  g.flag = OPAQUE(256);
  show_bytes("gaps", &g, sizeof g);

  struct nested x;
  memset(&x, 0, sizeof x);
  for (int i = 0; i < 3; i++) {
    x.inner[i].x = 1000 + i * 20;
    x.inner[i].y = x.inner[i].x * 4099u;
  }
  x.s = OPAQUE(1500);
  printf("nested %zu %d", sizeof x, x.s);
  for (int i = 0; i < 3; i++) {
    printf(" %u/%u", x.inner[i].x, x.inner[i].y);
  }
  printf("\n");
  return 0;
}
