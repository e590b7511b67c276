/*
 * questions - what mmap(2) really does, one experiment a question (lesson 2)
 *
 *     $ ./mmap/questions 3
 *      3. May the offset be 1000?
 *         code      mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 1000);
 *         observed  offset 1000: EINVAL Invalid argument
 *                   offset of a page: an address
 *         why       The kernel maps pages, so a mapping starts where a page ...
 *
 * Each experiment is one small function, to be read alone. They stand by
 * subject in questions_calls.h (1 to 5), questions_files.h (6 to 9) and
 * questions_sharing.h (10 to 14), with a table at the end of each.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "questions.h"

#include "questions_calls.h"
#include "questions_files.h"
#include "questions_sharing.h"

int main(int argc, char **argv)
{
    static const char usage[] =
        "usage: questions [NUMBER]...\n"
        "Do the experiments (all), and say what was observed, and why.";
    static const struct subject subjects[] = {SUBJECT(calls), SUBJECT(files),
                                              SUBJECT(sharing)};
    page = (size_t)sysconf(_SC_PAGESIZE);
    return ask(argc, argv, usage, subjects, 3);
}
