/* 6,000 functions, each called twenty times. */
#define REPEATS 20
#include "functions.h"
