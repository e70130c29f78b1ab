/* An emulator of an 8-bit processor that runs random code: each instruction jumps elsewhere. */
#include "../rounds.h"

/* An accumulator machine: an opcode in the upper half of a byte, an operand in the lower. */
static uint8_t memory[256];

static uint32_t emulate(uint8_t pc, int steps) {
  uint8_t accumulator = pc, carry = 0, index = 0;
  uint32_t sum = 0;
  while (steps--) {
    uint8_t code = memory[pc++], n = code & 15;
    switch (code >> 4) {
      case 0: accumulator = n; break;
      case 1: accumulator = memory[(uint8_t)(index + n)]; break;
      case 2: memory[128 | (uint8_t)(index + n)] = accumulator; break;
      case 3: carry = accumulator + n > 255; accumulator += n; break;
      case 4: accumulator += memory[128 | n] + carry; break;
      case 5: accumulator ^= memory[128 | n]; break;
      case 6: accumulator = accumulator << 1 | accumulator >> 7; break;
      case 7: accumulator >>= n & 3; break;
      case 8: index += n; break;
      case 9: index = accumulator; break;
      case 10: if (carry) pc += n; break;
      case 11: if (accumulator & 1) pc += n; break;
      case 12: if (!accumulator) pc = index; break;
      case 13: carry ^= 1; break;
      case 14: accumulator = ~accumulator; break;
      default: pc = (uint8_t)(pc + (int8_t)(n << 4)); break;
    }
    sum = sum * 5 + accumulator;
  }
  return sum;
}

static void prepare(void) {
  for (int i = 0; i < 256; i++) memory[i] = next_random() >> 8;
}

static uint64_t work(long round) {
  uint64_t sum = round;
  for (int i = 0; i < 500; i++) sum = sum * 31 + emulate(next_random() >> 8, 200);
  return sum;
}
