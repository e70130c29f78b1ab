/* A bytecode interpreter with a switch: indirect jumps that are hard to predict. */
#include "../rounds.h"

enum op { PUSH, LOAD, STORE, ADD, SUB, MUL, XOR, SHR, LESS, JUMP_IF, JUMP, DUP, HALT };

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
  int64_t stack[32], var[8] = {0, 0, limit};
  int sp = 0;
  for (const int32_t *pc = code;;) {
    switch ((enum op)*pc++) {
      case PUSH: stack[sp++] = *pc++; break;
      case LOAD: stack[sp++] = var[*pc++]; break;
      case STORE: var[*pc++] = stack[--sp]; break;
      case ADD: sp--; stack[sp - 1] += stack[sp]; break;
      case SUB: sp--; stack[sp - 1] -= stack[sp]; break;
      case MUL: sp--; stack[sp - 1] = (uint64_t)stack[sp - 1] * stack[sp]; break;
      case XOR: sp--; stack[sp - 1] ^= stack[sp]; break;
      case SHR: sp--; stack[sp - 1] = (uint64_t)stack[sp - 1] >> stack[sp]; break;
      case LESS: sp--; stack[sp - 1] = stack[sp - 1] < stack[sp]; break;
      case JUMP_IF: if (stack[--sp]) pc = code + *pc; else pc++; break;
      case JUMP: pc = code + *pc; break;
      case DUP: stack[sp] = stack[sp - 1]; sp++; break;
      case HALT: return var[1];
    }
  }
}

static void prepare(void) {}

static uint64_t work(long round) { return run(program, 20000 + round % 16); }
