/*
 * questions_attaching.h - experiments 6 to 9: shmat and shmdt
 */
#ifndef QUESTIONS_ATTACHING_H
#define QUESTIONS_ATTACHING_H

static void attached_twice(void)
{
    int id = segment(IPC_PRIVATE, page);
    char *a = attach(id), *b = attach(id);
    saw("two addresses: %s, %p and %p", a == b ? "no" : "yes", (void *)a,
        (void *)b);
    saw("shm_nattch: %lu", (unsigned long)status(id).shm_nattch);
    strcpy(a, "hello");
    saw("written to a, read from b: %s", b);
    saw("shmdt(a): %s", result(shmdt(a)));
    saw("b is still there: %s", b);
    shmdt(b);
    clear();
}

static void read_only(void)
{
    int id = segment(IPC_PRIVATE, page);
    char *p = shmat(id, NULL, SHM_RDONLY);
    if (p == (void *)-1)
        err(1, "shmat");
    saw("p[0]: %s", touch(p, 0, false));
    saw("p[0] = 'x': %s", touch(p, 0, true));
    shmdt(p);
    clear();
}

/* Where shmat(2) has put it, as seen from here. */
static const char *put(const char *p, const char *here)
{
    return p == (void *)-1 ? result(-1) : p == here ? "there" : "elsewhere";
}
static void chosen_address(void)
{
    int id = segment(IPC_PRIVATE, page);
    char *p = hole(1);
    saw("p, free and a multiple of SHMLBA: %s", put(shmat(id, p, 0), p));
    saw("p, now taken: %s", put(shmat(id, p, 0), p));
    saw("p, taken, SHM_REMAP: %s", put(shmat(id, p, SHM_REMAP), p));
    char *q = hole(1);
    saw("q + 1, q as free as p was: %s", put(shmat(id, q + 1, 0), q));
    saw("q + 1, SHM_RND: %s", put(shmat(id, q + 1, SHM_RND), q));
    shmdt(p);
    shmdt(q);
    clear();
}

static void detached(void)
{
    if (forced())
        return;
    int id = segment(IPC_PRIVATE, page);
    char *p = attach(id);
    strcpy(p, "still here");
    saw("shmdt(p + 1): %s", result(shmdt(p + 1)));
    saw("shmdt(p): %s", result(shmdt(p)));
    saw("shmdt(p), once more: %s", result(shmdt(p)));
    saw("p[0]: %s", touch(p, 0, false));
    saw("shm_nattch: %lu", attachments(id, 0));
    p = attach(id);
    saw("and attached again it says: %s", p);
    saw("IPC_RMID: %s", result(shmctl(id, IPC_RMID, NULL)));
    saw("shm_nattch: %lu", (unsigned long)status(id).shm_nattch);
    saw("shmdt(p): %s", result(shmdt(p)));
    struct shmid_ds ds;
    saw("IPC_STAT: %s", result(shmctl(id, IPC_STAT, &ds)));
    clear();
}

static const struct experiment attaching[] = {
    {"Attached twice by one process: two memories?",
     "a = shmat(id, NULL, 0);  b = shmat(id, NULL, 0);",
     "two addresses: yes\n"
     "shm_nattch: 2\n"
     "written to a, read from b: hello\n"
     "shmdt(a): 0\n"
     "b is still there: hello",
     attached_twice,
     "Two addresses, one memory. shm_nattch counts attachments; the \"number "
     "of processes\" of shmctl(2) is the same only where each attaches once.",
     NULL},
    {"Attached with SHM_RDONLY, what does a write do?",
     "p = shmat(id, NULL, SHM_RDONLY);  p[0] = 'x';",
     "p[0]: read\n"
     "p[0] = 'x': SIGSEGV in page 0, at byte 0",
     read_only,
     "The pages are mapped for reading, and the processor refuses the write. "
     "The mode is asked once, at shmat(2); the mapping at every access.",
     NULL},
    {"What may shmaddr be?", "shmat(id, p, 0);  shmat(id, q + 1, SHM_RND);",
     "p, free and a multiple of SHMLBA: there\n"
     "p, now taken: EINVAL\n"
     "p, taken, SHM_REMAP: there\n"
     "q + 1, q as free as p was: EINVAL\n"
     "q + 1, SHM_RND: there",
     chosen_address,
     "A free address on a page boundary; SHM_RND rounds down to a multiple of "
     "SHMLBA, SHM_REMAP takes the place of what is there: shmop(2). NULL is "
     "the one portable choice. So no address belongs into the segment: put an "
     "offset there.",
     NULL},
    {"Does shmdt remove the segment when nobody is left?",
     "shmdt(p);  /* shm_nattch is 0 */",
     "shmdt(p + 1): EINVAL\n"
     "shmdt(p): 0\n"
     "shmdt(p), once more: EINVAL\n"
     "p[0]: SIGSEGV in page 0\n"
     "shm_nattch: 0\n"
     "and attached again it says: still here\n"
     "IPC_RMID: 0\n"
     "shm_nattch: 1\n"
     "shmdt(p): 0\n"
     "IPC_STAT: EINVAL",
     detached,
     "No: at 0 it goes only if IPC_RMID has marked it before: shmop(2), "
     "shmctl(2). The id of what is gone is EINVAL; both pages also have EIDRM "
     "for it.",
     "says that the kernel removes it when the count becomes 0."},
};

#endif
