/* atomic - right: one step, which nobody can come into */
#include "shared.h"

int main(void)
{
    struct shared *shared = map();
    __atomic_fetch_add(&shared->count, 1, __ATOMIC_SEQ_CST);
    return 0;
}
