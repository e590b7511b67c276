/* forever - wrong: nobody gives the lock back */
#include "shared.h"

int main(void)
{
    struct shared *shared = map();
    while (atomic_exchange(&shared->lock, 1))
        continue;
    add(shared);
    return 0;
}
