/* Executes a known number of instructions, whatever runs it: loops, calls, faults, floats. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static sigjmp_buf back;
static volatile int faults;

static void handler(int number) {
  faults += number == SIGSEGV;
  siglongjmp(back, 1);
}

static int compare(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}

static unsigned fibonacci(unsigned n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

int main(void) {
  static int values[2000];
  unsigned state = 1;
  for (int i = 0; i < 2000; i++) {
    state = state * 1103515245 + 12345;
    values[i] = state >> 8;
  }
  qsort(values, 2000, sizeof values[0], compare);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigaction(SIGSEGV, &action, NULL);
  for (volatile long i = 0; i < 20; i++) {
    if (sigsetjmp(back, 1) == 0) {
      values[i] += *(volatile int *)(8 * i);
      values[0]++;
    }
  }
  double sum = 0;
  for (int i = 0; i < 3000; i++) {
    sum += sqrt(values[i % 2000]) * sin(i);
  }
  printf("%d %u %f %d\n", values[1000], fibonacci(18), sum, faults);
  return 0;
}
