/* The atomic builtins on 1, 2, 4 and 8 bytes, with all orderings, seen from one thread. */
#include "support.h"

#include <stdatomic.h>
#include <stdbool.h>

#define EXERCISE(T, name)                                                                         \
  NOINLINE static uint64_t exercise_##name(volatile T* p, T v, T w) {                             \
    uint64_t sum = FOLD_START;                                                                    \
    sum = fold(sum, (uint64_t)__atomic_fetch_add(p, v, __ATOMIC_SEQ_CST));                        \
    sum = fold(sum, (uint64_t)__atomic_fetch_sub(p, w, __ATOMIC_RELAXED));                        \
    sum = fold(sum, (uint64_t)__atomic_fetch_and(p, (T)(v | 0x0f), __ATOMIC_ACQUIRE));            \
    sum = fold(sum, (uint64_t)__atomic_fetch_or(p, w, __ATOMIC_RELEASE));                         \
    sum = fold(sum, (uint64_t)__atomic_fetch_xor(p, (T)(v ^ w), __ATOMIC_ACQ_REL));               \
    sum = fold(sum, (uint64_t)__atomic_fetch_nand(p, (T)(w + 3), __ATOMIC_SEQ_CST));              \
    sum = fold(sum, (uint64_t)__atomic_add_fetch(p, (T)5, __ATOMIC_SEQ_CST));                     \
    sum = fold(sum, (uint64_t)__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST));                       \
    T expected = w;                                                                               \
    bool swapped = __atomic_compare_exchange_n(p, &expected, (T)(v + w), false, __ATOMIC_SEQ_CST, \
                                               __ATOMIC_RELAXED);                                 \
    sum = fold(sum, (uint64_t)swapped << 1 | (expected == v));                                    \
    swapped = __atomic_compare_exchange_n(p, &expected, (T)(v - w), false, __ATOMIC_ACQ_REL,      \
                                          __ATOMIC_ACQUIRE);                                      \
    sum = fold(sum, swapped);                                                                     \
    while (!__atomic_compare_exchange_n(p, &expected, (T)(expected * 3 + 1), true,                \
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {                    \
    }                                                                                             \
    sum = fold(sum, (uint64_t)__atomic_load_n(p, __ATOMIC_SEQ_CST));                              \
    __atomic_store_n(p, (T)(expected ^ 0x33), __ATOMIC_SEQ_CST);                                  \
    sum = fold(sum, (uint64_t)__sync_val_compare_and_swap(p, (T)(expected ^ 0x33), w));           \
    sum = fold(sum, (uint64_t)*p);                                                                \
    return sum;                                                                                   \
  }

EXERCISE(int8_t, s8)
EXERCISE(uint8_t, u8)
EXERCISE(int16_t, s16)
EXERCISE(uint16_t, u16)
EXERCISE(int32_t, s32)
EXERCISE(uint32_t, u32)
EXERCISE(int64_t, s64)
EXERCISE(uint64_t, u64)

/* What lies beside the small ones must stay as it is. */
#define RUN(T, name)                                                               \
  {                                                                                \
    T cells[5] = {(T)0x5a, (T)0xa5, (T)0x3c, (T)0xc3, (T)0x99};                    \
    uint64_t sum = FOLD_START;                                                     \
    for (int i = 0; i < 4; i++) {                                                  \
      sum = fold(sum, exercise_##name(&cells[i], (T)values[i], (T)values[3 - i])); \
    }                                                                              \
    for (int i = 0; i < 5; i++) {                                                  \
      sum = fold(sum, (uint64_t)cells[i]);                                         \
    }                                                                              \
    printf(#name " %016" PRIx64 "\n", sum);                                        \
  }

static atomic_flag flag = ATOMIC_FLAG_INIT;
static _Atomic(struct node*) head;
struct node {
  struct node* next;
  int value;
};

NOINLINE static void push(struct node* n) {
  struct node* old = atomic_load(&head);
  do {
    n->next = old;
  } while (!atomic_compare_exchange_weak(&head, &old, n));
}
NOINLINE static struct node* pop(void) {
  struct node* old = atomic_load_explicit(&head, memory_order_acquire);
  while (old && !atomic_compare_exchange_weak(&head, &old, old->next)) {
  }
  return old;
}

#ifdef __riscv
NOINLINE static long minimum(long* p, long v) {
  long old;
  __asm__ volatile("amomin.d.aqrl %0, %2, %1" : "=r"(old), "+A"(*p) : "r"(v) : "memory");
  return old;
}
NOINLINE static unsigned long unsigned_maximum_word(unsigned* p, unsigned v) {
  unsigned long old;
  __asm__ volatile("amomaxu.w %0, %2, %1" : "=r"(old), "+A"(*p) : "r"(v) : "memory");
  return old;
}
/* Store-conditional without, with, and after a spent reservation. */
NOINLINE static int reservations(long* p) {
  int without, with, spent;
  long value;
  __asm__ volatile("sc.d %0, %2, %1" : "=&r"(spent), "+A"(*p) : "r"(1L) : "memory");
  __asm__ volatile("lr.d %0, %3\n\tsc.d %1, %0, %3\n\tsc.d %2, zero, %3"
                   : "=&r"(value), "=&r"(with), "=&r"(without), "+A"(*p)
                   :
                   : "memory");
  return (without != 0) * 4 + (with != 0) * 2 + (spent != 0);
}
#else
static long minimum(long* p, long v) {
  long old = *p;
  *p = v < old ? v : old;
  return old;
}
static unsigned long unsigned_maximum_word(unsigned* p, unsigned v) {
  unsigned old = *p;
  *p = v > old ? v : old;
  return (unsigned long)(long)(int)old;
}
static int reservations(long* p) { return *p == 77 ? 5 : 0; }
#endif

int main(void) {
  static const uint64_t values[] = {1, 0x8081828384858687, 0x7fffffffffffffff, 0xfffffffffffffff0};
  RUN(int8_t, s8)
  RUN(uint8_t, u8)
  RUN(int16_t, s16)
  RUN(uint16_t, u16)
  RUN(int32_t, s32)
  RUN(uint32_t, u32)
  RUN(int64_t, s64)
  RUN(uint64_t, u64)

  printf("flag %d", atomic_flag_test_and_set(&flag));
  printf(" %d", atomic_flag_test_and_set_explicit(&flag, memory_order_acquire));
  atomic_flag_clear(&flag);
  printf(" %d\n", atomic_flag_test_and_set(&flag));

  struct node nodes[10];
  for (int i = 0; i < 10; i++) {
    nodes[i].value = i * i;
    push(&nodes[i]);
  }
  printf("stack");
  for (struct node* n; (n = pop());) {
    printf(" %d", n->value);
  }
  printf("\n");

  atomic_llong counter = 0;
  for (int i = 0; i < 1000; i++) {
    atomic_fetch_add_explicit(&counter, i, memory_order_relaxed);
    atomic_thread_fence(i % 2 ? memory_order_seq_cst : memory_order_acq_rel);
  }
  printf("counter %lld\n", (long long)counter);
  long cell = OPAQUE(-5L);
  unsigned word = OPAQUE(0x80000000u);
  printf("minimum %ld", minimum(&cell, -4));
  printf(" %ld", minimum(&cell, -9));
  printf(" %ld maximum %lx", cell, unsigned_maximum_word(&word, 5));
  printf(" %lx", unsigned_maximum_word(&word, 0xf0000000));
  printf(" %x\n", word);
  cell = 77;
  printf("reservations %d %ld\n", reservations(&cell), cell);
  return 0;
}
