/* The Mandelbrot set: double multiplications, additions and a comparison per step. */
#include "../rounds.h"

#define SIZE 150
#define STEPS 200

static void prepare(void) {}

static uint64_t work(long round) {
  uint64_t sum = 0;
  for (int py = 0; py < SIZE; py++) {
    for (int px = 0; px < SIZE; px++) {
      double cx = 3.0 * px / SIZE - 2.25, cy = 3.0 * py / SIZE - 1.5 + round / 4096.0;
      double x = 0, y = 0, xx = 0, yy = 0;
      int steps = 0;
      while (steps < STEPS && xx + yy < 4.0) {
        y = 2 * x * y + cy;
        x = xx - yy + cx;
        xx = x * x;
        yy = y * y;
        steps++;
      }
      sum = sum * 31 + steps;
    }
  }
  return sum;
}
