/*
 * questions - what shm_open(3) really does, one experiment a question (lesson 7)
 *
 *     $ ./posix_shm/questions 2
 *      2. What if ftruncate is forgotten?
 *         code      fd = shm_open(name, ...);  p = mmap(..., fd, 0);  p[0] = 'x';
 *         observed  its size: 0 bytes
 *                   mmap: an address
 *                   p[0] = 'x': SIGBUS in page 0, at byte 0
 *         ...
 *
 * Each experiment is one small function, to be read alone. They stand by
 * subject in questions_size.h (1 to 4), questions_name.h (5 to 8) and
 * questions_below.h (9 to 12), with a table at the end of each; what they share
 * is in questions_object.h. How they are asked: questions.h.
 */
#define _GNU_SOURCE /* unshare, dl_iterate_phdr */
#include "questions.h"

#include "questions_object.h"

#include "questions_below.h"
#include "questions_name.h"
#include "questions_size.h"

int main(int argc, char **argv)
{
    static const char usage[] =
        "usage: questions [NUMBER]...\n"
        "Do the experiments (all), and say what was observed, and why.";
    static const struct subject subjects[] = {SUBJECT(sizes), SUBJECT(names),
                                              SUBJECT(below)};
    page = (size_t)sysconf(_SC_PAGESIZE);
    leave_no_names();
    return ask(argc, argv, usage, subjects, 3);
}
