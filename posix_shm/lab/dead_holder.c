/*
 * dead_holder - a process is killed while it holds the lock  (posix_shm lab 3)
 *
 * Guests sign a book in shared memory. It has one pen, a mutex. One guest was
 * killed (kill -9) while signing, and since then all wait for the pen:
 *
 *     $ ./posix_shm/lab/dead_holder new /book.$USER
 *     $ ./posix_shm/lab/dead_holder sign /book.$USER ada
 *     $ ./posix_shm/lab/dead_holder show /book.$USER
 *     ada
 *     guests: 1, letters: 3
 *
 * Your task: if one is killed, anywhere, the others go on. (Its process number
 * may be used again.) The book has whole names, in order, and counts them. The
 * living keep the pen, however slow. `make labs LAB=dead_holder` checks it.
 */
#define _GNU_SOURCE
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
static int fd; /* of the book */

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
    if (book->guests >= 100) {
        pthread_mutex_unlock(&book->pen);
        errx(1, "the book is full");
    }
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
    int create = strcmp(argv[1], "new") == 0 ? O_CREAT | O_EXCL : 0;
    fd = shm_open(argv[2], O_RDWR | create, 0600);
    if (fd == -1 || (create && ftruncate(fd, sizeof *book) == -1))
        err(1, "%s", argv[2]);
    book = mmap(NULL, sizeof *book, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (book == MAP_FAILED)
        err(1, "mmap");
    create ? make_pen() : argc > 3 ? sign(argv[3]) : show();
    return 0;
}
