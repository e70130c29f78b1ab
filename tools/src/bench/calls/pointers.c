/* Calls through function pointers: a table of operations, callbacks of qsort, a chain of filters. */
#include "../rounds.h"

#define CODE 8192
#define N 5000
#define FILTERS 12

typedef uint64_t (*operation)(uint64_t, uint64_t);

static uint64_t add(uint64_t a, uint64_t b) { return a + b; }
static uint64_t subtract(uint64_t a, uint64_t b) { return a - b; }
static uint64_t exclusive(uint64_t a, uint64_t b) { return a ^ b; }
static uint64_t multiply(uint64_t a, uint64_t b) { return a * (b | 1); }
static uint64_t rotate(uint64_t a, uint64_t b) { return a << (b & 31) | a >> (-b & 31); }
static uint64_t smaller(uint64_t a, uint64_t b) { return a < b ? a + 1 : b; }

static const operation operations[] = {add, subtract, exclusive, multiply, rotate, smaller};
static uint8_t code[CODE];
static uint32_t numbers[N];

struct filter {
  uint32_t (*apply)(const struct filter *, uint32_t);
  const struct filter *next;
  uint32_t parameter;
};

static struct filter filters[FILTERS];

static uint32_t shift(const struct filter *f, uint32_t x) {
  return f->next->apply(f->next, x ^ x >> (f->parameter & 15));
}

static uint32_t scale(const struct filter *f, uint32_t x) {
  return f->next->apply(f->next, x * (f->parameter | 1));
}

static uint32_t end(const struct filter *f, uint32_t x) { return x + f->parameter; }

static int compare(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static void prepare(void) {
  for (int i = 0; i < CODE; i++) code[i] = next_random() % 6;
  for (int i = 0; i < FILTERS; i++) {
    filters[i].parameter = next_random();
    filters[i].next = &filters[i + 1];
    filters[i].apply = i == FILTERS - 1 ? end : next_random() & 64 ? shift : scale;
  }
}

static uint64_t work(long round) {
  uint64_t value = round;
  for (int i = 0; i < CODE; i++) value = operations[code[i]](value, i);
  for (int i = 0; i < N; i++) numbers[i] = filters[0].apply(&filters[0], i + (uint32_t)round);
  qsort(numbers, N, sizeof *numbers, compare);
  return value + numbers[N / 2];
}
