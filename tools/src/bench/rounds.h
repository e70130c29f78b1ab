/*
 * What the programs have in common. Each defines prepare(), which is done once, and work(), a round of
 * what it measures; the first argument says how many rounds. The sum of what work() gives is printed,
 * to be compared between machines, and on standard error how long the later half of the rounds took,
 * by the clock and of the processor: by then whoever translates code has seen it all.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void prepare(void);
static uint64_t work(long round);

static uint32_t seed = 1;

/* Numbers that look random (xorshift). */
static inline uint32_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

/* The bits of a result that must be the same everywhere. */
static inline uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  long rounds = argc > 1 ? atol(argv[1]) : 1;
  uint64_t sum = 0;
  double start = 0, start_cpu = 0;
  prepare();
  for (long round = 0; round < rounds; round++) {
    if (round == rounds / 2) {
      start = seconds(CLOCK_MONOTONIC);
      start_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    }
    sum = sum * 1099511628211u + work(round);
  }
  fprintf(stderr, "warm %.6f %.6f\n", seconds(CLOCK_MONOTONIC) - start,
          seconds(CLOCK_PROCESS_CPUTIME_ID) - start_cpu);
  printf("%016llx\n", (unsigned long long)sum);
  return 0;
}
