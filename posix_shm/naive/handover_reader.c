/*
 * handover_reader - two semaphores, and nothing else            (lesson 2.1)
 *
 * If the writer is killed, it waits forever for the next message. It cannot
 * tell a dead writer's object from a living one's.
 *
 *     $ timeout -s KILL 1 ./posix_shm/naive/handover_writer
 *     $ ./posix_shm/naive/handover_reader
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

struct message {
    sem_t room, full;
    int last;
    char text[100];
};

int main(void)
{
    char name[32];
    snprintf(name, sizeof name, "/shm_handover.%u", geteuid());

    /* 1. Open and map it. The writer must have initialised it. */
    int fd = shm_open(name, O_RDWR, 0);
    if (fd == -1)
        err(1, "shm_open %s", name);
    struct message *m =
        mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (m == MAP_FAILED)
        err(1, "mmap %s", name);

    /* 2. Take over each message. */
    for (int last = 0; !last; sem_post(&m->room)) {
        sem_wait(&m->full);
        last = m->last;
        printf("%s\n", m->text);
        fflush(stdout);
    }
    return 0;
}
