/* Sorting: quicksort, heapsort and merge sort of the same pseudo-random numbers. */
#include "../rounds.h"

#define N 50000

static uint32_t input[N], work_area[N], spare[N];

static void quicksort(uint32_t *a, long low, long high) {
  while (low < high) {
    uint32_t pivot = a[(low + high) / 2];
    long i = low, j = high;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        uint32_t t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    if (j - low < high - i) {
      quicksort(a, low, j);
      low = i;
    } else {
      quicksort(a, i, high);
      high = j;
    }
  }
}

static void sift(uint32_t *a, long root, long n) {
  uint32_t value = a[root];
  for (long child = 2 * root + 1; child < n; child = 2 * root + 1) {
    if (child + 1 < n && a[child] < a[child + 1]) child++;
    if (a[child] <= value) break;
    a[root] = a[child];
    root = child;
  }
  a[root] = value;
}

static void heapsort_(uint32_t *a, long n) {
  for (long i = n / 2 - 1; i >= 0; i--) sift(a, i, n);
  for (long i = n - 1; i > 0; i--) {
    uint32_t t = a[0];
    a[0] = a[i];
    a[i] = t;
    sift(a, 0, i);
  }
}

static void mergesort_(uint32_t *a, uint32_t *b, long n) {
  if (n < 2) return;
  long half = n / 2;
  mergesort_(a, b, half);
  mergesort_(a + half, b, n - half);
  memcpy(b, a, half * sizeof *a);
  long i = 0, j = half, k = 0;
  while (i < half && j < n) a[k++] = b[i] <= a[j] ? b[i++] : a[j++];
  while (i < half) a[k++] = b[i++];
}

static uint32_t check(const uint32_t *a) {
  uint32_t sum = 0;
  for (long i = 0; i < N; i++) {
    sum = sum * 16777619 ^ a[i];
    if (i && a[i - 1] > a[i]) return 0;
  }
  return sum;
}

static void prepare(void) {}

static uint64_t work(long round) {
  uint64_t sum = round;
  for (long i = 0; i < N; i++) input[i] = next_random();
  memcpy(work_area, input, sizeof input);
  quicksort(work_area, 0, N - 1);
  sum += check(work_area);
  memcpy(work_area, input, sizeof input);
  heapsort_(work_area, N);
  sum += check(work_area);
  memcpy(work_area, input, sizeof input);
  mergesort_(work_area, spare, N);
  return sum + check(work_area);
}
