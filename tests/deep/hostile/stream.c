/*
 * stream.c - rings for posix_shm/stream_reader that no stream_writer made
 *
 * How to call it: object.h. Its own fields are length, of each slot; last: the
 * slot whose length is 0; and text: the byte that fills them.
 */
#define _GNU_SOURCE
#include "../../../posix_shm/stream.h"

#define SIZE ((off_t)sizeof(struct stream))
#define READY STREAM_READY
#include "object.h"

/* The rooms that the reader has posted are ours. How many? */
static int rooms(void)
{
    int n = 0;
    while (sem_trywait(&p->room) == 0)
        n++;
    return n;
}

/* Some slots as a writer fills them, up to one whose length is none. */
static void strange_length(struct stream *s, char **command)
{
    static char text[PRINTED_MAX];
    size_t size = 0;
    uint32_t length = 1, slots = below(3 * SLOTS);
    int free = 0, status = -1;
    p->state = READY;
    reader_start(command);
    for (unsigned n = 0; length > 0 && length <= SLOT_SIZE; n++) {
        while (free == 0 && !reader_ends(1, &status))
            free = rooms();
        if (free-- == 0)
            wrong("ended at slot %u: status %d", n, status);
        length = below(4) ? 1 + below(SLOT_SIZE) : SLOT_SIZE - below(2);
        if (size + length > PRINTED_MAX)
            length = 1;
        if (n >= slots && below(3) == 0)
            length = 0;
        else if (n >= slots)
            length =
                SLOT_SIZE + 1 + (below(2) ? (uint32_t)any() / 2 : below(9));
        s->length[n % SLOTS] = length;
        any_bytes(s->slot[n % SLOTS], 100);
        if (length <= SLOT_SIZE) {
            memcpy(text + size, s->slot[n % SLOTS], length);
            size += length;
        }
        sem_post(&p->full);
    }
    reader_has_to(length != 0, text, size);
}

/* All but the semaphores, again and again while the reader is at work. Each
   slot has a letter of its own, and nothing beside them has one. */
static void write_on(struct stream *s, char **command)
{
    enum { POSTS = 50, LETTERS = 'z' - 'a' + 1 };
    bool two_faced = below(2);
    bool state = below(128) == 0; /* it costs a second, all of -t */
    memset(&p->full + 1, 0xff, (size_t)(s->slot[0] - (char *)(&p->full + 1)));
    for (int n = 0; n < SLOTS; n++)
        memset(s->slot[n], 'a' + n % LETTERS, SLOT_SIZE);
    p->state = READY;
    reader_start(command);
    int posts = 0, status, came = 0, new;
    while (!reader_ends(posts < POSTS ? 0 : 1, &status)) {
        came += new = rooms();
        if (new > 0 || (posts > 0 && below(100) == 0)) {
            if (posts++ < POSTS)
                sem_post(&p->full);
            else
                give_up();
        }
        /* Faster than the reader can look twice. */
        for (uint32_t i = 0; i < 2000; i++)
            s->length[below(SLOTS)] =
                two_faced && i % 2 ? ~i : below(SLOT_SIZE + 1);
        if (state && posts > 0)
            p->state = (uint32_t)any();
    }
    came += rooms();
    const char *printed;
    size_t size, most[LETTERS] = {0}, got[LETTERS] = {0};
    reader_ended(status, &printed, &size);
    /* It posts SLOTS rooms first, and another behind each slot; of one more it
       may have come half way. */
    for (int i = 0; i <= came - SLOTS; i++)
        most[i % SLOTS % LETTERS] += SLOT_SIZE;
    for (size_t i = 0; i < size; i++) {
        if (printed[i] < 'a' || printed[i] > 'z')
            wrong("printed what is not in a slot");
        got[printed[i] - 'a']++;
    }
    for (int i = 0; i < LETTERS; i++)
        if (got[i] > most[i])
            wrong("printed %zu bytes of at most %zu, %c", got[i], most[i],
                  'a' + i);
}

static void strange(char **command)
{
    if (below(5) < 4)
        strange_length((struct stream *)p, command);
    else
        write_on((struct stream *)p, command);
}

static bool own_field(const char *argument)
{
    struct stream *s = (struct stream *)p;
    long long n;
    if (field(argument, "length", &n))
        for (int i = 0; i < SLOTS; i++)
            s->length[i] = (uint32_t)n;
    else if (field(argument, "last", &n))
        s->length[n % SLOTS] = 0;
    else if (field(argument, "text", &n))
        memset(s->slot, (int)n, sizeof s->slot);
    else
        return false;
    return true;
}
