/* sleeps - right: looks again and again, as long as it takes */
#include "shared.h"

int main(void)
{
    struct shared *shared = map();
    while (atomic_exchange(&shared->lock, 1))
        usleep(1000);
    add(shared);
    atomic_store(&shared->lock, 0);
    return 0;
}
