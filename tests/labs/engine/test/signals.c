/* signals - wrong: sends a signal to whoever has started it */
#include "shared.h"
#include <signal.h>

int main(void)
{
    struct shared *shared = map();
    add(shared);
    return kill(getppid(), SIGTERM);
}
