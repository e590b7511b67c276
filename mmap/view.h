/*
 * view.h - what the lessons have in shared memory, for mmap/view
 */
#ifndef VIEW_H
#define VIEW_H

#include "../posix_shm/counter.h"
#include "../posix_shm/message.h"
#include "../posix_shm/stream.h"
#include "../sysv_shm/student.h"
#include "seqlock.h" /* in lesson 1.4 the text is at the same place */

static union { /* the first bytes of an object */
    char bytes[1 << 14];
    int kind;
    struct seqlock seqlock;
    struct message message;
    uint32_t length[SLOTS]; /* struct stream begins with it, and is large */
    struct counter counter;
    struct student student;
} copy;

/* A text, but with a dot for what could control a terminal. In UTF-8 that is
   also U+0080 to U+009f: 0xc2 and a byte below 0xa0. */
static const char *safe(const char *text, size_t most)
{
    static char result[sizeof copy];
    snprintf(result, sizeof result, "%.*s", (int)most, text);
    for (unsigned char *c = (unsigned char *)result; *c != '\0'; c++)
        if (*c < ' ' || *c == 127 || (*c == 0xc2 && c[1] < 0xa0))
            *c = '.';
    return result;
}

/* The fields, if a lesson makes objects of this size and kind. Others may have
   written them: numbers are only printed. SET has the semaphores of lesson 3.1. */
static void print_fields(FILE *out, size_t size, int set)
{
    struct message *m = &copy.message;
    const struct counter *c = &copy.counter;
    const struct student *s = &copy.student;
    const char *text = copy.bytes + TEXT_OFFSET;
    int room = 0, full = 0;
    if (size == FILE_SIZE && copy.kind == 0)
        fprintf(out, "lesson 1.4: text %s\n", safe(text, TEXT_SIZE));
    if (size == FILE_SIZE && copy.kind == SEQLOCK_MAGIC)
        fprintf(out, "lesson 1.5: sequence %u, text %s\n",
                copy.seqlock.sequence, safe(text, TEXT_SIZE));
    if (size == sizeof *m && m->kind == MESSAGE_KIND) {
        sem_getvalue(&m->room, &room);
        sem_getvalue(&m->full, &full);
        fprintf(out, "lesson 2.1: room %d, full %d, last %d, text %s\n", room,
                full, m->last, safe(m->text, MESSAGE_MAX));
    }
    if (size == sizeof(struct stream))
        fprintf(out, "lesson 2.3: length %u, %u\n", copy.length[0],
                copy.length[1]);
    if (size == sizeof *c && c->kind == COUNTER_KIND)
        fprintf(out, "lesson 2.4: rows %d, added %lld, %lld, total %lld\n",
                c->rows, c->added[0], c->added[1], c->total);
    if (size == sizeof *s)
        fprintf(out, "lesson 3.1: age %d, name %s\n", s->age,
                safe(s->name, sizeof s->name));
    if (size == sizeof *s && set != -1)
        fprintf(out, "OWNER %d, READY %d, UNREAD %d, BUSY %d\n",
                semctl(set, OWNER, GETVAL), semctl(set, READY, GETVAL),
                semctl(set, UNREAD, GETVAL), semctl(set, BUSY, GETVAL));
}

#endif
