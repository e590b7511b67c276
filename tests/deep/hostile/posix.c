/*
 * posix.c - objects for posix_shm/reader that no posix_shm/writer made
 *
 * How to call it: object.h. Its own fields are length, last, and text: the byte
 * that fills it.
 */
#define _GNU_SOURCE
#include "../../../posix_shm/message.h"

#define SIZE MESSAGE_SIZE
#define READY MESSAGE_READY
#include "object.h"

/* One message, of a length that may be none. */
static void strange_length(struct message *m, char **command)
{
    static char text[MESSAGE_MAX + 1];
    uint32_t length = below(MESSAGE_MAX + 1);
    switch (below(4)) {
    case 0:
        length = (uint32_t)any();
        break;
    case 1:
        length = MESSAGE_MAX - 2 + below(5);
    }
    m->length = length;
    m->last = below(16) ? m->last | 1 : 0;
    p->state = READY;
    reader_start(command);
    bool came = false;
    int status;
    while (!came && !reader_ends(1, &status))
        came = sem_trywait(&p->room) == 0;
    if (!came)
        wrong("did not come: status %d", status);
    sem_post(&p->full);
    bool good = length <= MESSAGE_MAX;
    if (m->last == 0)
        give_up(); /* or the reader waits for more, until -t */
    if (good) {
        memcpy(text, m->text, length);
        text[length] = '\n';
    }
    reader_has_to(!good || m->last == 0, text, good ? length + 1 : 0);
}

/* All but the semaphores, again and again while the reader is at work. The
   text has small letters, and nothing beside it has. */
static void write_on(struct message *m, char **command)
{
    enum { POSTS = 50 };
    bool two_faced = below(2);
    bool state = below(128) == 0; /* it costs a second, all of -t */
    memset(&p->full + 1, 0xff,
           (size_t)((char *)m + SIZE - (char *)(&p->full + 1)));
    memset(m->text, 'a', sizeof m->text);
    p->state = READY;
    reader_start(command);
    int posts = 0, status;
    size_t most = 0; /* one message for each room: the first says it came */
    while (!reader_ends(posts < POSTS ? 0 : 1, &status)) {
        bool room = sem_trywait(&p->room) == 0;
        most += room;
        if (room || (posts > 0 && below(100) == 0)) {
            if (posts++ < POSTS)
                sem_post(&p->full);
            else
                give_up();
        }
        /* Faster than the reader can look twice. */
        for (uint32_t i = 0; i < 2000; i++)
            m->length = two_faced && i % 2 ? ~i : below(MESSAGE_MAX + 1);
        m->text[below(MESSAGE_MAX)] = (char)('a' + below(26));
        m->last = below(64) == 0;
        if (state && posts > 0)
            p->state = (uint32_t)any();
    }
    while (sem_trywait(&p->room) == 0)
        most++;
    const char *printed;
    size_t size;
    reader_ended(status, &printed, &size);
    if (size > most * (MESSAGE_MAX + 1))
        wrong("printed %zu bytes of %zu messages", size, most);
    for (size_t i = 0; i < size; i++)
        if (printed[i] != '\n' && (printed[i] < 'a' || printed[i] > 'z'))
            wrong("printed what is not in text");
}

static void strange(char **command)
{
    if (below(5) < 4)
        strange_length((struct message *)p, command);
    else
        write_on((struct message *)p, command);
}

static bool own_field(const char *argument)
{
    struct message *m = (struct message *)p;
    long long n;
    if (field(argument, "length", &n))
        m->length = (uint32_t)n;
    else if (field(argument, "last", &n))
        m->last = (uint32_t)n;
    else if (field(argument, "text", &n))
        memset(m->text, (int)n, sizeof m->text);
    else
        return false;
    return true;
}
