/* The C library's string and conversion functions against naive ones, at all small alignments. */
#include "support.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <wchar.h>

#define ROOM 160

static unsigned char source[ROOM], target[ROOM], expected[ROOM];
static int failures;

static void check(int good, const char* what, int a, int b, int n) {
  if (!good && failures++ < 20) {
    printf("wrong: %s %d %d %d\n", what, a, b, n);
  }
}

static void refill(unsigned seed) {
  uint64_t state = seed * 2654435761u + 1;
  for (int i = 0; i < ROOM; i++) {
    source[i] = (unsigned char)(next_random(&state) % 255 + 1);
    target[i] = expected[i] = (unsigned char)next_random(&state);
  }
}

static int sign(int x) { return (x > 0) - (x < 0); }

static void copying(void) {
  uint64_t sum = FOLD_START;
  for (int from = 0; from < 9; from++) {
    for (int to = 0; to < 9; to++) {
      for (int n = 0; n < 70; n += 1 + (from + to) % 3) {
        refill(from * 100 + to * 10 + n);
        for (int i = 0; i < n; i++) {
          expected[to + i] = source[from + i];
        }
        memcpy(target + to, source + from, OPAQUE((size_t)n));
        check(memcmp(target, expected, ROOM) == 0, "memcpy", from, to, n);
        memmove(expected + to, expected + from, OPAQUE((size_t)n));
        unsigned char scratch[ROOM];
        for (int i = 0; i < n; i++) {
          scratch[i] = target[from + i];
        }
        for (int i = 0; i < n; i++) {
          target[to + i] = scratch[i];
        }
        check(memcmp(target, expected, ROOM) == 0, "memmove", from, to, n);
        memset(target + to, from, OPAQUE((size_t)n));
        for (int i = 0; i < n; i++) {
          expected[to + i] = (unsigned char)from;
        }
        check(memcmp(target, expected, ROOM) == 0, "memset", from, to, n);
        sum = fold(sum, target[to + n / 2]);
      }
    }
  }
  printf("copying %016" PRIx64 "\n", sum);
}

static void searching(void) {
  for (int at = 0; at < 17; at++) {
    for (int n = 0; n < 40; n++) {
      refill(at + n * 17);
      unsigned char* s = source + at;
      s[n] = 0;
      check(strlen((char*)s) == (size_t)n, "strlen", at, n, 0);
      check(strnlen((char*)s, n / 2) == (size_t)(n / 2), "strnlen", at, n, 0);
      int wanted = s[n / 2], first = n;
      for (int i = n; i >= 0; i--) {
        if (s[i] == wanted) {
          first = i;
        }
      }
      check(strchr((char*)s, wanted) == (char*)s + first, "strchr", at, n, wanted);
      check(memchr(s, wanted, n + 1) == s + first, "memchr", at, n, wanted);
      int last = n;
      for (int i = 0; i <= n; i++) {
        if (s[i] == wanted) {
          last = i;
        }
      }
      check(strrchr((char*)s, wanted) == (char*)s + last, "strrchr", at, n, wanted);

      unsigned char* t = target + (at * 3) % 16;
      memcpy(t, s, n + 1);
      check(strcmp((char*)s, (char*)t) == 0, "strcmp equal", at, n, 0);
      if (n > 0) {
        t[n * 2 / 3] ^= 0x81;
        int difference = sign(s[n * 2 / 3] - t[n * 2 / 3]);
        check(sign(strcmp((char*)s, (char*)t)) == difference, "strcmp", at, n, 0);
        check(sign(memcmp(s, t, n)) == difference, "memcmp", at, n, 0);
        check(strncmp((char*)s, (char*)t, n * 2 / 3) == 0, "strncmp", at, n, 0);
      }
    }
  }
  const char* hay = OPAQUE((const char*)"a needle in a haystack of needles");
  printf("strstr %td", strstr(hay, "needles") - hay);
  printf(" strspn %zu strcspn %zu strpbrk %s", strspn("aabbcc!", "abc"),
         strcspn("hello, you", " ,"), strpbrk("key=value", "=:"));
  char words[] = "one two,,three;four";
  char* rest;
  for (char* w = strtok_r(words, " ,;", &rest); w; w = strtok_r(NULL, " ,;", &rest)) {
    printf(" <%s>", w);
  }
  printf("\n");
}

static int by_text(const void* a, const void* b) {
  return strcmp(*(char* const*)a, *(char* const*)b);
}
static int by_value(const void* a, const void* b) {
  int64_t x = *(const int64_t*)a, y = *(const int64_t*)b;
  return (x > y) - (x < y);
}

static void sorting(void) {
  const char* names[] = {"pear", "apple", "fig", "Banana", "cherry", "apples", "", "date"};
  qsort(names, LENGTH(names), sizeof names[0], by_text);
  for (size_t i = 0; i < LENGTH(names); i++) {
    printf("%s ", names[i]);
  }
  int64_t values[500];
  uint64_t state = 99;
  for (size_t i = 0; i < LENGTH(values); i++) {
    values[i] = (int64_t)next_random(&state);
  }
  int64_t wanted = values[123];
  qsort(values, LENGTH(values), sizeof values[0], by_value);
  uint64_t sum = FOLD_START;
  for (size_t i = 0; i < LENGTH(values); i++) {
    sum = fold(sum, (uint64_t)values[i]);
    check(i == 0 || values[i - 1] <= values[i], "qsort", (int)i, 0, 0);
  }
  int64_t* found = bsearch(&wanted, values, LENGTH(values), sizeof values[0], by_value);
  printf("%016" PRIx64 " %d\n", sum, found != NULL && *found == wanted);
}

static void converting(void) {
  static const char* const numbers[] = {
      "0",   "-17",      "0x7fffffffffffffff",   "9223372036854775808",
      "077", "  +42abc", "-9223372036854775809", "zz",
      ""};
  for (size_t i = 0; i < LENGTH(numbers); i++) {
    char* end;
    errno = 0;
    long value = strtol(numbers[i], &end, 0);
    printf("strtol %ld %s rest '%s'\n", value, errno == ERANGE ? "range" : "fine", end);
  }
  static const char* const reals[] = {"3.25",
                                      "-1e-5",
                                      "0x1.8p3",
                                      "1e400",
                                      "4.9e-324",
                                      "2.5e-324",
                                      "1e-400",
                                      "inf",
                                      "0.1",
                                      "123456789012345678901234567890",
                                      "2.2250738585072011e-308",
                                      "9007199254740993"};
  for (size_t i = 0; i < LENGTH(reals); i++) {
    errno = 0;
    double value = strtod(reals[i], NULL);
    printf("strtod %a %.17g %s %a\n", value, value, errno == ERANGE ? "range" : "fine",
           strtof(reals[i], NULL));
  }
  char text[64];
  int length = snprintf(text, OPAQUE(10), "%s-%d", "truncated", 12345);
  printf("snprintf %d '%s'\n", length, text);
  int a, b;
  char word[20];
  unsigned char hh;
  int n = sscanf("  12:0x1f word 300", "%d:%i %19s %hhu", &a, &b, word, &hh);
  printf("sscanf %d %d %d %s %u\n", n, a, b, word, hh);
  wchar_t wide[10];
  wcscpy(wide, OPAQUE((const wchar_t*)L"wchar"));
  printf("wide %ls %d\n", wide, wcscmp(wide, L"wchas") < 0);
  printf("ctype");
  for (int c = 0; c < 128; c += 9) {
    printf(" %d", (isalpha(c) != 0) | !!isdigit(c) << 1 | !!isspace(c) << 2 | !!ispunct(c) << 3);
  }
  printf("\n");
}

int main(void) {
  copying();
  searching();
  sorting();
  converting();
  printf("failures %d\n", failures);
  return failures != 0;
}
