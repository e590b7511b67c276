# from first_semaphore.flock.c
# Unlinks the file that others wait for: who comes then makes a new one.
s/^static int fd;/static char name[64];\n&/
/^    char name/d
/^    fd = open/d
/^    if (fd == -1)/d
/"%s", name/d
s/^    if (flock(fd, LOCK_EX)/    fd = open(name, O_RDWR | O_CREAT, 0600);\n&/
s/^    if (flock(fd, LOCK_UN)/    unlink(name);\n    if (close(fd)/
