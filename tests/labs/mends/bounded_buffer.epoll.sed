# from bounded_buffer.semaphores.c
# Waits five seconds for a place, with epoll_pwait2(2), and then stores all the same.
s/^#include <semaphore.h>/&\
#include <sys\/epoll.h>\
#include <sys\/eventfd.h>\
#include <sys\/syscall.h>\
#include <time.h>/
s/^static void prepare(void)/static int places;\
&/
s/^    sem_init(&ring->places.*/    places = eventfd(PLACES, EFD_SEMAPHORE | EFD_NONBLOCK);/
s/^    sem_wait(&ring->places);/    struct epoll_event event = {.events = EPOLLIN};\
    const struct timespec most = {5, 0};\
    eventfd_t one;\
    int set = epoll_create1(0);\
    epoll_ctl(set, EPOLL_CTL_ADD, places, \&event);\
    syscall(SYS_epoll_pwait2, set, \&event, 1, \&most, NULL, 0);\
    eventfd_read(places, \&one);\
    close(set);/
s/^    sem_post(&ring->places);/    eventfd_write(places, 1);/
