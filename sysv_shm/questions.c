/*
 * questions - what shmget(2), shmat(2), shmdt(2), shmctl(2) and ftok(3) really
 * do, one experiment a question (lesson 11)
 *
 *     $ ./sysv_shm/questions 7
 *      7. Attached with SHM_RDONLY, what does a write do?
 *         code      p = shmat(id, NULL, SHM_RDONLY);  p[0] = 'x';
 *         ...
 *
 * Each experiment is one small function, to be read alone. They stand by
 * subject in questions_getting.h (1 to 5), questions_attaching.h (6 to 9),
 * questions_controlling.h (10 to 12) and questions_lasting.h (13 to 15), with a
 * table at the end of each. What they share is in questions_segment.h and
 * questions_process.h.
 */
#define _GNU_SOURCE /* IPC_INFO, __key */
#include "questions.h"
#include "questions_segment.h"

#include "questions_process.h"

#include "questions_getting.h"

#include "questions_attaching.h"

#include "questions_controlling.h"

#include "questions_lasting.h"

int main(int argc, char **argv)
{
    static const char usage[] =
        "usage: questions [NUMBER]...\n"
        "Do the experiments (all), and say what was observed, and why.";
    static const struct subject subjects[] = {
        SUBJECT(getting), SUBJECT(attaching), SUBJECT(controlling),
        SUBJECT(lasting)};
    page = (size_t)sysconf(_SC_PAGESIZE);
    if (argc == 3 && strcmp(argv[1], "stranger") == 0)
        return stranger(argv[2]); /* an experiment has started us anew */
    atexit(clear);
    return ask(argc, argv, usage, subjects, 4);
}
