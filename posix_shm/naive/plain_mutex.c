/*
 * plain_mutex - a mutex that is shared, but not robust            (lesson 2.4)
 *
 * Process 0 is killed while it has the mutex. Nobody unlocks it any more, so
 * processes 1 and 2 wait until somebody ends them:
 *
 *     $ timeout 2 ./posix_shm/naive/plain_mutex
 */
#define _GNU_SOURCE
#include <err.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    /* 1. Map memory that the workers inherit. */
    pthread_mutex_t *mutex = mmap(NULL, sizeof *mutex, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (mutex == MAP_FAILED)
        err(1, "mmap");

    /* 2. Make a mutex that processes may share. */
    pthread_mutexattr_t shared;
    pthread_mutexattr_init(&shared);
    pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(mutex, &shared);

    /* 3. Process 0 locks it and dies. Then processes 1 and 2 want it. */
    for (int i = 0; i < 3; i++) {
        if (fork() == 0) {
            int result = pthread_mutex_lock(mutex);
            warnx("process %d: %s", i,
                  result == 0 ? "I have the mutex" : strerror(result));
            if (i == 0)
                raise(SIGKILL);
            pthread_mutex_unlock(mutex);
            return 0;
        }
        if (i == 0)
            wait(NULL);
    }
    wait(NULL);
    wait(NULL);
    return 0;
}
