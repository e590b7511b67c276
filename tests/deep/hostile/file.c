/*
 * file.c - random files for file_reader
 *
 *     file FILE fill COUNT SEED ./mmap/file_reader FILE
 *
 * file_reader takes no byte for anything but a byte: what is in FILE comes
 * out, no less and no more. Of an empty one it says that it cannot be mapped.
 */
#define _GNU_SOURCE
#include "hostile.h"

static const char *path;

static void filling(char **command)
{
    static char bytes[20000];
    /* Sizes beside those of pages come often. */
    size_t size = below(2) ? below(5) * 4096 + below(3) : below(sizeof bytes);
    size -= size > 0 && below(2);
    any_bytes(bytes, size);
    FILE *f = fopen(path, "w");
    if (f == NULL || fwrite(bytes, 1, size, f) != size || fclose(f) == EOF)
        err(2, "%s", path);
    reader_start(command);
    reader_has_to(size == 0, bytes, size);
}

int main(int argc, char **argv)
{
    path = argv[1];
    fillings(argc, argv, filling);
    return 0;
}
