/* The Mandelbrot set: double multiplications, additions and a comparison per round. */
#include <stdint.h>
#include <stdio.h>

#define SIZE 600
#define ROUNDS 200

int main(void) {
  uint32_t sum = 0;
  for (int py = 0; py < SIZE; py++) {
    for (int px = 0; px < SIZE; px++) {
      double cx = 3.0 * px / SIZE - 2.25, cy = 3.0 * py / SIZE - 1.5;
      double x = 0, y = 0, xx = 0, yy = 0;
      int round = 0;
      while (round < ROUNDS && xx + yy < 4.0) {
        y = 2 * x * y + cy;
        x = xx - yy + cx;
        xx = x * x;
        yy = y * y;
        round++;
      }
      sum = sum * 31 + round;
    }
  }
  printf("%08x\n", sum);
  return 0;
}
