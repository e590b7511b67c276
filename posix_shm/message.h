/*
 * message.h - what writer and reader agree on
 *
 * Two semaphores hand the one place for a message to and fro, so that each
 * message arrives once, in order, and whole:
 *
 *     writer:  wait for room,  write the message,  post full
 *     reader:  wait for full,  read the message,   post room
 *
 * The first room is posted by the reader when it has come; so each further one
 * says that it has the message before. How the two find each other, and how
 * each notices that the other has died: partner.h. Who owns the name: owner.h.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "partner.h"

#define MESSAGE_NAME "/shm_tutorial.%u" /* with the user's id */
#define MESSAGE_READY 0x6d736730u
enum { MESSAGE_MAX = 3072, MESSAGE_SIZE = 4096 };

struct message {
    struct partner partner;  /* room and full: 0 or 1 */
    uint32_t last;           /* 1 with the last message, else 0; writer */
    _Atomic uint32_t length; /* bytes in text, 0 to MESSAGE_MAX; writer. Atomic
                                so that the reader checks and uses one load */
    char text[MESSAGE_MAX];  /* no NUL at its end; writer */
};
static_assert(sizeof(struct message) <= MESSAGE_SIZE, "");

#endif
