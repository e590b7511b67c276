/* threads - right: a child that starts 60 threads, one after the other */
#include "shared.h"
#include <pthread.h>
#include <sys/wait.h>

static void *count_one(void *shared)
{
    static int turn;
    if (turn++ == 0)
        atomic_fetch_add((atomic_int *)&((struct shared *)shared)->count, 1);
    return NULL;
}

int main(void)
{
    struct shared *shared = map();
    if (fork() != 0)
        return wait(NULL) == -1;
    for (int i = 0; i < 60; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, count_one, shared) != 0)
            return 1;
        pthread_join(thread, NULL);
    }
    return 0;
}
