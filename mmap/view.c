/*
 * view - look at shared memory while others use it
 *
 *     $ ./mmap/view data/work/temp              a file
 *     $ ./mmap/view /dev/shm/shm_tutorial.1000  a POSIX object
 *     $ ./mmap/view /proc/4711/fd/4             a memfd of process 4711
 *     $ ./mmap/view 42                          a System V segment, by its id
 *
 * It only reads, and takes no lock: what it shows may be torn. -n: one look.
 * Unless you are root, it finds only your own processes, proc_pid_maps(5), and
 * of a file that you may not write it calls all pages in memory, mincore(2).
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <glob.h>
#include <limits.h>
#include <pwd.h>
#include <sys/ioctl.h>
#include <sys/shm.h>

#include "view.h"

enum { COPY = sizeof copy, PAGES = 60, ROW = 16, LOOKS = 5 /* a second */ };
static char lit[COPY]; /* the byte has changed: light it up for so many looks */
static FILE *out;      /* the text of a look */

/* Read FOLDER/maps, proc_pid_maps(5). Ours has the device and inode of what is
   mapped AT; on btrfs, stat(2) has another device. If AT is 0, print who has
   mapped the same. */
static void read_maps(const char *folder, unsigned long at)
{
    static char key[2][24];
    char path[60], rights[8], here[2][24], program[200] = "/?";
    unsigned long long from, to;
    snprintf(path, sizeof path, "%s/maps", folder);
    FILE *maps = fopen(path, "re");
    while (maps && fscanf(maps, "%llx-%llx %7s %*s %23s %23s%*[^\n]", &from,
                          &to, rights, here[0], here[1]) == 5) {
        if (from == at)
            memcpy(key, here, sizeof key);
        if (at != 0 || strcmp(here[0], key[0]) != 0 ||
            strcmp(here[1], key[1]) != 0)
            continue;
        snprintf(path, sizeof path, "%s/exe", folder);
        if (readlink(path, program, sizeof program - 1) == -1)
            strcpy(program, "/?");
        fprintf(out, "%9s %llx-%llx %s %s\n", folder + strlen("/proc/"), from,
                to, rights, safe(strrchr(program, '/') + 1, sizeof program));
    }
    if (maps)
        fclose(maps);
}

/* Look at a file, or at a segment if NAME is a number. Its size, or 0. */
static size_t look(const char *name, bool once)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), most = PAGES * page;
    unsigned char in_memory[PAGES] = {0};
    struct shmid_ds ds = {.shm_nattch = 0};
    struct stat st = {.st_size = 0};
    char *at = MAP_FAILED, rest;
    long long number = -1;
    int fd = -1, set = -1;
    bool segment = sscanf(name, "%10lld%c", &number, &rest) == 1 &&
                   number >= 0 && number <= INT_MAX;
    int id = (int)number;

    /* 1. Find it. A FIFO or a device would notice that it is opened. */
    if (!segment && stat(name, &st) == 0 && !S_ISREG(st.st_mode))
        errx(1, "%s is not a file", safe(name, COPY));
    if (segment ? shmctl(id, IPC_STAT, &ds) == -1
                : (fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) == -1) {
        if (once || (errno != ENOENT && errno != EINVAL && errno != EIDRM))
            err(1, "%s", safe(name, COPY));
        fprintf(out, "waiting for %s: there is none\n", safe(name, COPY));
        return 0;
    }

    /* 2. Copy its first bytes. A file is read and not touched as memory: that
       is a SIGBUS if others cut it. Programs count attachments, so leave a
       segment alone if nobody has it, and for a second after others came. */
    if (segment) {
        bool calm = ds.shm_lpid == getpid() || time(NULL) > ds.shm_atime + 1;
        if (once || (ds.shm_nattch > 0 && calm))
            at = shmat(id, NULL, SHM_RDONLY);
        st.st_size = (off_t)ds.shm_segsz;
        st.st_nlink = (nlink_t)ds.shm_nattch;
        st.st_uid = ds.shm_perm.uid;
        st.st_mode = ds.shm_perm.mode;
        if (ds.shm_perm.__key != IPC_PRIVATE)
            set = semget(ds.shm_perm.__key, SEMAPHORES, 0);
    } else {
        if (fstat(fd, &st) == -1 || pread(fd, &copy, COPY, 0) == -1)
            err(1, "read %s", safe(name, COPY));
        at = mmap(NULL, most, PROT_READ, MAP_SHARED, fd, 0);
        close(fd);
    }
    bool large = st.st_size > (off_t)most;
    size_t seen = large ? most : (size_t)st.st_size;
    if (at != MAP_FAILED) {
        mincore(at, seen, in_memory); /* to touch other pages creates them */
        for (size_t i = 0; segment && i < seen && i < COPY; i++)
            if (in_memory[i / page] & 1)
                copy.bytes[i] = at[i];
        read_maps("/proc/self", (unsigned long)at);
        segment ? shmdt(at) : munmap(at, most);
    }

    /* 3. Say what it is, who has it, and what is in it. */
    const struct passwd *owner = getpwuid(st.st_uid);
    fprintf(out, "%s: size %lld, %s %lu, owner %s (%u), mode %04o\n",
            safe(name, COPY), (long long)st.st_size,
            segment ? "attached" : "links", (unsigned long)st.st_nlink,
            owner ? owner->pw_name : "?", st.st_uid, st.st_mode & 07777);
    fprintf(out, "pages in memory%s: ", large ? " (the first)" : "");
    for (size_t i = 0; i * page < seen; i++)
        putc(in_memory[i] & 1 ? '#' : '.', out);
    fprintf(out, "\nmapped by%s:\n", geteuid() == 0 ? "" : " (yours only)");
    glob_t all = {.gl_pathc = 0};
    glob("/proc/[0-9]*", 0, NULL, &all);
    for (size_t i = 0; i < all.gl_pathc; i++)
        read_maps(all.gl_pathv[i], 0);
    globfree(&all);
    if (segment && at == MAP_FAILED) {
        fprintf(out, "not attached now, so its bytes are not read\n");
        return 0;
    }
    print_fields(out, (size_t)st.st_size, set);
    fprintf(out, "bytes, read without a lock, so they may be torn:\n");
    return seen < COPY ? seen : COPY;
}

/* The bytes, as hexdump -C shows them; of rows of zeros, only a star. */
static void print_bytes(size_t size, bool light)
{
    static const char zeros[ROW];
    bool star = false;
    for (size_t row = 0; row < size; row += ROW) {
        char text[ROW + 1] = "";
        if (memcmp(copy.bytes + row, zeros, ROW) == 0 &&
            memcmp(lit + row, zeros, ROW) == 0) {
            fprintf(out, star ? "" : "*\n");
            star = true;
            continue;
        }
        star = false;
        fprintf(out, "%08zx ", row);
        for (size_t i = 0; i < ROW && row + i < size; i++) {
            int c = copy.bytes[row + i] & 0xff;
            text[i] = (char)(c >= ' ' && c <= '~' ? c : '.');
            fprintf(out,
                    lit[row + i] == 0 ? " %02x"
                    : light           ? " \033[7m%02x\033[m"
                                      : ">%02x",
                    c);
        }
        fprintf(out, "%*s|%s|\n", 2 + 3 * (ROW - (int)strlen(text)), "", text);
    }
}

int main(int argc, char **argv)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    bool once = false;
    int o;
    while ((o = getopt(argc, argv, "n")) == 'n')
        once = true;
    if (o != -1 || argc - optind != 1)
        errx(2, "usage: view [-n] PATH | ID");
    bool plain = once || !isatty(1) || !term || strcmp(term, "dumb") == 0;
    bool light = !plain && (!no_color || *no_color == '\0');

    /* Signals end the nap, and not a look: the terminal stays as it was. */
    sigset_t ends;
    struct sigaction action;
    sigemptyset(&ends);
    for (const int *s = (int[]){SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0}; *s; s++)
        if (sigaction(*s, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(&ends, *s);
    sigprocmask(SIG_BLOCK, &ends, NULL);

    static char *text, *last, was[COPY];
    int number = -1;
    while (number == -1) {
        size_t length;
        out = open_memstream(&text, &length);
        memcpy(was, &copy, COPY);
        memset(&copy, 0, COPY);
        size_t size = look(argv[optind], once);
        /* Light up what has changed: on a screen for a second, in plain lines
           until something changes again. */
        bool fade = !plain || memcmp(was, copy.bytes, COPY) != 0;
        for (size_t i = 0; i < COPY && last != NULL; i++)
            if (was[i] != copy.bytes[i])
                lit[i] = plain ? 1 : LOOKS;
            else if (fade && lit[i] > 0)
                lit[i]--;
        print_bytes(size, light);
        fclose(out);
        struct winsize window = {.ws_row = 0};
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &window);
        int rows = window.ws_row > 0 ? window.ws_row : 24;
        if (plain && (last == NULL || strcmp(text, last) != 0))
            printf("%s\n", text);

        /* On a screen, as many lines as fit. ?7l cuts long ones, ?7h does not;
           H goes to the top, K and J erase what was there before. */
        printf(plain ? "" : "\033[?7l\033[H");
        char *line = plain ? "" : text;
        for (int row = 1; *line != '\0' && row < rows; row++) {
            int columns = (int)strcspn(line, "\n");
            printf("%.*s\033[K\n", columns, line);
            line += columns + 1;
        }
        printf(plain ? "" : "\033[J\033[?7h");
        if (fflush(stdout) == EOF || ferror(stdout))
            err(1, "write to stdout");
        if (once)
            return 0;
        free(last);
        last = text;
        number = sigtimedwait(
            &ends, NULL, &(struct timespec){.tv_nsec = 1000000000 / LOOKS});
    }
    printf(plain ? "" : "\033[?7h\033[m");
    fflush(stdout);
    sigprocmask(SIG_UNBLOCK, &ends, NULL);
    return raise(number);
}
