/* Calls about memory, good and bad; prints what each answers. Addresses are printed by their offset
 * in a page, so that the output is the same wherever it runs. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096L
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)
#define SHARED (MAP_SHARED | MAP_ANONYMOUS)

#define SAY(call)                                                          \
  do {                                                                     \
    errno = 0;                                                             \
    long answer = (long)(call);                                            \
    printf("%s = %ld, errno %d\n", #call, answer == -1 ? -1 : answer & 4095, errno); \
  } while (0)

static void mapping(char *area, int program, int file) {
  SAY(mmap(0, 0, 3, PRIVATE, -1, 0));
  SAY(mmap(0, PAGE, 3, PRIVATE, -1, 1));
  SAY(mmap(0, PAGE, 3, MAP_ANONYMOUS, -1, 0));
  SAY(mmap(0, PAGE, 3, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0));
  SAY(mmap(0, PAGE, 3, MAP_SHARED, program, 0));
  SAY(mmap(0, PAGE, 1, MAP_SHARED, program, 0));
  SAY(mmap(0, PAGE, 3, MAP_PRIVATE, 99, 0));
  SAY(mmap(0, -1, 3, PRIVATE, -1, 0));
  SAY(mmap(0, 1L << 62, 3, PRIVATE, -1, 0));
  SAY(mmap(area, PAGE, 3, PRIVATE | MAP_FIXED, -1, 0));
  SAY(mmap(area, PAGE, 3, PRIVATE | MAP_FIXED_NOREPLACE, -1, 0));
  SAY(mmap(area + 1, PAGE, 3, PRIVATE | MAP_FIXED, -1, 0));
  SAY(mmap(0, PAGE, 3, MAP_PRIVATE, file, 100 * PAGE));
  SAY(mmap(0, PAGE, 3, MAP_PRIVATE, file, -PAGE));
  SAY(mmap(0, PAGE, 2, PRIVATE, -1, 0));
  SAY(mmap(0, PAGE, 3, SHARED | MAP_GROWSDOWN, -1, 0));
}

static void protecting(char *area, int program) {
  SAY(mprotect(area, 2 * PAGE, 1));
  SAY(mprotect(area + 1, PAGE, 1));
  SAY(mprotect(area, PAGE, 0x40));
  SAY(mprotect(area, 0, 1));
  SAY(mprotect(area, PAGE, PROT_GROWSDOWN | 1));
  SAY(mprotect(mmap(0, PAGE, 1, MAP_SHARED, program, 0), PAGE, 3));
}

static void unmapping(char *area) {
  SAY(munmap(area, 0));
  SAY(munmap(area + 1, PAGE));
  SAY(munmap(area + 2 * PAGE, PAGE));
  SAY(munmap((void*)-PAGE, PAGE));
  SAY(munmap(area, -1));
}

static void advising(char *area) {
  unsigned char residency[64];
  SAY(madvise(area, PAGE, 99));
  SAY(madvise(area + 1, PAGE, 0));
  SAY(madvise(area, 4 * PAGE, 4));
  SAY(madvise(area, 0, 4));
  SAY(madvise(area, PAGE, MADV_POPULATE_WRITE));
  SAY(madvise(area, PAGE, MADV_WIPEONFORK));
  SAY(msync(area, PAGE, MS_SYNC | MS_ASYNC));
  SAY(msync(area, 4 * PAGE, MS_SYNC));
  SAY(msync(area + 1, PAGE, MS_SYNC));
  SAY(msync(area, PAGE, 77));
  SAY(mincore(area, 4 * PAGE, residency));
  SAY(mincore(area, PAGE, residency));
  SAY(mincore(area + 1, PAGE, residency));
  SAY(mincore(area, PAGE, (void*)8));
  SAY(mlock(area, 4 * PAGE));
  SAY(mlock(area, PAGE));
  SAY(mlock2(area, PAGE, 2));
  SAY(munlock(area, PAGE));
  SAY(mlockall(0));
  SAY(mlockall(8));
  SAY(munlockall());
}

static void moving(char *area) {
  SAY(mremap(area, PAGE, PAGE, 8));
  SAY(mremap(area, PAGE, PAGE, MREMAP_FIXED, area));
  SAY(mremap(area, PAGE, 0, 1));
  SAY(mremap(area, 0, PAGE, 1));
  SAY(mremap(area, PAGE, 2 * PAGE, 0));
  SAY(mremap(area, 3 * PAGE, 4 * PAGE, 1));
  SAY(mremap(area + 32 * PAGE, PAGE, 2 * PAGE, 1));
  SAY(mremap(area, PAGE, PAGE, 3, area));
  SAY(mremap(area, PAGE, PAGE, 3, area + 1));
  SAY(mremap(area, PAGE, PAGE, 7, area + 8 * PAGE));
  SAY(mremap(area, PAGE, 2 * PAGE, 7, area + 16 * PAGE));
}

/* What moves and grows keeps its content, and what is shared stays shared. */
static void contents(int file) {
  char *shared = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  shared[PAGE] = 5;
  shared = mremap(shared, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
  shared[3 * PAGE] = 7;
  char stored = 0;
  pread(file, &stored, 1, 3 * PAGE);
  printf("shared: %d %d\n", shared[PAGE], stored);
  char *again = mremap(shared, 0, 4 * PAGE, MREMAP_MAYMOVE);
  printf("again: %d %d\n", again != shared, again[3 * PAGE]);
  char *private = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  private[PAGE] = 9;
  private = mremap(private, 2 * PAGE, 5 * PAGE, MREMAP_MAYMOVE);
  printf("private: %d %d %d\n", private[PAGE], private[3 * PAGE], shared[PAGE]);
}

int main(void) {
  int program = open("/proc/self/exe", O_RDONLY);
  int file = memfd_create("file", 0);
  ftruncate(file, 8 * PAGE);
  /* One page with nothing around it. */
  char *area = mmap(0, 64 * PAGE, PROT_READ | PROT_WRITE, PRIVATE, -1, 0);
  munmap(area, 64 * PAGE);
  mapping(area, program, file);
  protecting(area, program);
  unmapping(area);
  advising(area);
  moving(area);
  contents(file);
  SAY(sbrk(1L << 40));
  return 0;
}
