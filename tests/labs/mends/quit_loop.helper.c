/*
 * quit_loop, mended with a pipe for the lines, in a parent that has another child
 * first: the one that prints is its second.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    int unused;
};
static int line_pipe[2], over[2];

static void put(struct shared *shared, const char *line)
{
    char text[80] = "";
    (void)shared;
    strcpy(text, line);
    if (write(line_pipe[1], text, sizeof text) != sizeof text)
        err(1, "write");
}

static void take(struct shared *shared, char *line)
{
    (void)shared;
    if (read(line_pipe[0], line, 80) != 80)
        err(1, "read");
}

int main(void)
{
    int id = shmget(IPC_PRIVATE, sizeof(struct shared), 0600);
    struct shared *shared = id == -1 ? (void *)-1 : shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL);
    if (shared == (void *)-1)
        err(1, "segment");
    if (pipe(line_pipe) == -1 || pipe(over) == -1)
        err(1, "pipe");
    pid_t helper = fork();
    if (helper == -1)
        err(1, "fork");
    if (helper == 0) {
        char nothing;
        close(over[1]);
        return read(over[0], &nothing, 1) == 0 ? 0 : 1;
    }

    char line[80] = "";
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");
    if (child == 0)
        close(over[1]);
    while (child == 0) {
        take(shared, line);
        if (strcmp(line, "quit\n") == 0)
            return 0;
        fputs(line, stdout);
        fflush(stdout);
    }
    while (strcmp(line, "quit\n") != 0) {
        if (!fgets(line, sizeof line, stdin))
            strcpy(line, "quit\n");
        put(shared, line);
    }
    waitpid(child, NULL, 0);
    close(over[1]);
    waitpid(helper, NULL, 0);
    return 0;
}
