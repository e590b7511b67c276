/* race - wrong: reads, adds, and writes, and another one may come in between */
#include "shared.h"

int main(void)
{
    struct shared *shared = map();
    shared->count++;
    return 0;
}
