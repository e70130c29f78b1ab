/* Files and pipes: open, stat, read in small pieces, rename, a pipe to and fro. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../rounds.h"

static char first[64], second[64];
static int ends[2];

static void clear(void) {
  unlink(first);
  unlink(second);
}

static void prepare(void) {
  snprintf(first, sizeof first, "/tmp/bench-%ld-a", (long)getpid());
  snprintf(second, sizeof second, "/tmp/bench-%ld-b", (long)getpid());
  atexit(clear);
  if (pipe(ends)) abort();
}

static uint64_t work(long round) {
  unsigned char buffer[512];
  uint64_t sum = 0;
  struct stat status;
  int file = open(first, O_RDWR | O_CREAT | O_TRUNC, 0600);
  memset(buffer, (int)round, sizeof buffer);
  for (int i = 0; i < 64; i++) sum += write(file, buffer, sizeof buffer);
  lseek(file, 0, SEEK_SET);
  for (ssize_t got; (got = read(file, buffer, 100)) > 0;) sum = sum * 31 + got + buffer[0];
  close(file);
  for (int i = 0; i < 20; i++) {
    sum += stat(first, &status) == 0 ? status.st_size : 0;
    sum += rename(i & 1 ? second : first, i & 1 ? first : second) == 0;
    sum += access("/no/such/file", R_OK) == 0;
  }
  for (int i = 0; i < 200; i++) {
    if (write(ends[1], buffer, 200) == 200) sum += read(ends[0], buffer, 200);
  }
  return sum;
}
