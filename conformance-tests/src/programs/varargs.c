/* Variable arguments: every type, more of them than registers, va_copy, structures, aligned pairs.
 */
#include "support.h"

#include <stdarg.h>
#include <stdlib.h>

struct small {
  char c;
};
struct pair {
  long a, b;
};
struct mixed {
  double d;
  int i;
};
struct large {
  long v[5];
};

/* d double, i int, l long, p string, q 128-bit, s small, r pair, m mixed, g large, L long double */
NOINLINE static void show(const char* types, ...) {
  va_list ap;
  va_start(ap, types);
  printf("%s:", types);
  for (const char* t = types; *t; t++) {
    switch (*t) {
      case 'd':
        printf(" %g", va_arg(ap, double));
        break;
      case 'i':
        printf(" %d", va_arg(ap, int));
        break;
      case 'l':
        printf(" %ld", va_arg(ap, long));
        break;
      case 'p':
        printf(" %s", va_arg(ap, const char*));
        break;
      case 'q': {
        unsigned __int128 q = va_arg(ap, unsigned __int128);
        printf(" %" PRIx64 ":%" PRIx64, (uint64_t)(q >> 64), (uint64_t)q);
        break;
      }
      case 's':
        printf(" {%c}", va_arg(ap, struct small).c);
        break;
      case 'r': {
        struct pair r = va_arg(ap, struct pair);
        printf(" {%ld,%ld}", r.a, r.b);
        break;
      }
      case 'm': {
        struct mixed m = va_arg(ap, struct mixed);
        printf(" {%g,%d}", m.d, m.i);
        break;
      }
      case 'g': {
        struct large g = va_arg(ap, struct large);
        printf(" {%ld..%ld}", g.v[0], g.v[4]);
        break;
      }
      case 'L':
        printf(" %.2Lf", va_arg(ap, long double));
        break;
    }
  }
  printf("\n");
  va_end(ap);
}

NOINLINE static long sum_list(int n, va_list* ap) {
  long sum = 0;
  for (int i = 0; i < n; i++) {
    sum = sum * 3 + va_arg(*ap, long);
  }
  return sum;
}

/* Reads the list twice, the second time through a copy made half-way. */
NOINLINE static void twice(int n, ...) {
  va_list ap, copy;
  va_start(ap, n);
  long head = sum_list(n / 2, &ap);
  va_copy(copy, ap);
  long tail = sum_list(n - n / 2, &ap);
  long again = sum_list(n - n / 2, &copy);
  va_end(copy);
  va_end(ap);
  printf("twice %ld %ld %ld\n", head, tail, again);
}

NOINLINE static char* format(const char* pattern, ...) {
  va_list ap, again;
  va_start(ap, pattern);
  va_copy(again, ap);
  int length = vsnprintf(NULL, 0, pattern, ap);
  char* text = malloc(length + 1);
  vsnprintf(text, length + 1, pattern, again);
  va_end(again);
  va_end(ap);
  return text;
}

/* Floats in registers for named parameters, in memory or integer registers for the others. */
NOINLINE static double named(double a, float b, int n, double c, ...) {
  va_list ap;
  va_start(ap, c);
  double sum = a + b + c;
  for (int i = 0; i < n; i++) {
    sum += i % 2 ? va_arg(ap, double) : va_arg(ap, int);
  }
  va_end(ap);
  return sum;
}

int main(void) {
  unsigned __int128 q = (unsigned __int128)OPAQUE(0x0123456789abcdefUL) << 64 | OPAQUE(42UL);
  struct small s = {'x'};
  struct pair r = {1L << 40, -2};
  struct mixed m = {2.5, -7};
  struct large g = {{10, 20, 30, 40, 50}};

  show("ii", 1, -1);
  show("dddddddddddd", 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.5);
  show("iiiiiiiiiiii", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  show("idididididid", 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5);
  show("iq", 1, q);
  show("iiq", 1, 2, q);
  show("iiiiiiq", 1, 2, 3, 4, 5, 6, q);
  show("iiiiiiiqi", 1, 2, 3, 4, 5, 6, 7, q, 8);
  show("srmg", s, r, m, g);
  show("iiiiiirr", 1, 2, 3, 4, 5, 6, r, r);
  show("iiiiiigms", 1, 2, 3, 4, 5, 6, g, m, s);
  show("pLpLd", "one", 1.25L, "two", -1048576.5L, 3.0);
  show("iiiiiiLLi", 1, 2, 3, 4, 5, 6, 0.5L, 0.25L, 7);
  show("l", 0x7fffffffffffffffL);
  twice(7, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
  twice(12, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);

  char* text = format("%d|%5s|%-6lx|%c|%.3f|%e|%%|%08.2f|%+d|%hhd", -5, "ab", 0xbeefL, 'z', 3.14159,
                      12345.678, -2.5, 9, 300);
  printf("%s\n", text);
  free(text);
  text = format("%2$s %1$s %3$*4$d", "first", "second", 12, 6);
  printf("%s\n", text);
  free(text);
  printf("named %g\n", named(1, 2, 10, 3, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5));
  return 0;
}
