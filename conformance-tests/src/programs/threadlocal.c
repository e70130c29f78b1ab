/* Thread-local storage of the main thread: initial values, zeros, alignment, addresses. */
#include "support.h"

#include <errno.h>
#include <stdlib.h>

static _Thread_local int counter = 41;
_Thread_local long zeros[64];
static _Thread_local _Alignas(64) char aligned[10] = "aligned";
_Thread_local struct {
  char c;
  double d;
  int* p;
} mixed = {'m', 2.5, NULL};
static _Thread_local char text[1000];
extern _Thread_local unsigned shared;
_Thread_local unsigned shared = 0xabcdef01;

NOINLINE static int next(void) {
  static _Thread_local int calls;
  return ++counter + ++calls;
}

NOINLINE static int* where(void) { return &counter; }

NOINLINE static long sum(void) {
  long total = 0;
  for (size_t i = 0; i < LENGTH(zeros); i++) {
    total += zeros[i];
    zeros[i] += (long)i;
  }
  return total;
}

int main(void) {
  printf("initial %d %s %c %g %x\n", counter, aligned, mixed.c, mixed.d, shared);
  int first = next(), second = next();
  printf("next %d %d %d\n", first, second, counter);
  *where() = 100;
  printf("through a pointer %d\n", counter);
  long once = sum(), twice = sum();
  printf("zeros %ld %ld %ld\n", once, twice, zeros[63]);
  printf("alignment %d\n", (uintptr_t)aligned % 64 == 0);
  mixed.p = &counter;
  *mixed.p += 5;
  mixed.d *= mixed.c;
  printf("mixed %g %d\n", mixed.d, counter);
  for (int i = 0; i < 999; i++) {
    text[i] = (char)('a' + i % 26);
  }
  printf("text %zu %.5s\n", strlen(text), text + 990);
  shared ^= (unsigned)counter;
  printf("shared %x\n", shared);
  errno = 0;
  char* end;
  strtol("99999999999999999999", &end, 10);
  printf("errno %s\n", errno == ERANGE ? "ERANGE" : "other");
  return 0;
}
