/*
 * unsealed_reader - check memory that the writer can change     (lesson 2.2)
 *
 * It asks for the size and checks the text, and then it relies on both. Without
 * seals, both can change after the check: see unsealed_writer.c. Step 4 waits
 * until the writer has ended, so that you see it each time.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "../lifeline.h"

int main(void)
{
    /* 1. Meet the writer, which sends the descriptor. */
    struct sockaddr_un a = {AF_UNIX, "data/work/unsealed"};
    int line = socket(AF_UNIX, SOCK_STREAM, 0);
    while (connect(line, (void *)&a, sizeof a) == -1)
        usleep(5000);
    int fd = lifeline_pass(line, -1);

    /* 2. Map it. */
    struct stat st;
    if (fstat(fd, &st) == -1)
        err(1, "fstat");
    size_t size = (size_t)st.st_size;
    char *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        err(1, "mmap");

    /* 3. Check the text. */
    if (memchr(bytes, '$', size) != NULL)
        errx(1, "refused: it asks for money");
    lifeline_ring(line);

    /* 4. Wait for the writer's end, which is the end of the file. */
    while (read(line, &(char){0}, 1) > 0)
        ;

    /* 5. Use it. */
    fwrite(bytes, 1, size, stdout);
    return 0;
}
