/* spin - right: burns a processor while another one has the lock, but not longer */
#include "shared.h"

int main(void)
{
    struct shared *shared = map();
    while (atomic_exchange(&shared->lock, 1))
        continue;
    add(shared);
    atomic_store(&shared->lock, 0);
    return 0;
}
