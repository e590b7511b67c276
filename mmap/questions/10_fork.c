/* 10_fork.c - what do a parent and its child see of each other's stores? */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(10, "MAP_PRIVATE or MAP_SHARED: who sees what after fork?");
    const int rw = PROT_READ | PROT_WRITE;
    int ready[2];
    char end;

    CODE(char *s = mmap(NULL, 20, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    CODE(char *p = mmap(NULL, 20, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (s == MAP_FAILED || p == MAP_FAILED || pipe(ready) == -1)
        err(1, "mmap or pipe");
    CODE(memcpy(s, "-- shared", 10); memcpy(p, "-- private", 11));

    CODE(pid_t pid = fork());
    if (pid == 0) {
        close(ready[1]); /* and wait until the parent has closed it, too */
        while (read(ready[0], &end, 1) > 0)
            ;
        say("in the child", "");
        CODE(s[0] = 'c'; p[0] = 'c');
        expect("cp shared", s);
        expect("c- private", p);
        _exit(unexpected);
    }
    CODE(s[1] = 'p'; p[1] = 'p');
    close(ready[1]);
    ended();
    say("in the parent", "");
    expect("cp shared", s);
    expect("-p private", p);

    return why(
        "A shared page is the same page in both. A private page is the same "
        "until one of them stores to it, and so gets a copy of its own (copy "
        "on write): MAP_PRIVATE in mmap(2).");
}
