/* Pointer chasing: a shuffled ring of nodes, larger than a second-level cache, and a search tree. */
#include "../rounds.h"

#define NODES 65536
#define KEYS 50000

struct node {
  struct node *next;
  uint64_t value;
};

struct tree {
  struct tree *left, *right;
  uint32_t key, hits;
};

static struct node ring[NODES];
static uint32_t order[NODES];
static struct tree trees[KEYS];

static struct tree *insert(struct tree *root, struct tree *leaf) {
  struct tree **place = &root;
  while (*place) {
    place = leaf->key < (*place)->key ? &(*place)->left : &(*place)->right;
  }
  *place = leaf;
  return root;
}

static struct tree *find(struct tree *at, uint32_t key) {
  while (at && at->key != key) {
    at = key < at->key ? at->left : at->right;
  }
  return at;
}

static struct tree *root;

static void prepare(void) {
  for (uint32_t i = 0; i < NODES; i++) order[i] = i;
  for (uint32_t i = NODES - 1; i > 0; i--) {
    uint32_t j = next_random() % (i + 1), t = order[i];
    order[i] = order[j];
    order[j] = t;
  }
  for (uint32_t i = 0; i < NODES; i++) {
    ring[order[i]].next = &ring[order[(i + 1) % NODES]];
    ring[order[i]].value = i;
  }
  for (uint32_t i = 0; i < KEYS; i++) {
    trees[i].key = next_random() & 0xffff;
    root = insert(root, &trees[i]);
  }
}

static uint64_t work(long round) {
  uint64_t sum = round;
  struct node *at = &ring[round % NODES];
  for (long i = 0; i < 500000; i++) {
    sum += at->value ^ i;
    at = at->next;
  }
  for (long i = 0; i < 100000; i++) {
    struct tree *found = find(root, next_random() & 0xffff);
    if (found) sum += ++found->hits;
  }
  return sum;
}
