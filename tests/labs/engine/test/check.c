/*
 * check - is 2 what two that add 1 come to, whoever is late?
 *
 * The smallest check that there is: the example of ../README.md. Compiled with
 * -DTWO two of them are late, with -DKILL one is killed, and the other goes on.
 */
#include "../engine.h"
#include <fcntl.h>
#include <unistd.h>

static void prepare(void)
{
    int fd = open("count", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (ftruncate(fd, 4096) == -1)
        fail("no file");
    close(fd);
}

static void judge(void)
{
    int count = 0, fd = open("count", O_RDONLY | O_CLOEXEC);
    all_end_well();
    if (read(fd, &count, sizeof count) != sizeof count)
        fail("the file is gone");
    close(fd);
#ifdef KILL
    if (delayed.there && count == 1)
        return;
#endif
    if (count != 2)
        fail("two have added 1, and the count is %d", count);
}

static const struct scenario both = {
    .parts = {{.role = "first", .loads = true, .late = true},
              {.role = "second"}},
    .prepare = prepare,
    .judge = judge,
#ifdef KILL
    .kill = true,
#endif
};

int main(int argc, char **argv)
{
    begin(argc, argv);
#ifdef TWO
    explore_two(&both, 0, 1, 0);
#else
    explore(&both, 0, 0, DELAYED_FIRST);
#endif
    pass("the count is 2");
}
