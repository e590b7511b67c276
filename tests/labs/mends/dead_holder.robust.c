/*
 * dead_holder, mended with a robust mutex: pthread_mutex_lock(3) tells the next
 * one that the owner has died, and that one sets the book right. A name counts
 * when `guests` says so, and that is the last thing that is written.
 */
#include <err.h>
#include <errno.h>
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
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&book->pen, &a);
}

static void take_pen(void)
{
    int e = pthread_mutex_lock(&book->pen);
    if (e == EOWNERDEAD) {
        book->letters = 0;
        for (int i = 0; i < book->guests; i++)
            book->letters += (int)strlen(book->name[i]);
        e = pthread_mutex_consistent(&book->pen);
    }
    if (e != 0)
        errx(1, "the pen: %s", strerror(e));
}

static void sign(const char *who)
{
    take_pen();
    book->letters += (int)strlen(who);
    for (size_t i = 0; i <= strlen(who); i++, usleep(100000))
        book->name[book->guests][i] = who[i];
    book->guests++;
    pthread_mutex_unlock(&book->pen);
}

static void show(void)
{
    take_pen();
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
