/*
 * dead_holder, mended with a System V semaphore: what a process took with
 * SEM_UNDO the kernel puts back when it ends, however it ends, semop(2).
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <unistd.h>

/* ---- your work begins here ---- */
static struct book {
    int pen; /* the number of the semaphore */
    int letters, guests;
    char name[100][16];
} * book;

static void pen(short change)
{
    struct sembuf step = {0, change, SEM_UNDO};
    if (semop(book->pen, &step, 1) == -1)
        err(1, "the pen");
}

static void make_pen(void)
{
    book->pen = semget(IPC_PRIVATE, 1, 0600);
    struct sembuf step = {0, 1, 0};
    if (book->pen == -1 || semop(book->pen, &step, 1) == -1)
        err(1, "the pen");
}

/* After a death the number may be wrong; the names up to `guests` are not. */
static void count_letters(void)
{
    book->letters = 0;
    for (int i = 0; i < book->guests; i++)
        book->letters += (int)strlen(book->name[i]);
}

static void sign(const char *who)
{
    pen(-1);
    count_letters();
    book->letters += (int)strlen(who);
    for (size_t i = 0; i <= strlen(who); i++, usleep(100000))
        book->name[book->guests][i] = who[i];
    book->guests++;
    pen(1);
}

static void show(void)
{
    pen(-1);
    count_letters();
    for (int i = 0; i < book->guests; i++)
        printf("%s\n", book->name[i]);
    printf("guests: %d, letters: %d\n", book->guests, book->letters);
    pen(1);
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
