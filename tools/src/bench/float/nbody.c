/* Bodies under gravity: double arithmetic with square roots and divisions. */
#include <math.h>

#include "../rounds.h"

#define BODIES 5

struct body {
  double x, y, z, vx, vy, vz, mass;
};

static struct body body[BODIES] = {
    {0, 0, 0, 0, 0, 0, 39.478},
    {4.84, -1.16, -0.10, 0.606, 2.81, -0.02, 0.0377},
    {8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.0113},
    {12.89, -15.11, -0.22, 1.08, 0.868, -0.01, 0.0017},
    {15.37, -25.9, 0.179, 0.979, 0.594, -0.034, 0.002}};

static void advance(double dt) {
  for (int i = 0; i < BODIES; i++) {
    for (int j = i + 1; j < BODIES; j++) {
      double dx = body[i].x - body[j].x;
      double dy = body[i].y - body[j].y;
      double dz = body[i].z - body[j].z;
      double square = dx * dx + dy * dy + dz * dz;
      double force = dt / (square * sqrt(square));
      body[i].vx -= dx * body[j].mass * force;
      body[i].vy -= dy * body[j].mass * force;
      body[i].vz -= dz * body[j].mass * force;
      body[j].vx += dx * body[i].mass * force;
      body[j].vy += dy * body[i].mass * force;
      body[j].vz += dz * body[i].mass * force;
    }
  }
  for (int i = 0; i < BODIES; i++) {
    body[i].x += dt * body[i].vx;
    body[i].y += dt * body[i].vy;
    body[i].z += dt * body[i].vz;
  }
}

static void prepare(void) {}

static uint64_t work(long round) {
  uint64_t sum = round;
  for (int step = 0; step < 10000; step++) advance(0.01);
  for (int i = 0; i < BODIES; i++) sum = sum * 31 + bits_of(body[i].x + body[i].vy);
  return sum;
}
