# Takes the right to write away: whoever has the board mapped has it still.
s/^#include <sys\/mman.h>/&\
#include <sys\/stat.h>/
s/^    if (!writes) {/&\
        fchmod(fd, 0400);/
