/* Greets and ends: start-up and nothing else. */
#include <stdio.h>

int main(void) {
  puts("Hello, world");
  return 0;
}
