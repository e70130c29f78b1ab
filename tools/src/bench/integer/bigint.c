/* Long arithmetic: factorials and digits by 64-bit products, carries and divisions. */
#include "../rounds.h"

#define LIMBS 4000

static uint64_t n[LIMBS];

static int multiply(uint64_t *a, int used, uint64_t factor) {
  uint64_t carry = 0;
  for (int i = 0; i < used; i++) {
    unsigned __int128 p = (unsigned __int128)a[i] * factor + carry;
    a[i] = (uint64_t)p;
    carry = p >> 64;
  }
  if (carry) a[used++] = carry;
  return used;
}

/* Divides 32 bits at a time, so that both machines use their plain division. */
static uint32_t divide(uint64_t *a, int used, uint32_t by) {
  uint64_t rest = 0;
  for (int i = used - 1; i >= 0; i--) {
    uint64_t high = rest << 32 | a[i] >> 32;
    uint64_t q = high / by;
    rest = high % by;
    uint64_t low = rest << 32 | (uint32_t)a[i];
    a[i] = q << 32 | low / by;
    rest = low % by;
  }
  return rest;
}

static void prepare(void) {}

static uint64_t work(long round) {
  uint64_t sum = 0;
  unsigned top = 3000 + round % 8 * 100;
  int used = 1;
  n[0] = 1;
  for (unsigned i = 2; i <= top; i++) used = multiply(n, used, i);
  while (used) {
    sum = sum * 1000003 + divide(n, used, 1000000000);
    while (used && !n[used - 1]) used--;
  }
  return sum;
}
