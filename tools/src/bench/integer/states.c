/* A state machine that tells numbers, names, strings and comments in text apart: hard branches. */
#include "../rounds.h"

#define SIZE (1 << 20)

static char text[SIZE];

enum state { START, NAME, NUMBER, FRACTION, STRING, ESCAPE, SLASH, LINE, BLOCK, STAR, STATES };

static uint32_t scan(const char *p, long n, uint32_t *count) {
  enum state s = START;
  uint32_t changes = 0;
  for (long i = 0; i < n; i++) {
    char c = p[i];
    enum state before = s;
    switch (s) {
      case START:
      case NAME:
      case NUMBER:
      case FRACTION:
        if (c >= '0' && c <= '9') {
          s = s == NAME ? NAME : s == FRACTION ? FRACTION : NUMBER;
        } else if (c == '.' && s == NUMBER) {
          s = FRACTION;
        } else if ((c | 32) >= 'a' && (c | 32) <= 'z') {
          s = NAME;
        } else if (c == '"') {
          s = STRING;
        } else if (c == '/') {
          s = SLASH;
        } else {
          s = START;
        }
        break;
      case STRING:
        s = c == '"' ? START : c == '\\' ? ESCAPE : STRING;
        break;
      case ESCAPE:
        s = STRING;
        break;
      case SLASH:
        s = c == '/' ? LINE : c == '*' ? BLOCK : START;
        break;
      case LINE:
        s = c == '\n' ? START : LINE;
        break;
      case BLOCK:
        s = c == '*' ? STAR : BLOCK;
        break;
      case STAR:
        s = c == '/' ? START : c == '*' ? STAR : BLOCK;
        break;
      default:
        break;
    }
    count[s]++;
    changes += s != before;
  }
  return changes;
}

static void prepare(void) {
  static const char alphabet[] = "abcxyz0123456789.../**/\"\\  \n\n;=+(){}";
  for (long i = 0; i < SIZE; i++) {
    text[i] = alphabet[next_random() % (sizeof alphabet - 1)];
  }
}

static uint64_t work(long round) {
  uint32_t count[STATES] = {0};
  uint64_t sum = scan(text + round % 1000, SIZE - 1000, count);
  for (int i = 0; i < STATES; i++) sum = sum * 31 + count[i];
  return sum;
}
