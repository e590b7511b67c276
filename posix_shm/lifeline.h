/*
 * lifeline.h - a socket that two processes hold on to       (lessons 2.2, 2.3)
 *
 * They meet at an abstract address, unix(7). Each byte says "your turn", and the
 * first brings a descriptor. If one process dies, the other's read(2) returns 0.
 */
#ifndef LIFELINE_H
#define LIFELINE_H

#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* @shm_LESSON.USER.NAME: the user id keeps users apart. */
static inline socklen_t lifeline_address(struct sockaddr_un *a,
                                         const char *lesson, const char *name)
{
    *a = (struct sockaddr_un){.sun_family = AF_UNIX}; /* sun_path[0] stays 0 */
    int n = snprintf(a->sun_path + 1, sizeof a->sun_path - 1, "shm_%s.%u.%s",
                     lesson, geteuid(), name);
    if ((size_t)n >= sizeof a->sun_path - 1)
        errx(2, "the NAME %s is too long", name);
    return (socklen_t)(sizeof a->sun_family + 1 + (size_t)n);
}

/* The user at the other end. Any user can take an abstract address first. */
static inline uid_t lifeline_user(int line)
{
    struct ucred peer = {.uid = (uid_t)-1};
    getsockopt(line, SOL_SOCKET, SO_PEERCRED, &peer, &(socklen_t){sizeof peer});
    return peer.uid;
}

/* Send FD, or receive one if FD is -1. Still -1: none came, or no partner. */
static inline int lifeline_pass(int line, int fd)
{
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {0};
    struct msghdr m = {.msg_iov = &(struct iovec){(char[1]){0}, 1},
                       .msg_iovlen = 1,
                       .msg_control = control,
                       .msg_controllen = CMSG_LEN(sizeof fd)};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    *c = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    ssize_t n = fd == -1 ? recvmsg(line, &m, MSG_CMSG_CLOEXEC)
                         : sendmsg(line, &m, MSG_NOSIGNAL);
    memcpy(&fd, CMSG_DATA(c), sizeof fd);
    return n == 1 ? fd : -1;
}

/* Tell the partner that it is its turn. If it is dead, lifeline_rung notices. */
static inline void lifeline_ring(int line)
{
    send(line, "", 1, MSG_NOSIGNAL);
}

/* Sleep until the partner has rung, and return how often. */
static inline int lifeline_rung(int line, const char *who)
{
    char bytes[16];
    ssize_t n = read(line, bytes, sizeof bytes);
    if (n <= 0)
        errx(1, "the %s is gone", who);
    return (int)n;
}

/* Sleep until FD is ready. End if the partner dies first (POLLHUP). */
static inline void lifeline_ready(int fd, short on, int line, const char *who)
{
    struct pollfd p[] = {{.fd = fd, .events = on}, {.fd = line}};
    if (poll(p, 2, -1) == -1 || p[0].revents == 0)
        errx(1, "the %s is gone", who);
}

#endif
