/* The same kind of bytecode interpreter with threaded code: each operation jumps to the next one itself. */
#include "../rounds.h"

enum op { PUSH, LOAD, STORE, ADD, SUB, MUL, XOR, SHR, LESS, JUMP_IF, DUP, HALT };

/* i = 0; do { s = s * 31 ^ ((s >> 7) + i * i); if (s < 0) s = s - i; i++; } while (i < limit) */
static const int32_t program[] = {
    /*  0 */ PUSH, 0, STORE, 0,
    /*  4 */ LOAD, 1, PUSH, 31, MUL,
    /*  9 */ LOAD, 1, PUSH, 7, SHR, LOAD, 0, DUP, MUL, ADD, XOR, STORE, 1,
    /* 22 */ PUSH, 0, LOAD, 1, LESS, JUMP_IF, 36,
    /* 29 */ LOAD, 1, LOAD, 0, SUB, STORE, 1,
    /* 36 */ LOAD, 0, PUSH, 1, ADD, STORE, 0,
    /* 43 */ LOAD, 0, LOAD, 2, LESS, JUMP_IF, 4, HALT};

static int64_t run(const int32_t *code, int64_t limit) {
  static const void *const labels[] = {&&push, &&load, &&store, &&add,     &&sub, &&mul,
                                       &&xor_, &&shr,  &&less,  &&jump_if, &&dup, &&halt};
  uint64_t stack[32], var[8] = {0, 0, (uint64_t)limit};
  int sp = 0;
  const int32_t *pc = code;
#define NEXT goto *labels[*pc++]
  NEXT;
push: stack[sp++] = *pc++; NEXT;
load: stack[sp++] = var[*pc++]; NEXT;
store: var[*pc++] = stack[--sp]; NEXT;
add: sp--; stack[sp - 1] += stack[sp]; NEXT;
sub: sp--; stack[sp - 1] -= stack[sp]; NEXT;
mul: sp--; stack[sp - 1] *= stack[sp]; NEXT;
xor_: sp--; stack[sp - 1] ^= stack[sp]; NEXT;
shr: sp--; stack[sp - 1] >>= stack[sp]; NEXT;
less: sp--; stack[sp - 1] = (int64_t)stack[sp - 1] < (int64_t)stack[sp]; NEXT;
jump_if: pc = stack[--sp] ? code + *pc : pc + 1; NEXT;
dup: stack[sp] = stack[sp - 1]; sp++; NEXT;
halt: return var[1];
}

static void prepare(void) {}

static uint64_t work(long round) { return run(program, 20000 + round % 16); }
