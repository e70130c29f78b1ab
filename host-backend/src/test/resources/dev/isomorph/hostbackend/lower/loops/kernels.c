/*
 * Loops as they are at the bottom of real programs, written for the listings next to this file; see loops.txt.
 */
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

/* ---- Blocks and strings ---- */

void copy_bytes(u8 *d, const u8 *s, size_t n) {
  while (n--) *d++ = *s++;
}

void copy_words(u64 *d, const u64 *s, size_t n) {
  for (size_t i = 0; i < n; i += 4) {
    u64 a = s[i], b = s[i + 1], c = s[i + 2], e = s[i + 3];
    d[i] = a, d[i + 1] = b, d[i + 2] = c, d[i + 3] = e;
  }
}

void copy_down(u8 *d, const u8 *s, size_t n) {
  while (n--) d[n] = s[n];
}

void fill_bytes(u8 *d, int c, size_t n) {
  for (u8 *end = d + n; d != end;) *d++ = c;
}

void fill_words(u64 *d, u64 v, size_t n) {
  for (size_t i = 0; i < n; i++) d[i] = v;
}

size_t length_bytes(const char *s) {
  const char *p = s;
  while (*p) p++;
  return p - s;
}

const u64 *length_words(const u64 *p) {
  while (!((*p - 0x0101010101010101u) & ~*p & 0x8080808080808080u)) p++;
  return p;
}

int compare_strings(const u8 *a, const u8 *b) {
  while (*a && *a == *b) a++, b++;
  return *a - *b;
}

int compare_blocks(const u8 *a, const u8 *b, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (a[i] != b[i]) return a[i] - b[i];
  }
  return 0;
}

const u8 *find_byte(const u8 *p, int c, size_t n) {
  for (; n; n--, p++) {
    if (*p == (u8)c) return p;
  }
  return 0;
}

const char *find_character(const char *p, char c) {
  while (*p != c) {
    if (!*p++) return 0;
  }
  return p;
}

void lower_case(char *p) {
  for (; *p; p++) {
    if (*p >= 'A' && *p <= 'Z') *p += 32;
  }
}

size_t count_words(const char *p) {
  size_t n = 0;
  int inside = 0;
  for (; *p; p++) {
    int space = *p == ' ' || *p == '\n' || *p == '\t';
    n += inside & space;
    inside = !space;
  }
  return n + inside;
}

i64 parse_number(const char *p) {
  i64 n = 0;
  while ((unsigned)(*p - '0') < 10) n = n * 10 + (*p++ - '0');
  return n;
}

char *print_number(char *end, u64 n) {
  do *--end = '0' + n % 10;
  while (n /= 10);
  return end;
}

size_t decode_utf8(const u8 *p, u32 *out) {
  size_t n = 0;
  while (*p) {
    u32 c = *p++;
    if (c >= 0xe0) {
      c = (c & 15) << 12 | (p[0] & 63) << 6 | (p[1] & 63);
      p += 2;
    } else if (c >= 0x80) {
      c = (c & 31) << 6 | (*p++ & 63);
    }
    out[n++] = c;
  }
  return n;
}

/* ---- Checksums and hashes ---- */

u32 crc_table(u32 c, const u8 *p, size_t n, const u32 *table) {
  while (n--) c = table[(c ^ *p++) & 255] ^ c >> 8;
  return c;
}

u32 crc_bits(u32 c, const u8 *p, size_t n) {
  while (n--) {
    c ^= *p++;
    for (int k = 0; k < 8; k++) c = c >> 1 ^ (0xedb88320u & -(c & 1));
  }
  return c;
}

u32 adler(const u8 *p, size_t n) {
  u32 a = 1, b = 0;
  for (size_t i = 0; i < n; i++) {
    a += p[i];
    b += a;
  }
  return b << 16 | a;
}

u64 fnv(const u8 *p, size_t n) {
  u64 h = 0xcbf29ce484222325u;
  while (n--) h = (h ^ *p++) * 0x100000001b3u;
  return h;
}

u32 times33(const u8 *p) {
  u32 h = 5381;
  while (*p) h = h * 33 ^ *p++;
  return h;
}

u64 mix_words(const u64 *p, size_t n, u64 h) {
  for (size_t i = 0; i < n; i++) {
    u64 k = p[i] * 0x87c37b91114253d5u;
    k = k << 31 | k >> 33;
    h ^= k * 0x4cf5ad432745937fu;
    h = (h << 27 | h >> 37) * 5 + 0x52dce729;
  }
  return h;
}

static inline u32 right(u32 x, int n) { return x >> n | x << (32 - n); }

void sha256_schedule(u32 *w) {
  for (int i = 16; i < 64; i++) {
    u32 a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (right(a, 7) ^ right(a, 18) ^ a >> 3) +
           (right(b, 17) ^ right(b, 19) ^ b >> 10);
  }
}

void sha256_rounds(u32 *state, const u32 *w, const u32 *k) {
  u32 a = state[0], b = state[1], c = state[2], d = state[3];
  u32 e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 64; i++) {
    u32 s = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
    u32 t = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + s, d = c, c = b, b = a, a = s + t;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

void sha1_rounds(u32 *state, const u32 *w) {
  u32 a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  for (int i = 0; i < 20; i++) {
    u32 t = right(a, 27) + ((b & c) | (~b & d)) + e + 0x5a827999 + w[i];
    e = d, d = c, c = right(b, 2), b = a, a = t;
  }
  state[0] = a, state[1] = b, state[2] = c, state[3] = d, state[4] = e;
}

void store_big_end(u8 *d, const u32 *s, size_t n) {
  for (size_t i = 0; i < n; i++, d += 4) {
    u32 v = s[i];
    d[0] = v >> 24, d[1] = v >> 16, d[2] = v >> 8, d[3] = v;
  }
}

/* ---- Sorting and searching ---- */

i64 binary_search(const u32 *a, i64 n, u32 key) {
  i64 low = 0, high = n;
  while (low < high) {
    i64 middle = (low + high) >> 1;
    if (a[middle] < key) low = middle + 1; else high = middle;
  }
  return low;
}

void insert_sorted(i32 *a, i64 at) {
  i32 v = a[at];
  while (at > 0 && a[at - 1] > v) {
    a[at] = a[at - 1];
    at--;
  }
  a[at] = v;
}

i64 partition(i32 *a, i64 i, i64 j, i32 pivot) {
  while (i <= j) {
    while (a[i] < pivot) i++;
    while (a[j] > pivot) j--;
    if (i <= j) {
      i32 t = a[i];
      a[i++] = a[j];
      a[j--] = t;
    }
  }
  return j;
}

void sift_down(u32 *a, i64 root, i64 n) {
  u32 v = a[root];
  for (i64 child; (child = 2 * root + 1) < n; root = child) {
    if (child + 1 < n && a[child] < a[child + 1]) child++;
    if (a[child] <= v) break;
    a[root] = a[child];
  }
  a[root] = v;
}

void merge_runs(i32 *out, const i32 *a, const i32 *b, const i32 *enda, const i32 *endb) {
  while (a < enda && b < endb) *out++ = *a <= *b ? *a++ : *b++;
}

void count_digits(u32 *count, const u32 *a, size_t n, int shift) {
  for (size_t i = 0; i < n; i++) count[a[i] >> shift & 255]++;
}

void scatter_digits(u32 *out, u32 *place, const u32 *a, size_t n, int shift) {
  for (size_t i = 0; i < n; i++) out[place[a[i] >> shift & 255]++] = a[i];
}

struct node {
  struct node *next, *left, *right;
  u64 key, value;
};

u64 sum_list(const struct node *p) {
  u64 s = 0;
  for (; p; p = p->next) s += p->value;
  return s;
}

struct node *reverse_list(struct node *p) {
  struct node *done = 0;
  while (p) {
    struct node *next = p->next;
    p->next = done;
    done = p;
    p = next;
  }
  return done;
}

const struct node *find_in_chain(const struct node *p, u64 key) {
  while (p && p->key != key) p = p->next;
  return p;
}

const struct node *find_in_tree(const struct node *p, u64 key) {
  while (p && p->key != key) p = key < p->key ? p->left : p->right;
  return p;
}

size_t probe_table(const u64 *table, u64 mask, u64 key) {
  u64 at = key * 0x9e3779b97f4a7c15u;
  while (table[at & mask] && table[at & mask] != key) at++;
  return at & mask;
}

/* ---- Compression ---- */

size_t match_length(const u8 *a, const u8 *b, size_t most) {
  size_t n = 0;
  while (n < most && a[n] == b[n]) n++;
  return n;
}

void copy_match(u8 *out, size_t distance, size_t n) {
  for (const u8 *from = out - distance; n; n--) *out++ = *from++;
}

const u8 *inflate_symbols(u8 *out, const u8 *in, const u16 *table, u64 bits, u32 have) {
  for (;;) {
    while (have < 48) {
      bits |= (u64)*in++ << have;
      have += 8;
    }
    u32 entry = table[bits & 511];
    bits >>= entry & 15;
    have -= entry & 15;
    if (entry & 0x8000) return in;
    *out++ = entry >> 4;
  }
}

size_t run_lengths(u8 *out, const u8 *in, size_t n) {
  size_t k = 0;
  for (size_t i = 0; i < n;) {
    size_t j = i + 1;
    while (j < n && in[j] == in[i] && j - i < 255) j++;
    out[k++] = j - i;
    out[k++] = in[i];
    i = j;
  }
  return k;
}

u64 read_varint(const u8 *p) {
  u64 v = 0;
  for (int shift = 0;; shift += 7) {
    u8 c = *p++;
    v |= (u64)(c & 127) << shift;
    if (c < 128) return v;
  }
}

void base64(char *out, const u8 *in, size_t n, const char *alphabet) {
  for (size_t i = 0; i + 2 < n; i += 3) {
    u32 v = in[i] << 16 | in[i + 1] << 8 | in[i + 2];
    *out++ = alphabet[v >> 18];
    *out++ = alphabet[v >> 12 & 63];
    *out++ = alphabet[v >> 6 & 63];
    *out++ = alphabet[v & 63];
  }
}

u32 range_decode(u32 range, u32 code, u16 *model, const u8 **in, int bits) {
  u32 symbol = 1;
  const u8 *p = *in;
  for (int i = 0; i < bits; i++) {
    u32 bound = (range >> 11) * model[symbol];
    if (code < bound) {
      range = bound;
      model[symbol] += (2048 - model[symbol]) >> 5;
      symbol *= 2;
    } else {
      range -= bound;
      code -= bound;
      model[symbol] -= model[symbol] >> 5;
      symbol = 2 * symbol + 1;
    }
    if (range < 1 << 24) {
      range <<= 8;
      code = code << 8 | *p++;
    }
  }
  *in = p;
  return symbol;
}

/* ---- Numbers ---- */

u64 gcd(u64 a, u64 b) {
  while (b) {
    u64 t = a % b;
    a = b;
    b = t;
  }
  return a;
}

u32 collatz(u64 n) {
  u32 steps = 0;
  while (n != 1) {
    n = n & 1 ? 3 * n + 1 : n >> 1;
    steps++;
  }
  return steps;
}

u64 power_modulo(u64 base, u64 exponent, u32 modulus) {
  u64 result = 1;
  while (exponent) {
    if (exponent & 1) result = result * base % modulus;
    base = base * base % modulus;
    exponent >>= 1;
  }
  return result;
}

int count_bits(u64 x) {
  int n = 0;
  for (; x; x &= x - 1) n++;
  return n;
}

void sieve_multiples(u8 *composite, u64 step, u64 limit) {
  for (u64 j = step * step; j < limit; j += step) composite[j >> 3] |= 1u << (j & 7);
}

u64 add_long(u64 *a, const u64 *b, size_t n) {
  u64 carry = 0;
  for (size_t i = 0; i < n; i++) {
    u64 s = a[i] + carry;
    carry = s < carry;
    s += b[i];
    carry += s < b[i];
    a[i] = s;
  }
  return carry;
}

u64 multiply_long(u64 *a, size_t n, u64 by) {
  u64 carry = 0;
  for (size_t i = 0; i < n; i++) {
    unsigned __int128 p = (unsigned __int128)a[i] * by + carry;
    a[i] = (u64)p;
    carry = p >> 64;
  }
  return carry;
}

u32 random_numbers(u32 *a, size_t n, u32 seed) {
  for (size_t i = 0; i < n; i++) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    a[i] = seed;
  }
  return seed;
}

i32 dot_words(const i32 *a, const i32 *b, size_t n) {
  i32 s = 0;
  for (size_t i = 0; i < n; i++) s += a[i] * b[i];
  return s;
}

void prefix_sums(u32 *a, size_t n) {
  for (size_t i = 1; i < n; i++) a[i] += a[i - 1];
}

i32 greatest(const i32 *a, size_t n) {
  i32 m = a[0];
  for (size_t i = 1; i < n; i++) m = a[i] > m ? a[i] : m;
  return m;
}

void multiply_matrices(i32 *c, const i32 *a, const i32 *b, i64 n) {
  for (i64 j = 0; j < n; j++) {
    i32 s = 0;
    for (i64 k = 0; k < n; k++) s += a[k] * b[k * n + j];
    c[j] = s;
  }
}

/* ---- Pictures and sound ---- */

u32 absolute_differences(const u8 *a, const u8 *b, size_t n) {
  u32 s = 0;
  for (size_t i = 0; i < n; i++) {
    i32 d = a[i] - b[i];
    s += d < 0 ? -d : d;
  }
  return s;
}

void blend(u8 *d, const u8 *s, size_t n, u32 alpha) {
  for (size_t i = 0; i < n; i++) d[i] += (s[i] - d[i]) * (i32)alpha >> 8;
}

void grey(u8 *out, const u8 *rgb, size_t n) {
  for (size_t i = 0; i < n; i++, rgb += 3) {
    out[i] = (rgb[0] * 77 + rgb[1] * 150 + rgb[2] * 29) >> 8;
  }
}

void saturate(short *a, const i32 *b, size_t n) {
  for (size_t i = 0; i < n; i++) {
    i32 v = b[i] >> 4;
    a[i] = v > 32767 ? 32767 : v < -32768 ? -32768 : v;
  }
}

void life_row(u8 *out, const u8 *above, const u8 *row, const u8 *below, size_t n) {
  for (size_t i = 1; i + 1 < n; i++) {
    int s = above[i - 1] + above[i] + above[i + 1] + row[i - 1] + row[i + 1] + below[i - 1] +
            below[i] + below[i + 1];
    out[i] = s == 3 || (s == 2 && row[i]);
  }
}

/* ---- Floats ---- */

double dot(const double *a, const double *b, size_t n) {
  double s = 0;
  for (size_t i = 0; i < n; i++) s += a[i] * b[i];
  return s;
}

void axpy(double *y, const double *x, double a, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] += a * x[i];
}

float sum_floats(const float *a, size_t n) {
  float s = 0;
  for (size_t i = 0; i < n; i++) s += a[i] * 0.5f;
  return s;
}

double horner(const double *c, size_t n, double x) {
  double s = 0;
  while (n--) s = s * x + c[n];
  return s;
}

int mandelbrot(double cx, double cy, int most) {
  double x = 0, y = 0;
  int n = 0;
  while (n < most && x * x + y * y < 4) {
    double t = x * x - y * y + cx;
    y = 2 * x * y + cy;
    x = t;
    n++;
  }
  return n;
}

double greatest_double(const double *a, size_t n) {
  double m = a[0];
  for (size_t i = 1; i < n; i++) {
    if (a[i] > m) m = a[i];
  }
  return m;
}

void to_doubles(double *d, const i32 *a, size_t n) {
  for (size_t i = 0; i < n; i++) d[i] = a[i] * 0.25;
}

void to_words(i32 *a, const double *d, size_t n) {
  for (size_t i = 0; i < n; i++) a[i] = (i32)d[i];
}

double newton(double x, int n) {
  double r = x;
  while (n--) r = (r + x / r) * 0.5;
  return r;
}

void butterflies(double *re, double *im, const double *wr, const double *wi, i64 half) {
  for (i64 k = 0; k < half; k++) {
    double tr = re[k + half] * wr[k] - im[k + half] * wi[k];
    double ti = re[k + half] * wi[k] + im[k + half] * wr[k];
    re[k + half] = re[k] - tr;
    im[k + half] = im[k] - ti;
    re[k] += tr;
    im[k] += ti;
  }
}

void stencil(double *out, const double *in, size_t n) {
  for (size_t i = 1; i + 1 < n; i++) out[i] = 0.25 * in[i - 1] + 0.5 * in[i] + 0.25 * in[i + 1];
}

float absolute_sum(const float *a, size_t n) {
  float s = 0;
  for (size_t i = 0; i < n; i++) s += __builtin_fabsf(a[i]);
  return s;
}

/* ---- Interpreters ---- */

/* Operations of one kind each, by comparisons: what a compiler makes of a small switch. */
i64 interpret(const u8 *code, i64 a, i64 b) {
  for (;;) {
    switch (*code++) {
      case 0: a += b; break;
      case 1: a ^= b >> 3; break;
      case 2: b -= a; break;
      default: return a;
    }
  }
}

u32 match_states(const u8 *p, size_t n, const u8 (*next)[256]) {
  u32 s = 0, hits = 0;
  for (size_t i = 0; i < n; i++) {
    s = next[s][p[i]];
    hits += s == 7;
  }
  return hits;
}
