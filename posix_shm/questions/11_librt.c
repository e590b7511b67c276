/*
 * 11_librt.c - what does the option -lrt do?
 *
 * Try to compile it with -lrt, then without, and compare the two with cmp(1).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>

#include "question.h"

/* Called for the program itself, and for each library that it has loaded. */
static int is_librt(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size, (void)unused;
    if (info->dlpi_name[0] != '\0')
        say("loaded", info->dlpi_name);
    return strstr(info->dlpi_name, "/librt") != NULL;
}

int main(void)
{
    question(11, "What does -lrt link?");
#ifdef __GLIBC__
    if (__GLIBC__ == 2 && __GLIBC_MINOR__ < 34)
        return skip("before glibc 2.34, shm_open is in librt.");
#endif

    CODE(int fd = shm_open("/question/x", O_RDWR, 0));
    expect("EINVAL", result(fd));
    CODE(int librt = dl_iterate_phdr(is_librt, NULL));
    expect("0", result(librt));

    return why(
        "Nothing. shm_open(3) still tells you to link with -lrt, but since "
        "glibc 2.34 shm_open is in libc, and the librt to link with is empty. "
        "That of musl is, too. The option is there for older systems.");
}
