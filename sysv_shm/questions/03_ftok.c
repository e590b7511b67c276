/*
 * 03_ftok.c - what is a key made of?
 *
 * Try ftok("data/work/x", 'A'), and make that file anew between two runs.
 */
#define _GNU_SOURCE
#include <sys/ipc.h>
#include <sys/stat.h>

#include "question.h"

int main(void)
{
    question(3, "What is ftok made of?");
    struct stat st;
    int same;

    CODE(key_t key = ftok("/", 'A'));
    if (key == -1)
        err(1, "ftok /");
    CODE(stat("/", &st); unsigned made = 'A' << 24;
         made |= (unsigned)(st.st_dev & 0xff) << 16;
         made |= (unsigned)(st.st_ino & 0xffff); same = made == (unsigned)key);
    expect("1", result(same));

    CODE(same = ftok("/.", 'A') == key);
    expect("1", result(same));
    CODE(same = ftok("/", 'B') == key);
    expect("0", result(same));
    CODE(same = ftok("/", 'A' + 256) == key);
    expect("1", result(same));
    CODE(key = ftok("/no such file", 'A'));
    expect("ENOENT", result(key));

    return why(
        "Of 8 bits of the second argument, 8 bits of the device number and 16 "
        "of the inode number: ftok(3). So two files may have the same key, "
        "and a file that is made anew gets another one. -1 is an error, but "
        "shmget accepts it as a key, so check it first.");
}
