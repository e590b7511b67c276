/*
 * dead_holder - who dies with the pen in the hand           (posix_shm lab 3)
 *
 * A guest book for everybody. There is one pen, a mutex that lies in the book:
 *
 *     $ cc posix_shm/lab/dead_holder.c -o posix_shm/lab/dead_holder
 *     $ ./posix_shm/lab/dead_holder new /book.$USER
 *     $ ./posix_shm/lab/dead_holder sign /book.$USER ada
 *     $ ./posix_shm/lab/dead_holder show /book.$USER
 *     ada
 *     guests: 1, letters: 3
 *
 * A name takes a while. One guest was killed while writing (kill -9). Since
 * then nobody can sign and nobody can read: they wait for the pen for ever.
 *
 * Your task: whoever is killed, and wherever, all others can sign and show as
 * before: the names whole and in order, and a last line that counts them. The
 * one who was killed is in the book or not, but not half. And nobody takes the
 * pen from one who is alive, however slow. `new` is not killed; `rm
 * /dev/shm/book.$USER` removes the book. What it holds is up to you; command
 * line and stdout stay. `make labs LAB=dead_holder` says how far you are.
 */
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- your work begins here ---- */
static struct book {
    pthread_mutex_t pen;
    int letters, guests;
    char name[100][16];
} * book;

static void make_pen(void)
{
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&book->pen, &a);
}

static void sign(const char *who)
{
    pthread_mutex_lock(&book->pen);
    book->letters += (int)strlen(who);
    for (size_t i = 0; i <= strlen(who); i++, usleep(100000))
        book->name[book->guests][i] = who[i];
    book->guests++;
    pthread_mutex_unlock(&book->pen);
}

static void show(void)
{
    pthread_mutex_lock(&book->pen);
    for (int i = 0; i < book->guests; i++)
        printf("%s\n", book->name[i]);
    printf("guests: %d, letters: %d\n", book->guests, book->letters);
    pthread_mutex_unlock(&book->pen);
}
/* ---- and ends here ---- */

int main(int argc, char **argv)
{
    if (argc < 3 || (argc > 3 && strlen(argv[3]) > 15))
        errx(2, "usage: dead_holder new NAME | sign NAME WHO | show NAME");
    int new = strcmp(argv[1], "new") == 0 ? O_CREAT | O_EXCL : 0;
    int fd = shm_open(argv[2], O_RDWR | new, 0600);
    if (fd == -1 || (new &&ftruncate(fd, sizeof *book) == -1))
        err(1, "%s", argv[2]);
    book = mmap(NULL, sizeof *book, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (book == MAP_FAILED)
        err(1, "mmap");
    new ? make_pen() : argc > 3 ? sign(argv[3]) : show();
    return 0;
}
