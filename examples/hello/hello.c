/*
 * A guest program without a C library: greets, shows its arguments, adds, divides, and computes
 * with floats. Its binary lies beside it, so that it runs where no cross compiler is installed:
 *
 *   riscv64-linux-gnu-gcc -Os -static -nostdlib -ffreestanding -fno-stack-protector \
 *     -fno-asynchronous-unwind-tables -march=rv64gc -Wl,--build-id=none -s -o hello hello.c
 */

enum { SYS_WRITE = 64, SYS_EXIT = 93 };

static long syscall3(long number, long a, long b, long c) {
  register long a7 __asm__("a7") = number;
  register long a0 __asm__("a0") = a;
  register long a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
  return a0;
}

static char buffer[4096];
static unsigned used;

static void flush(void) {
  syscall3(SYS_WRITE, 1, (long)buffer, used);
  used = 0;
}

static void put(char c) {
  if (used == sizeof buffer) {
    flush();
  }
  buffer[used++] = c;
}

static void text(const char *s) {
  while (*s) {
    put(*s++);
  }
}

static void number(unsigned long value) {
  char digits[20];
  int n = 0;
  do {
    digits[n++] = '0' + value % 10;
    value /= 10;
  } while (value);
  while (n) {
    put(digits[--n]);
  }
}

static void decimal(double value, int places) {
  if (value < 0) {
    put('-');
    value = -value;
  }
  unsigned long scale = 1;
  for (int i = 0; i < places; i++) {
    scale *= 10;
  }
  unsigned long scaled = (unsigned long)(value * scale + 0.5);
  number(scaled / scale);
  put('.');
  unsigned long rest = scaled % scale;
  for (scale /= 10; scale; scale /= 10) {
    put('0' + rest / scale % 10);
  }
}

static unsigned primes_below(unsigned limit) {
  static unsigned char composite[10000];
  unsigned count = 0;
  for (unsigned i = 2; i < limit; i++) {
    if (!composite[i]) {
      count++;
      for (unsigned j = i * i; j < limit; j += i) {
        composite[j] = 1;
      }
    }
  }
  return count;
}

/* Machin: pi/4 = 4 atan(1/5) - atan(1/239) */
static double arctan_inverse(double n) {
  double power = 1 / n;
  double sum = power;
  for (int i = 3; i < 40; i += 2) {
    power /= -n * n;
    sum += power / i;
  }
  return sum;
}

__attribute__((used)) static long run(long *stack) {
  long argc = stack[0];
  char **argv = (char **)(stack + 1);
  text("Hello from RISC-V!\n");
  for (long i = 0; i < argc; i++) {
    text("argument ");
    number(i);
    text(": ");
    text(argv[i]);
    put('\n');
  }
  unsigned long sum = 0;
  for (unsigned long i = 1; i <= 1000; i++) {
    sum += i * i;
  }
  text("sum of the first 1000 squares: ");
  number(sum);
  text("\nprimes below 10000: ");
  number(primes_below(10000));
  text("\npi: ");
  decimal(4 * (4 * arctan_inverse(5) - arctan_inverse(239)), 12);
  text("\nsquare root of 2: ");
  decimal(__builtin_sqrt(2.0), 12);
  put('\n');
  flush();
  return syscall3(SYS_EXIT, 0, 0, 0);
}

/* The kernel starts a program with argc, argv and the environment at sp. */
__asm__(
    ".globl _start\n"
    "_start:\n"
    ".option push\n"
    ".option norelax\n"
    "  la gp, __global_pointer$\n"
    ".option pop\n"
    "  mv a0, sp\n"
    "  andi sp, sp, -16\n"
    "  call run\n");
