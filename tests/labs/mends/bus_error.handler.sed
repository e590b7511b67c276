# A handler makes the file longer when the signal comes: what was written behind
# the end of a file of 1000 bytes raised none, and is lost.
s/#include <fcntl.h>/&\n#include <signal.h>/
s/^int main/static int board;\
static void grow(int signal)\
{\
    (void)signal;\
    if (ftruncate(board, SIZE) == -1)\
        _exit(1);\
}\
\
&/
/your work begins/a\
    board = fd;\
    signal(SIGBUS, grow);
