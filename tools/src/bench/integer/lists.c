/* Linked lists, a small matrix and a checksum, much as CoreMark has them: search, sort, reverse, sum. */
#include "../rounds.h"

#define ITEMS 500
#define N 12

struct item {
  struct item *next;
  int16_t value, index;
};

static struct item items[ITEMS];
static int16_t a[N][N], b[N][N];
static int32_t c[N][N];

static uint16_t checksum(uint16_t value, uint16_t sum) {
  for (int i = 0; i < 16; i++) {
    sum = (value ^ sum) & 1 ? sum >> 1 ^ 0xa001 : sum >> 1;
    value >>= 1;
  }
  return sum;
}

static struct item *reverse(struct item *list) {
  struct item *done = 0;
  while (list) {
    struct item *next = list->next;
    list->next = done;
    done = list;
    list = next;
  }
  return done;
}

static struct item *find(struct item *list, int16_t value) {
  while (list && list->value != value) list = list->next;
  return list;
}

static int by_value(const struct item *x, const struct item *y) { return x->value - y->value; }
static int by_index(const struct item *x, const struct item *y) { return x->index - y->index; }

typedef int (*order)(const struct item *, const struct item *);

/* Sorts the first n items of a list; *rest is what follows them. */
static struct item *sort(struct item *list, int n, order compare, struct item **rest) {
  if (n == 1) {
    *rest = list->next;
    list->next = 0;
    return list;
  }
  struct item *second;
  struct item *x = sort(list, n / 2, compare, &second);
  struct item *y = sort(second, n - n / 2, compare, rest);
  struct item *sorted, **end = &sorted;
  while (x && y) {
    struct item **least = compare(x, y) <= 0 ? &x : &y;
    *end = *least;
    end = &(*least)->next;
    *least = *end;
  }
  *end = x ? x : y;
  return sorted;
}

static uint16_t multiply(int16_t add) {
  uint16_t sum = 0;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      int32_t s = 0;
      for (int k = 0; k < N; k++) s += a[i][k] * (b[k][j] + add);
      c[i][j] = s;
      sum = checksum((uint16_t)((s >> 2 & 0xff) | (s >> 5 & 0xff00)), sum);
    }
  }
  return sum;
}

static void prepare(void) {
  for (int i = 0; i < ITEMS; i++) {
    items[i].value = next_random() >> 18;
    items[i].index = i;
    items[i].next = i + 1 < ITEMS ? &items[i + 1] : 0;
  }
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      a[i][j] = next_random() >> 20;
      b[i][j] = next_random() >> 20;
    }
  }
}

static uint64_t work(long round) {
  uint16_t sum = round;
  struct item *list = items;
  for (int i = 0; i < 100; i++) {
    struct item *found = find(list, items[(round + i * 7) % ITEMS].value);
    list = reverse(list);
    if (found) sum = checksum(found->index, sum);
  }
  struct item *rest;
  list = sort(list, ITEMS, by_value, &rest);
  for (struct item *e = list; e; e = e->next) sum = checksum(e->value, sum);
  sort(list, ITEMS, by_index, &rest);
  for (int i = 0; i < 5; i++) sum ^= multiply(sum & 15);
  return sum;
}
