/* deadline - wrong: gives up after an hour, by the clock */
#include "shared.h"
#include <time.h>

int main(void)
{
    struct shared *shared = map();
    time_t end = time(NULL) + 3600;
    while (atomic_exchange(&shared->lock, 1) && time(NULL) < end)
        usleep(1000);
    add(shared);
    atomic_store(&shared->lock, 0);
    return 0;
}
