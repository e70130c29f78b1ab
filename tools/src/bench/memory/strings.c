/* String work through the C library and by hand: search, split, count words, format. */
#include "../rounds.h"

#define SIZE 50000
#define BUCKETS 4096

struct word {
  struct word *next;
  uint32_t count;
  char text[16];
};

static char text[SIZE + 1];
static struct word *buckets[BUCKETS];

static uint32_t count_words(char *copy) {
  uint32_t total = 0;
  for (char *w = strtok(copy, " \n"); w; w = strtok(0, " \n")) {
    uint32_t h = 5381;
    for (char *p = w; *p; p++) h = h * 33 ^ (unsigned char)*p;
    struct word **place = &buckets[h % BUCKETS];
    while (*place && strcmp((*place)->text, w)) place = &(*place)->next;
    if (!*place) {
      *place = calloc(1, sizeof **place);
      memcpy((*place)->text, w, strnlen(w, sizeof (*place)->text - 1));
    }
    (*place)->count++;
    total++;
  }
  return total;
}

static void prepare(void) {
  for (long i = 0; i < SIZE; i++) {
    uint32_t r = next_random() >> 8;
    text[i] = r % 6 == 0 ? ' ' : r % 97 == 0 ? '\n' : 'a' + (r >> 3) % 5;
    if (i % 12 == 0) text[i] = ' ';
  }
}

static uint64_t work(long round) {
  static char copy[SIZE + 1];
  uint64_t sum = 0;
  memcpy(copy, text, sizeof copy);
  sum = count_words(copy);
  for (const char *p = text; (p = strstr(p, "abc")); p++) sum++;
  for (const char *p = text; (p = strchr(p, '\n')); p++) sum += 3;
  char line[64];
  for (int i = 0; i < 400; i++) {
    sum += snprintf(line, sizeof line, "%d:%s:%08x", i * (int)round, text + SIZE - 1 - i % 20,
                    (unsigned)sum);
    sum = sum * 31 + strlen(line) + strtol(line, 0, 10);
  }
  for (int i = 0; i < BUCKETS; i++) {
    for (struct word *w = buckets[i]; w; w = w->next) sum = sum * 31 + w->count + w->text[0];
  }
  return sum;
}
