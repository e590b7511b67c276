# A pause before the turn: whoever is inside has not noticed.
s/^    if (strcmp(argv\[2\]/    sleep(1);\n\n&/
s/^#include <sys\/shm.h>/&\n#include <unistd.h>/
