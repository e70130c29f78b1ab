/* 6,000 functions, each called once. */
#define REPEATS 1
#include "functions.h"
