/*
 * view - look at shared memory while others use it
 *
 *     $ ./mmap/view data/work/temp              a file
 *     $ ./mmap/view /dev/shm/shm_tutorial.1000  a POSIX object
 *     $ ./mmap/view /proc/4711/fd/4             a memfd of process 4711
 *     $ ./mmap/view 42                          a System V segment, by its id
 *
 * It only reads, and takes no lock: what it shows may be torn. -n: one look.
 * Pages are in memory (#) or not (.), all # if you may not write the file. If
 * you are not root, it finds only your own processes: proc_pid_maps(5).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <sys/shm.h>

#include "../posix_shm/counter.h"
#include "../posix_shm/message.h"
#include "../sysv_shm/student.h"
#include "seqlock.h" /* in lesson 1.4 the text is at the same place */

enum { COPY = 1 << 14, ROW = 16, LINES = 23 /* of 80 x 24; one is free */ };
static FILE *out; /* the text of a look */
static union {    /* the first bytes of the object */
    char bytes[COPY];
    struct seqlock seqlock;
    struct message message;
    struct counter counter;
    struct student student;
} copy;

/* The start of a text, with dots for what controls a terminal: in UTF-8 also
   U+0080 to U+009f, which are 0xc2 and a byte below 0xa0. */
static const char *safe(const char *text)
{
    static char result[64];
    snprintf(result, sizeof result, "%.63s", text);
    for (unsigned char *c = (unsigned char *)result; *c != '\0'; c++)
        if (*c < ' ' || *c == 127 || (*c == 0xc2 && c[1] < 0xa0))
            *c = '.';
    return result;
}

/* The fields, if this is a lesson's. Others wrote them: numbers are printed. */
static void print_fields(size_t size)
{
    int room, full;
    if (size == FILE_SIZE && copy.seqlock.magic == SEQLOCK_MAGIC)
        fprintf(out, "lesson 1.5: sequence %u\n", copy.seqlock.sequence);
    if (size == FILE_SIZE)
        fprintf(out, "text %s\n", safe(copy.bytes + TEXT_OFFSET));
    if (size == sizeof copy.message && copy.message.kind == MESSAGE_KIND) {
        sem_getvalue(&copy.message.room, &room);
        sem_getvalue(&copy.message.full, &full);
        fprintf(out, "lesson 2.1: room %d, full %d, last %d\ntext %s\n", room,
                full, copy.message.last, safe(copy.message.text));
    }
    if (size == sizeof copy.counter && copy.counter.kind == COUNTER_KIND)
        fprintf(out, "lesson 2.4: rows %d, total %lld\n", copy.counter.rows,
                copy.counter.total);
    if (size == sizeof copy.student)
        fprintf(out, "lesson 3.1: age %d, name %s\n", copy.student.age,
                safe(copy.student.name));
}

/* In our maps, proc_pid_maps(5), find the device and inode of what is AT; on
   btrfs, stat(2) has another device. In those of others, print the same. */
static void read_maps(const char *pid, const char *at)
{
    static char key[2][24];
    char path[300], rights[8], here[2][24], program[200] = "/";
    unsigned long long from, to;
    snprintf(path, sizeof path, "/proc/%s/exe", pid);
    bool ours = readlink(path, program, sizeof program - 1) != -1;
    snprintf(path, sizeof path, "/proc/%s/maps", pid);
    FILE *maps = ours ? fopen(path, "r") : NULL;
    while (maps && fscanf(maps, "%llx-%llx %7s %*s %23s %23s%*[^\n]", &from,
                          &to, rights, here[0], here[1]) == 5)
        if (at && from == (unsigned long)at)
            memcpy(key, here, sizeof key);
        else if (!at && !strcmp(here[0], key[0]) && !strcmp(here[1], key[1]))
            fprintf(out, "%9s %llx-%llx %s %.32s\n", pid, from, to, rights,
                    safe(strrchr(program, '/') + 1));
    if (maps)
        fclose(maps);
}

/* Look at a file, or a segment if NAME is a number. Its size; 0 if not read. */
static size_t look(const char *name, bool once)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char in_memory[COPY / 4096] = "";
    struct shmid_ds ds = {.shm_nattch = 0};
    struct stat st = {.st_size = 0};
    char *at = MAP_FAILED, rest;
    int id, fd = -1;
    bool segment = sscanf(name, "%10d%c", &id, &rest) == 1;
    if (!segment && stat(name, &st) == 0 && !S_ISREG(st.st_mode))
        errx(1, "%s is no file", safe(name)); /* a FIFO notices an open(2) */
    if (segment ? shmctl(id, IPC_STAT, &ds) == -1
                : (fd = open(name, O_RDONLY | O_NONBLOCK)) == -1) {
        if (once)
            err(1, "%s", safe(name));
        fprintf(out, "waiting for %s: %s\n", safe(name), strerror(errno));
        return 0;
    }

    /* Programs count attachments: leave a segment alone if nobody has it, or if
       others just came. To touch a mapped file that others cut is a SIGBUS. */
    if (segment) {
        bool calm = ds.shm_lpid == getpid() || time(NULL) > ds.shm_atime + 1;
        if (once || (ds.shm_nattch > 0 && calm))
            at = shmat(id, NULL, SHM_RDONLY);
        st.st_size = (off_t)ds.shm_segsz;
        st.st_nlink = (nlink_t)ds.shm_nattch;
        st.st_uid = ds.shm_perm.uid;
        st.st_mode = ds.shm_perm.mode;
    } else {
        if (pread(fd, &copy, COPY, 0) != -1)
            at = mmap(NULL, COPY, PROT_READ, MAP_SHARED, fd, 0);
        close(fd);
    }
    size_t seen = st.st_size < COPY ? (size_t)st.st_size : COPY;
    if (at != MAP_FAILED) {
        mincore(at, seen, in_memory); /* a load would create a missing page */
        for (size_t i = 0; segment && i < seen; i++)
            if (in_memory[i / page] & 1)
                copy.bytes[i] = at[i];
        read_maps("self", at);
        segment ? shmdt(at) : munmap(at, COPY);
    }

    fprintf(out, "%s (may be torn)\npages ", safe(name));
    for (size_t i = 0; i < seen; i += page)
        putc(in_memory[i / page] & 1 ? '#' : '.', out);
    fprintf(out, ", size %lld, %s %lu, owner %u, mode %04o, mapped by:\n",
            (long long)st.st_size, segment ? "attached" : "links",
            (unsigned long)st.st_nlink, st.st_uid, st.st_mode & 07777);
    DIR *proc = opendir("/proc");
    for (struct dirent *each; proc && (each = readdir(proc)) != NULL;)
        read_maps(each->d_name, NULL);
    proc ? closedir(proc) : 0;
    if (at == MAP_FAILED)
        fprintf(out, "not mapped now, so its bytes are not read\n");
    return at == MAP_FAILED ? 0 : (size_t)st.st_size;
}

/* The bytes as hexdump -C shows them, but no rows of zeros. */
static void print_bytes(const char *before, const char *changed)
{
    static const char zeros[ROW];
    for (size_t row = 0; row < COPY; row += ROW) {
        const char *now = copy.bytes + row, *old = before + row;
        if (memcmp(now, zeros, ROW) == 0 && memcmp(old, zeros, ROW) == 0)
            continue;
        fprintf(out, "%08zx ", row);
        for (int i = 0; i < ROW; i++)
            fprintf(out, now[i] == old[i] ? " %02x" : changed, now[i] & 0xff);
        fprintf(out, "  |");
        for (int i = 0; i < ROW; i++)
            putc(now[i] >= ' ' && now[i] <= '~' ? now[i] : '.', out);
        fprintf(out, "|\n");
    }
}

int main(int argc, char **argv)
{
    static char *text, *last, was[COPY], before[COPY];
    const char *term = getenv("TERM");
    bool once = argc == 3 && strcmp(argv[1], "-n") == 0;
    if (argc != 2 + once || *argv[argc - 1] == '-')
        errx(2, "usage: view [-n] PATH | ID");
    bool plain = once || !isatty(1) || !term || strcmp(term, "dumb") == 0;
    do {
        size_t length;
        if ((out = open_memstream(&text, &length)) == NULL)
            err(1, "open_memstream");
        memcpy(was, &copy, COPY);
        memset(&copy, 0, COPY);
        fprintf(out, plain ? "" : "\033[H\033[J"); /* to the top, and erase */
        size_t size = look(argv[argc - 1], once);
        /* What has changed is lit up until something changes again. */
        if (last == NULL || memcmp(was, copy.bytes, COPY) != 0)
            memcpy(before, last == NULL ? copy.bytes : was, COPY);
        print_fields(size);
        if (size > 0)
            print_bytes(before, plain ? ">%02x" : " \033[7m%02x\033[m");
        fclose(out);
        char *end = text;
        for (int line = 0; *end != '\0' && (plain || line < LINES); line++)
            end = strchr(end, '\n') + 1;
        if ((last == NULL || strcmp(text, last) != 0) &&
            write(STDOUT_FILENO, text, (size_t)(end - text)) == -1)
            err(1, "write to stdout");
        free(last);
        last = text;
    } while (!once && usleep(200000) == 0);
    return 0;
}
