/* A state machine that tells numbers, names, strings and comments in text apart: hard branches. */
#include <stdint.h>
#include <stdio.h>

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

int main(void) {
  static const char alphabet[] = "abcxyz0123456789.../**/\"\\  \n\n;=+(){}";
  uint32_t seed = 11, count[STATES] = {0}, sum = 0;
  for (long i = 0; i < SIZE; i++) {
    seed = seed * 1664525 + 1013904223;
    text[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
  }
  for (int round = 0; round < 60; round++) {
    sum = sum * 31 + scan(text + round, SIZE - round, count);
  }
  for (int i = 0; i < STATES; i++) {
    sum = sum * 31 + count[i];
  }
  printf("%08x\n", sum);
  return 0;
}
