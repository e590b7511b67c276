/*
 * 19_semaphores.c - a semaphore with a name, and one without
 *
 * Try sem_post(named) before raise(SIGKILL).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <glob.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(19, "Where does a semaphore live, and what does a crash leave?");
    const int rw = PROT_READ | PROT_WRITE, shared = MAP_SHARED | MAP_ANONYMOUS;
    static glob_t found;
    char name[50], path[70];
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());
    snprintf(path, sizeof path, "/dev/shm/*%s", name + 1);

    CODE(sem_t *named = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
         if (named == SEM_FAILED) err(1, "sem_open");
         int r = glob(path, 0, NULL, &found); sem_unlink(name));
    expect("0", result(r));
    if (r == 0)
        say("found", found.gl_pathv[0]);
    CODE(sem_t *unnamed = mmap(NULL, sizeof(sem_t), rw, shared, -1, 0));
    CODE(r = sem_init(unnamed, 1, 1));
    expect("0", result(r));

    CHILD(sem_wait(named); sem_wait(unnamed); raise(SIGKILL));
    expect("SIGKILL", ended());
    CODE(r = sem_trywait(named));
    expect("EAGAIN", result(r));
    CODE(r = sem_trywait(unnamed));
    expect("EAGAIN", result(r));
    return why(
        "A named one is a file in /dev/shm, and stays until sem_unlink(3). An "
        "unnamed one is where you put it: call sem_destroy(3) when nobody "
        "uses it any more, then give the memory back. Neither notices a "
        "crash: nobody posts for the dead process. See sem_overview(7).");
}
