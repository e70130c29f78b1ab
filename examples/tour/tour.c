/*
 * A tour of what guest programs do: integer, bit and floating-point arithmetic, atomics, control
 * flow, memory and system calls, without a C library. Each stop prints a checksum that is the same
 * on every machine. Isomorph also runs it once after a build, to see which of its own classes a
 * guest needs. The binary beside it is made by:
 *
 *   riscv64-linux-gnu-gcc -O2 -static -nostdlib -ffreestanding -fno-stack-protector \
 *     -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -ffp-contract=on \
 *     -march=rv64gc_zba_zbb_zbc_zbs -Wl,--build-id=none -s -o tour tour.c
 */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

/* System call numbers of the generic Linux table. */
enum {
  SYS_GETCWD = 17,
  SYS_DUP = 23,
  SYS_FCNTL = 25,
  SYS_IOCTL = 29,
  SYS_FACCESSAT = 48,
  SYS_OPENAT = 56,
  SYS_CLOSE = 57,
  SYS_DUP3 = 24,
  SYS_PIPE2 = 59,
  SYS_GETDENTS64 = 61,
  SYS_LSEEK = 62,
  SYS_READ = 63,
  SYS_WRITE = 64,
  SYS_WRITEV = 66,
  SYS_PPOLL = 73,
  SYS_READLINKAT = 78,
  SYS_NEWFSTATAT = 79,
  SYS_FSTAT = 80,
  SYS_EXIT = 93,
  SYS_EXIT_GROUP = 94,
  SYS_SET_TID_ADDRESS = 96,
  SYS_FUTEX = 98,
  SYS_SET_ROBUST_LIST = 99,
  SYS_NANOSLEEP = 101,
  SYS_CLOCK_GETTIME = 113,
  SYS_SIGALTSTACK = 132,
  SYS_RT_SIGACTION = 134,
  SYS_RT_SIGPROCMASK = 135,
  SYS_UNAME = 160,
  SYS_GETPID = 172,
  SYS_GETUID = 174,
  SYS_GETTID = 178,
  SYS_SYSINFO = 179,
  SYS_CLONE = 220,
  SYS_EXECVE = 221,
  SYS_WAIT4 = 260,
  SYS_BRK = 214,
  SYS_MUNMAP = 215,
  SYS_MREMAP = 216,
  SYS_MMAP = 222,
  SYS_MPROTECT = 226,
  SYS_MADVISE = 233,
  SYS_RISCV_FLUSH_ICACHE = 259,
  SYS_PRLIMIT64 = 261,
  SYS_GETRANDOM = 278,
  SYS_TGKILL = 131
};

static long call(long number, long a, long b, long c, long d, long e, long f) {
  register long a7 __asm__("a7") = number;
  register long a0 __asm__("a0") = a;
  register long a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  register long a3 __asm__("a3") = d;
  register long a4 __asm__("a4") = e;
  register long a5 __asm__("a5") = f;
  __asm__ volatile("ecall"
                   : "+r"(a0)
                   : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                   : "memory");
  return a0;
}

static char line[64];

static void show(const char *stop, u64 sum) {
  int n = 0;
  while (*stop) {
    line[n++] = *stop++;
  }
  while (n < 12) {
    line[n++] = ' ';
  }
  for (int shift = 60; shift >= 0; shift -= 4) {
    line[n++] = "0123456789abcdef"[sum >> shift & 15];
  }
  line[n++] = '\n';
  call(SYS_WRITE, 1, (long)line, n, 0, 0, 0);
}

static u64 seed = 0x9e3779b97f4a7c15;

static u64 next(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static u64 integers(void) {
  u64 sum = 0;
  for (int i = 0; i < 2000; i++) {
    u64 a = next(), b = next() | 1;
    u32 c = a, d = b;
    sum += a + b - (a ^ b) + (a & ~b) + (a | b);
    sum ^= (a << (b & 63)) + ((long)a >> (b & 63)) + (a >> (b & 31));
    sum += (u64)(int)(c + d) + (u64)(int)(c - d) + (u64)(int)(c << (d & 31)) + ((int)c >> 3);
    sum += a < b ? 3 : 5;
    sum ^= (long)a < (long)b ? sum << 1 : sum >> 1;
    sum += a * b + (u64)((unsigned __int128)a * b >> 64) + (u64)((__int128)(long)a * (long)b >> 64);
    sum += a / b + a % b + (u64)((long)a / (long)(b >> 7 | 1)) + (u64)((long)a % (long)(b >> 9 | 1));
    sum += (u64)(c / d) + c % d + (u64)((int)c / (int)(d >> 5 | 1)) + (u64)((int)c % (int)(d >> 3 | 1));
    sum += (u64)(int)(c * d);
  }
  return sum;
}

static u64 bits(void) {
  u64 sum = 0;
  for (int i = 0; i < 500; i++) {
    u64 a = next(), b = next();
    u32 c = a;
    u64 r;
    sum += __builtin_clzl(a | 1) + __builtin_ctzl(a | 1L << 63) + __builtin_popcountl(a);
    sum += __builtin_clz(c | 1) + __builtin_ctz(c | 1u << 31) + __builtin_popcount(c);
    sum ^= a << (b & 63) | a >> (-b & 63);
    sum ^= __builtin_bswap64(b) + (a & ~b) + (a | ~b) + ~(a ^ b);
    sum += (signed char)a + (short)b + (u16)a;
    sum += (long)a > (long)b ? a : b;
    sum += a > b ? b : a;
    sum += (a << 1) + b + (a << 3) + ((u64)c << 2);
#define OP(name) __asm__(name " %0, %1, %2" : "=r"(r) : "r"(a), "r"(b)); sum = sum * 31 + r;
    OP("clmul") OP("clmulh") OP("clmulr") OP("bext") OP("bset") OP("bclr") OP("binv")
    OP("ror") OP("rol") OP("rorw") OP("rolw") OP("sh1add") OP("sh2add") OP("sh3add.uw")
    OP("add.uw") OP("min") OP("maxu") OP("andn") OP("orn") OP("xnor")
#undef OP
    __asm__("orc.b %0, %1" : "=r"(r) : "r"(a));
    sum += r;
    __asm__("slli.uw %0, %1, 7" : "=r"(r) : "r"(a));
    sum += r;
  }
  return sum;
}

static u64 raw(double x) {
  union {
    double d;
    u64 u;
  } both = {.d = x};
  return both.u;
}

static u32 raw32(float x) {
  union {
    float f;
    u32 u;
  } both = {.f = x};
  return both.u;
}

static u64 floats(void) {
  u64 sum = 0, flags, r;
  double total = 0;
  for (int i = 0; i < 1000; i++) {
    long n = next();
    double a = (double)n / 3, b = (double)(next() >> 40) + 0.25, c, m;
    float f = (float)(n >> 40), g = (float)b, h;
    c = a * b - a / b + b * b;
    __asm__("fsqrt.d %0, %1" : "=f"(m) : "f"(b));
    sum ^= raw(c) + raw(m);
    __asm__("fmadd.d %0, %1, %2, %3" : "=f"(c) : "f"(a), "f"(b), "f"(m));
    sum += raw(c);
    __asm__("fnmsub.d %0, %1, %2, %3" : "=f"(c) : "f"(a), "f"(b), "f"(m));
    sum += raw(c);
    __asm__("fmin.d %0, %1, %2" : "=f"(c) : "f"(a), "f"(b));
    sum += raw(c);
    __asm__("fsgnjx.d %0, %1, %2" : "=f"(c) : "f"(a), "f"(b));
    sum += raw(c);
    __asm__("fclass.d %0, %1" : "=r"(r) : "f"(a));
    sum += r + (a < b) + 2 * (a <= b) + 4 * (a == b);
    sum += (u64)(long)b + (u64)(int)(b / 1024) + (u64)(u32)(b / 2);
    h = f * g + f / (g + 1) - g;
    __asm__("fsqrt.s %0, %1" : "=f"(f) : "f"(g));
    __asm__("fmadd.s %0, %1, %2, %0" : "+f"(h) : "f"(f), "f"(g));
    __asm__("fmax.s %0, %0, %1" : "+f"(h) : "f"(g));
    __asm__("fclass.s %0, %1" : "=r"(r) : "f"(h));
    sum += raw32(h) + r + (f < g) + (f == g) + (u64)(int)f + (u64)(long)g;
    sum += raw((double)h) + raw32((float)c) + raw((double)(u64)n) + raw32((float)(u64)n);
    total += a;
  }
  for (int i = 0; i < 3; i++) {
    __asm__ volatile("fcvt.l.d %0, %1, rdn" : "=r"(r) : "f"(total));
    __asm__ volatile("frflags %0" : "=r"(flags));
    __asm__ volatile("fsflags %0" : : "r"(0));
    __asm__ volatile("fsrmi 1\n fdiv.d %0, %1, %2\n fsrmi 0"
                     : "=&f"(total)
                     : "f"(total), "f"(3.0));
    sum += r + flags + raw(total);
  }
  return sum;
}

static u64 atomics(void) {
  static u64 wide[2];
  static u32 narrow[2];
  u64 sum = 0;
  for (int i = 0; i < 300; i++) {
    u64 a = next(), old = 0, failed;
    u64 *w = &wide[i & 1];
    u32 *n = &narrow[i & 1];
    sum += __atomic_fetch_add(w, a, __ATOMIC_SEQ_CST) + __atomic_fetch_xor(w, a >> 3, 0);
    sum += __atomic_fetch_or(w, 1, __ATOMIC_ACQ_REL) + __atomic_fetch_and(w, a | 7, 0);
    sum += __atomic_exchange_n(w, a ^ sum, __ATOMIC_ACQUIRE);
    sum += (int)__atomic_fetch_add(n, (u32)a, 0) + (int)__atomic_exchange_n(n, (u32)sum, 0);
    __asm__ volatile("amomax.d %0, %1, (%2)" : "=r"(old) : "r"(a), "r"(w) : "memory");
    sum += old;
    __asm__ volatile("amominu.w %0, %1, (%2)" : "=r"(old) : "r"(a), "r"(n) : "memory");
    sum += old;
    __asm__ volatile("1: lr.d.aq %0, (%2)\n add %0, %0, %3\n sc.d.rl %1, %0, (%2)\n bnez %1, 1b"
                     : "=&r"(old), "=&r"(failed)
                     : "r"(w), "r"(a)
                     : "memory");
    sum += old;
    __asm__ volatile("1: lr.w %0, (%2)\n addi %0, %0, 1\n sc.w %1, %0, (%2)\n bnez %1, 1b"
                     : "=&r"(old), "=&r"(failed)
                     : "r"(n)
                     : "memory");
    sum += old;
    __asm__ volatile("fence rw, rw\n fence.tso" ::: "memory");
  }
  __asm__ volatile("fence.i" ::: "memory");
  return sum;
}

static int __attribute__((noinline)) one(int x) { return x * 3 + 1; }
static int __attribute__((noinline)) two(int x) { return x ^ 0x55; }
static int __attribute__((noinline)) deep(int x) { return x < 2 ? x : deep(x - 1) + deep(x - 2); }

static u64 control(void) {
  static int (*const table[])(int) = {one, two, deep};
  u64 sum = 0;
  for (int i = 0; i < 3000; i++) {
    sum = sum * 31 + table[i % 2](i);
    switch (next() % 9) {
      case 0: sum += 7; break;
      case 1: sum ^= i; break;
      case 2: sum -= 3; break;
      case 3: sum <<= 1; break;
      case 4: sum = ~sum; break;
      case 5: sum += sum >> 5; break;
      case 6: sum *= 5; break;
      default: sum += i & 1; break;
    }
  }
  return sum + table[2](15);
}

static u64 memory(void) {
  static u8 area[8192];
  u64 sum = 0;
  for (u32 i = 0; i < sizeof area; i++) {
    area[i] = next();
  }
  for (u32 i = 0; i + 16 < sizeof area; i += 5) {
    u8 *p = area + i;
    sum += p[0] + *(signed char *)(p + 1) + *(u16 *)(area + (i & ~1u));
    sum += *(short *)(area + (i & ~1u)) + *(u32 *)(area + (i & ~3u)) + *(int *)(area + (i & ~3u));
    sum ^= *(u64 *)(area + (i & ~7u));
    *(u64 *)(area + (i & ~7u)) = sum;
    *(u32 *)(area + (i & ~3u)) += 1;
    *(u16 *)(area + (i & ~1u)) ^= 3;
    __asm__ volatile("ld %0, 0(%1)" : "=r"(seed) : "r"(p) : "memory");
    sum += seed;
  }
  return sum;
}

static u64 systems(void) {
  static char text[4096];
  static u64 words[64];
  static int pair[2];
  u64 sum = 0;
  long stack[3] = {(long)words, 0, sizeof words};
  long pieces[4] = {(long)"a tour by ", 10, (long)"pieces\n", 7};
  call(SYS_WRITEV, 1, (long)pieces, 2, 0, 0, 0);
  call(SYS_SET_TID_ADDRESS, (long)words, 0, 0, 0, 0, 0);
  call(SYS_SET_ROBUST_LIST, (long)words, 24, 0, 0, 0, 0);
  sum += call(SYS_UNAME, (long)text, 0, 0, 0, 0, 0) == 0;
  sum += call(SYS_GETPID, 0, 0, 0, 0, 0, 0) == call(SYS_GETTID, 0, 0, 0, 0, 0, 0);
  sum += call(SYS_GETUID, 0, 0, 0, 0, 0, 0) >= 0;
  sum += call(SYS_GETCWD, (long)text, sizeof text, 0, 0, 0, 0) > 0;
  sum += call(SYS_CLOCK_GETTIME, 1, (long)words, 0, 0, 0, 0) == 0;
  sum += call(SYS_SYSINFO, (long)words, 0, 0, 0, 0, 0) == 0;
  sum += call(SYS_GETRANDOM, (long)words, 16, 0, 0, 0, 0) == 16;
  sum += call(SYS_PRLIMIT64, 0, 3, 0, (long)words, 0, 0) == 0;
  sum += call(SYS_SIGALTSTACK, 0, (long)stack, 0, 0, 0, 0) == 0;
  sum += call(SYS_RT_SIGACTION, 10, 0, (long)words, 8, 0, 0) == 0;
  sum += call(SYS_RT_SIGPROCMASK, 0, 0, (long)words, 8, 0, 0) == 0;
  call(SYS_IOCTL, 1, 0x5401, (long)words, 0, 0, 0);
  call(SYS_READLINKAT, -100, (long)"/proc/self/exe", (long)text, sizeof text, 0, 0);
  long fd = call(SYS_OPENAT, -100, (long)"/", 0x4000, 0, 0, 0);
  sum += fd >= 0;
  sum += call(SYS_GETDENTS64, fd, (long)text, sizeof text, 0, 0, 0) > 0;
  sum += call(SYS_FSTAT, fd, (long)words, 0, 0, 0, 0) == 0;
  sum += call(SYS_FCNTL, fd, 1, 0, 0, 0, 0) >= 0;
  sum += call(SYS_CLOSE, fd, 0, 0, 0, 0, 0) == 0;
  sum += call(SYS_NEWFSTATAT, -100, (long)"/", (long)words, 0, 0, 0) == 0;
  sum += call(SYS_FACCESSAT, -100, (long)"/none", 0, 0, 0, 0) == -2;
  fd = call(SYS_OPENAT, -100, (long)"/proc/self/maps", 0, 0, 0, 0);
  call(SYS_READ, fd, (long)text, sizeof text, 0, 0, 0);
  call(SYS_LSEEK, fd, 0, 0, 0, 0, 0);
  call(SYS_CLOSE, fd, 0, 0, 0, 0, 0);
  sum += call(SYS_PIPE2, (long)pair, 0, 0, 0, 0, 0) == 0;
  sum += call(SYS_WRITE, pair[1], (long)text, 8, 0, 0, 0) == 8;
  words[0] = (u32)pair[0] | 1l << 32;
  words[1] = words[2] = 0;
  sum += call(SYS_PPOLL, (long)words, 1, (long)(words + 1), 0, 8, 0) == 1;
  sum += call(SYS_READ, pair[0], (long)text, 8, 0, 0, 0) == 8;
  call(SYS_CLOSE, call(SYS_DUP, pair[0], 0, 0, 0, 0, 0), 0, 0, 0, 0, 0);
  call(SYS_CLOSE, pair[0], 0, 0, 0, 0, 0);
  call(SYS_CLOSE, pair[1], 0, 0, 0, 0, 0);
  sum += call(SYS_FUTEX, (long)words, 1, 1, 0, 0, 0) == 0;
  words[0] = words[1] = 0;
  sum += call(SYS_NANOSLEEP, (long)words, 0, 0, 0, 0, 0) == 0;
  long end = call(SYS_BRK, 0, 0, 0, 0, 0, 0);
  sum += call(SYS_BRK, end + 65536, 0, 0, 0, 0, 0) == end + 65536;
  *(volatile long *)end = 5;
  long map = call(SYS_MMAP, 0, 65536, 3, 0x22, -1, 0);
  *(volatile long *)(map + 4096) = 7;
  sum += call(SYS_MPROTECT, map, 4096, 1, 0, 0, 0) == 0;
  sum += call(SYS_MADVISE, map, 65536, 4, 0, 0, 0) == 0;
  map = call(SYS_MREMAP, map + 8192, 57344, 16384, 1, 0, 0);
  sum += call(SYS_MUNMAP, map, 16384, 0, 0, 0, 0) == 0;
  call(SYS_RISCV_FLUSH_ICACHE, 0, 0, 0, 0, 0, 0);
  return sum;
}

static volatile int caught;

static void on_signal(int number) { caught = number; }

/* A handler that runs and returns; the kernel's return trampoline comes with the vDSO. */
static u64 signals(void) {
  static u64 action[3];
  action[0] = 0; /* the default action, then our own */
  call(SYS_RT_SIGACTION, 13, (long)action, 0, 8, 0, 0);
  action[0] = (u64)on_signal;
  call(SYS_RT_SIGACTION, 10, (long)action, 0, 8, 0, 0);
  long pid = call(SYS_GETPID, 0, 0, 0, 0, 0, 0);
  call(SYS_TGKILL, pid, call(SYS_GETTID, 0, 0, 0, 0, 0, 0), 10, 0, 0, 0);
  return caught;
}

/* Makes a process or a thread; the thread lives on what it is called with. */
static long clone(long flags, long stack, int *cleared) {
  return call(SYS_CLONE, flags, stack, 0, 0, (long)cleared, 0);
}

/* A process that runs this program once more, with an argument by which it knows. */
static u64 processes(void) {
  static const char *const arguments[] = {"tour", "end", 0};
  static const char *const environment[] = {0};
  int pair[2], status = 0;
  call(SYS_PIPE2, (long)pair, 0, 0, 0, 0, 0);
  long child = clone(17, 0, 0);
  if (child == 0) {
    call(SYS_DUP3, pair[1], 1, 0, 0, 0, 0);
    call(SYS_EXECVE, (long)"/proc/self/exe", (long)arguments, (long)environment, 0, 0, 0);
    call(SYS_EXIT_GROUP, 5, 0, 0, 0, 0, 0);
  }
  call(SYS_CLOSE, pair[1], 0, 0, 0, 0, 0);
  while (call(SYS_READ, pair[0], (long)&status, 1, 0, 0, 0) == 1) {
  }
  return (call(SYS_WAIT4, child, (long)&status, 0, 0, 0, 0) == child) + status;
}

__attribute__((noinline)) static u64 oneWay(u64 sum) {
  return sum * 3 + 1;
}

static u64 otherWay(u64 sum) {
  return sum >> 1;
}

/* Loops in loops, calls of unknown functions, a switch and a recursion, each for tenths of a second: long enough to
 * be found hot. */
static u64 hot(void) {
  static u32 table[256];
  u64 sum = 0;
  for (u32 round = 0; round < 400000; round++) {
    for (u32 i = 0; i < 256; i++) {
      table[i] = table[i] * 5 + round;
      sum += table[i] ^ i;
    }
  }
  for (u32 i = 0; i < 30000000; i++) {
    switch ((table[i % 256] + i) % 9) {
      case 0: sum += 7; break;
      case 1: sum ^= i; break;
      case 2: sum -= 3; break;
      case 3: sum <<= 1; break;
      case 4: sum = ~sum; break;
      case 5: sum += sum >> 5; break;
      case 6: sum *= 5; break;
      default: sum += i & 1; break;
    }
  }
  u64 (*volatile ways[])(u64) = {oneWay, otherWay, oneWay};
  for (u32 i = 0; i < 20000000; i++) {
    sum = oneWay(ways[i % 3](sum));
  }
  return sum + deep(36);
}

/* A function of all that compilers often emit, whose code may be anywhere. */
__asm__(
    "sample:\n"
    "  addi sp, sp, -48\n"
    "  sd ra, 40(sp)\n"
    "  sd s0, 32(sp)\n"
    "  mv s0, a0\n"
    "  andi a2, a0, 0x255\n"
    "  lui a3, 0x12345\n"
    "  auipc a4, 0\n"
    "  sub a4, a4, a4\n"
    "  add a5, a2, a3\n"
    "  xor a6, a5, a2\n"
    "  sub a7, a3, a6\n"
    "  subw t0, a7, a0\n"
    "  slli t1, t0, 7\n"
    "  srai t2, t1, 3\n"
    "  mul t3, t2, a0\n"
    "  sltu t4, t3, t2\n"
    "  sw t3, 0(sp)\n"
    "  sb t4, 6(sp)\n"
    "  lw t5, 0(sp)\n"
    "  lbu t6, 6(sp)\n"
    "  beq t5, t6, 1f\n"
    "  addiw a0, t5, 0x77\n"
    "  bltz a0, 1f\n"
    "  xori a0, a0, 5\n"
    "1: jal ra, 3f\n"
    "  li a1, 3\n"
    "2: addi a1, a1, -1\n"
    "  add a0, a0, a1\n"
    "  bnez a1, 2b\n"
    "  j 4f\n"
    "3: add a0, a0, t3\n"
    "  mulw a0, a0, s0\n"
    "  ret\n"
    "4: add a0, a0, s0\n"
    "  ld s0, 32(sp)\n"
    "  ld ra, 40(sp)\n"
    "  addi sp, sp, 48\n"
    "  ret\n"
    "sample_end:\n");
extern const u8 sample[], sample_end[];

/* Much code that hardly runs: copies of a function, called a few times each. */
static u64 copies(void) {
  enum { COPIES = 1000, ROUNDS = 3 };
  u64 length = sample_end - sample, sum = 0;
  u8 *code = (u8 *)call(SYS_MMAP, 0, COPIES * length, 7, 0x22, -1, 0);
  for (u64 i = 0; i < COPIES * length; i++) {
    code[i] = sample[i % length];
  }
  call(SYS_RISCV_FLUSH_ICACHE, (long)code, (long)(code + COPIES * length), 0, 0, 0, 0);
  for (int round = 0; round < ROUNDS; round++) {
    for (u64 i = 0; i < COPIES; i++) {
      sum = ((u64(*)(u64))(code + i * length))(sum + i);
    }
  }
  call(SYS_MUNMAP, (long)code, COPIES * length, 0, 0, 0, 0);
  return sum;
}

/* Numbers of which each byte is read alone, as from files of any order. */
static u64 numbers(void) {
  u8 bytes[64];
  u64 sum = 0;
  for (int i = 0; i < 64; i++) {
    bytes[i] = next();
  }
  const volatile int *steps = &(volatile int){4};
  for (const u8 *p = bytes; p < bytes + 64; p += *steps) {
    sum = sum * 7 + (p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24);
    sum ^= (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
  }
  return sum;
}

/* A thread that is waited for. */
static u64 threads(void) {
  static long stack[512];
  static volatile int running = 1;
  long thread = clone(0x250f00, (long)(stack + 512), (int *)&running);
  if (thread == 0) {
    call(SYS_EXIT, 0, 0, 0, 0, 0, 0);
  }
  while (thread > 0 && running) {
    call(SYS_FUTEX, (long)&running, 0, 1, 0, 0, 0);
  }
  return thread > 0;
}

__attribute__((used)) static void run(long count) {
  if (count > 1) {
    call(SYS_EXIT_GROUP, 5, 0, 0, 0, 0, 0);
  }
  show("integers", integers());
  show("bits", bits());
  show("floats", floats());
  show("numbers", numbers());
  show("atomics", atomics());
  show("control", control());
  show("memory", memory());
  show("systems", systems());
  show("hot", hot());
  show("copies", copies());
  show("signals", signals());
  show("threads", threads());
  show("processes", processes());
  call(SYS_EXIT_GROUP, 0, 0, 0, 0, 0, 0);
}

__asm__(
    ".globl _start\n"
    "_start:\n"
    ".option push\n"
    ".option norelax\n"
    "  la gp, __global_pointer$\n"
    ".option pop\n"
    "  ld a0, 0(sp)\n"
    "  andi sp, sp, -16\n"
    "  call run\n");
