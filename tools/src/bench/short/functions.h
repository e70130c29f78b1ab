/* 6,000 functions, all different, each called REPEATS times: code that is run before it can get hot. */
#include <stdint.h>
#include <stdio.h>

static uint32_t state = 1;
static uint32_t table[64];

#define F(n)                                                     \
  static void __attribute__((noinline)) f##n(void) {             \
    uint32_t x = state + 1##n;                                   \
    if (x & 1) x = x * 3 + 1##n; else x = x >> 1 ^ (1##n << 3);  \
    table[1##n & 63] += x;                                       \
    if (table[1##n >> 6 & 63] > x) x -= 1##n;                    \
    state = x ^ x >> 7;                                          \
  }
#define C(n) f##n();

#define TEN(M, n) M(n##0) M(n##1) M(n##2) M(n##3) M(n##4) M(n##5) M(n##6) M(n##7) M(n##8) M(n##9)
#define HUNDRED(M, n)                                                                      \
  TEN(M, n##0) TEN(M, n##1) TEN(M, n##2) TEN(M, n##3) TEN(M, n##4) TEN(M, n##5) TEN(M, n##6) \
  TEN(M, n##7) TEN(M, n##8) TEN(M, n##9)
#define THOUSAND(M, n)                                                                    \
  HUNDRED(M, n##0) HUNDRED(M, n##1) HUNDRED(M, n##2) HUNDRED(M, n##3) HUNDRED(M, n##4)    \
  HUNDRED(M, n##5) HUNDRED(M, n##6) HUNDRED(M, n##7) HUNDRED(M, n##8) HUNDRED(M, n##9)
#define ALL(M) THOUSAND(M, 1) THOUSAND(M, 2) THOUSAND(M, 3) THOUSAND(M, 4) THOUSAND(M, 5) THOUSAND(M, 6)

ALL(F)

int main(void) {
  for (int i = 0; i < REPEATS; i++) {
    ALL(C)
  }
  printf("%08x\n", state);
  return 0;
}
