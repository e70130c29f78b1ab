// Work of a process, its child and, given an argument, the program run again by the child.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int compare(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}

static unsigned work(unsigned seed) {
  int values[500];
  char text[40];
  unsigned sum = 0;
  for (int i = 0; i < 500; i++) {
    seed = seed * 1103515245 + 12345;
    values[i] = (int)(seed >> 8);
  }
  qsort(values, 500, sizeof values[0], compare);
  for (int i = 0; i < 500; i += 50) {
    snprintf(text, sizeof text, "%d %.3f", values[i], values[i] / 7.0);
    for (char *c = text; *c; c++) {
      sum = sum * 31 + (unsigned char)*c;
    }
  }
  return sum;
}

int main(int argc, char **argv) {
  printf("%u\n", work((unsigned)argc));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    printf("child %u\n", work(99));
    fflush(stdout);
    if (argc > 1) {
      execl(argv[0], argv[0], (char *)0);
    }
    _exit(3);
  }
  int status;
  waitpid(child, &status, 0);
  printf("status %d\n", WEXITSTATUS(status));
  return 5;
}
