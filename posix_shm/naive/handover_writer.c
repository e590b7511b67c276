/*
 * handover_writer - two semaphores, and nothing else            (lesson 2.1)
 *
 * Right as long as the writer starts first and nobody dies. If the reader is
 * killed, this program waits forever. If this one is killed, the name stays, and
 * each later start says "File exists": rm /dev/shm/shm_handover.$(id -u)
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

int main(int argc, char **argv)
{
    char *lesson[] = {"first message", "second message", NULL};
    char **text = argc > 1 ? argv + 1 : lesson;
    char name[32];
    snprintf(name, sizeof name, "/shm_handover.%u", geteuid());

    /* 1. Create, size, map, initialise. A reader may come in between. */
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd == -1 || ftruncate(fd, sizeof(struct message)) == -1)
        err(1, "create %s", name);
    struct message *m =
        mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (m == MAP_FAILED)
        err(1, "mmap %s", name);
    sem_init(&m->room, 1, 1);
    sem_init(&m->full, 1, 0);

    /* 2. Hand over each message. */
    for (; *text != NULL; text++) {
        sem_wait(&m->room);
        m->last = text[1] == NULL;
        snprintf(m->text, sizeof m->text, "%s", *text);
        sem_post(&m->full);
        fprintf(stderr, "handover_writer: sent %s\n", *text);
    }

    /* 3. Wait until the last has been read, and remove the name. */
    sem_wait(&m->room);
    shm_unlink(name);
    return 0;
}
