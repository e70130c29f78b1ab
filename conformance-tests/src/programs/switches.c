/* Jump tables, sparse switches, computed goto, function pointers, loops entered in the middle. */
#include "support.h"

NOINLINE static int dense(int x) {
  switch (x) {
    case -3:
      return 11;
    case -2:
      return 7;
    case -1:
      return 23;
    case 0:
      return 5;
    case 1:
      return 3;
    case 2:
      return 19;
    case 3:
      return 2;
    case 4:
      return 31;
    case 5:
      return 13;
    case 6:
      x *= 2; /* fallthrough */
    case 7:
      x += 100; /* fallthrough */
    case 8:
      return x * 3;
    case 12:
      return 43;
    default:
      return -x;
  }
}

NOINLINE static long sparse(long x) {
  switch (x) {
    case 1:
      return 1;
    case 100:
      return 2;
    case 10000:
      return 3;
    case 1000000:
      return 4;
    case 0x7fffffff:
      return 5;
    case -0x80000000L:
      return 6;
    case 0x100000000:
      return 7;
    case 0x7fffffffffffffff:
      return 8;
    case -0x7fffffffffffffff - 1:
      return 9;
    default:
      return 0;
  }
}

NOINLINE static unsigned char range(unsigned char c) {
  switch (c) {
    case '0' ... '9':
      return c - '0';
    case 'a' ... 'z':
      return c - 'a' + 10;
    case 'A' ... 'Z':
      return c - 'A' + 10;
    case 0x80 ... 0xff:
      return 200;
    default:
      return 255;
  }
}

/* Copies n bytes, entering an unrolled loop where the remainder says. */
NOINLINE static void unrolled(char* to, const char* from, int n) {
  int rounds = (n + 7) / 8;
  switch (n % 8) {
    case 0:
      do {
        *to++ = *from++; /* fallthrough */
        case 7:
          *to++ = *from++; /* fallthrough */
        case 6:
          *to++ = *from++; /* fallthrough */
        case 5:
          *to++ = *from++; /* fallthrough */
        case 4:
          *to++ = *from++; /* fallthrough */
        case 3:
          *to++ = *from++; /* fallthrough */
        case 2:
          *to++ = *from++; /* fallthrough */
        case 1:
          *to++ = *from++;
      } while (--rounds > 0);
  }
}

enum { PUSH, ADD, SUB, MUL, DUP, SWAP, OVER, DROP, JUMP_IF, DECREMENT, HALT };

/* Computes 20! in a loop, then x + x - 3x of it. */
static const int program[] = {PUSH, 20,   PUSH,    1, OVER, MUL,  SWAP, DECREMENT,
                              SWAP, OVER, JUMP_IF, 4, SWAP, DROP, DUP,  DUP,
                              ADD,  SWAP, PUSH,    3, MUL,  SUB,  HALT};

NOINLINE static long interpret_goto(const int* code, int* steps) {
  static const void* const labels[] = {&&push, &&add,  &&sub,     &&mul,       &&dup, &&swap,
                                       &&over, &&drop, &&jump_if, &&decrement, &&halt};
  long stack[32];
  int sp = 0, pc = 0;
  long t;
#define NEXT \
  ++*steps;  \
  goto* labels[code[pc++]]
  NEXT;
push:
  stack[sp++] = code[pc++];
  NEXT;
add:
  sp--;
  stack[sp - 1] += stack[sp];
  NEXT;
sub:
  sp--;
  stack[sp - 1] -= stack[sp];
  NEXT;
mul:
  sp--;
  stack[sp - 1] *= stack[sp];
  NEXT;
dup:
  stack[sp] = stack[sp - 1];
  sp++;
  NEXT;
swap:
  t = stack[sp - 1];
  stack[sp - 1] = stack[sp - 2];
  stack[sp - 2] = t;
  NEXT;
over:
  stack[sp] = stack[sp - 2];
  sp++;
  NEXT;
drop:
  sp--;
  NEXT;
jump_if:
  t = stack[--sp];
  pc = t ? code[pc] : pc + 1;
  NEXT;
decrement:
  stack[sp - 1]--;
  NEXT;
halt:
  return stack[sp - 1];
}

NOINLINE static long interpret_switch(const int* code, int* steps) {
  long stack[32], t;
  int sp = 0, pc = 0;
  for (;;) {
    ++*steps;
    switch (code[pc++]) {
      case PUSH:
        stack[sp++] = code[pc++];
        break;
      case ADD:
        sp--;
        stack[sp - 1] += stack[sp];
        break;
      case SUB:
        sp--;
        stack[sp - 1] -= stack[sp];
        break;
      case MUL:
        sp--;
        stack[sp - 1] *= stack[sp];
        break;
      case DUP:
        stack[sp] = stack[sp - 1];
        sp++;
        break;
      case SWAP:
        t = stack[sp - 1];
        stack[sp - 1] = stack[sp - 2];
        stack[sp - 2] = t;
        break;
      case OVER:
        stack[sp] = stack[sp - 2];
        sp++;
        break;
      case DROP:
        sp--;
        break;
      case JUMP_IF:
        t = stack[--sp];
        pc = t ? code[pc] : pc + 1;
        break;
      case DECREMENT:
        stack[sp - 1]--;
        break;
      case HALT:
        return stack[sp - 1];
    }
  }
}

typedef uint64_t (*step)(uint64_t);
NOINLINE static uint64_t collatz_even(uint64_t x) { return x / 2; }
NOINLINE static uint64_t collatz_odd(uint64_t x) { return 3 * x + 1; }

/* A state machine whose states are functions that return the next. */
struct machine;
typedef struct state {
  struct state (*run)(struct machine*);
} state;
struct machine {
  const char* in;
  int words, digits, other;
};
static state in_space(struct machine*), in_word(struct machine*), in_number(struct machine*);
static state pick(struct machine* m) {
  unsigned char c = (unsigned char)*m->in;
  if (c == 0) return (state){NULL};
  if (c == ' ') return (state){in_space};
  return range(c) < 10 ? (state){in_number} : (state){in_word};
}
NOINLINE static state in_space(struct machine* m) {
  m->other++;
  m->in++;
  return pick(m);
}
NOINLINE static state in_word(struct machine* m) {
  m->words++;
  while (*m->in && *m->in != ' ') m->in++;
  return pick(m);
}
NOINLINE static state in_number(struct machine* m) {
  m->digits += *m->in++ - '0';
  return pick(m);
}

int main(void) {
  printf("dense");
  for (int i = -6; i < 16; i++) {
    printf(" %d", dense(i));
  }
  printf(" %d %d\n", dense(OPAQUE(-0x7fffffff)), dense(OPAQUE(0x7fffffff)));
  static const long keys[] = {0,
                              1,
                              100,
                              10000,
                              1000000,
                              0x7fffffff,
                              -0x80000000L,
                              0x80000000L,
                              0x100000000,
                              0x7fffffffffffffff,
                              -0x7fffffffffffffff - 1,
                              -1};
  printf("sparse");
  for (size_t i = 0; i < LENGTH(keys); i++) {
    printf(" %ld", sparse(keys[i]));
  }
  uint64_t sum = FOLD_START;
  for (int c = 0; c < 256; c++) {
    sum = fold(sum, range((unsigned char)c));
  }
  printf("\nrange %016" PRIx64 "\n", sum);
  char text[48] = {0};
  for (int n = 1; n <= 40; n += 13) {
    unrolled(text, "the quick brown fox jumps over the lazy dog", n);
    printf("unrolled %s\n", text);
  }
  int steps[2] = {0, 0};
  long a = interpret_goto(program, steps), b = interpret_switch(program, steps + 1);
  printf("interpreted %ld %d %ld %d\n", a, steps[0], b, steps[1]);

  step steps_by_parity[] = {collatz_even, collatz_odd};
  int longest = 0;
  uint64_t at = 0;
  for (uint64_t start = 1; start < 3000; start++) {
    int length = 0;
    for (uint64_t x = start; x != 1; x = steps_by_parity[x & 1](x)) {
      length++;
    }
    if (length > longest) {
      longest = length;
      at = start;
    }
  }
  printf("collatz %" PRIu64 " %d\n", at, longest);
  struct machine m = {"call 911 or 112 now  please 7", 0, 0, 0};
  for (state s = pick(&m); s.run; s = s.run(&m)) {
  }
  printf("machine %d %d %d\n", m.words, m.digits, m.other);
  return 0;
}
