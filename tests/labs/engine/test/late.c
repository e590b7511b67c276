/* late - wrong if two are late: the lock is made anew while somebody has it */
#include "shared.h"

int main(void)
{
    struct shared *shared = map();
    if (!atomic_load(&shared->ready)) {
        atomic_store(&shared->lock, 0);
        atomic_store(&shared->ready, 1);
    }
    while (atomic_exchange(&shared->lock, 1))
        usleep(1000);
    add(shared);
    atomic_store(&shared->lock, 0);
    return 0;
}
