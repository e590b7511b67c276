/*
 * 21_huge_pages.c - two ways to ask for huge pages, here of 2 MiB
 *
 * As root, try it again after `sysctl vm.nr_hugepages=1`.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "question.h"

int main(void)
{
    question(21, "May every program use huge pages?");
    const int rw = PROT_READ | PROT_WRITE;
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    const size_t length = 2 << 20;

    CODE(char *p = mmap(NULL, length, rw, flags | MAP_HUGETLB, -1, 0));
    if (p != MAP_FAILED || errno == EINVAL)
        return skip("this machine has huge pages to spare, or none at all.");
    expect("ENOMEM", address(p));

    CODE(p = mmap(NULL, length, rw, flags, -1, 0));
    expect("an address", address(p));
    CODE(int r = madvise(p, length, MADV_HUGEPAGE));
    /* EINVAL comes from a kernel without transparent huge pages. */
    expect(r == 0 ? "0" : "EINVAL", result(r));

    return why(
        "MAP_HUGETLB takes pages that the administrator has set aside: "
        "vm.nr_hugepages in proc(5). There are none here, so mmap(2) fails. "
        "MADV_HUGEPAGE works without them, but it is only advice: the kernel "
        "uses huge pages if it finds some, and small pages otherwise. See "
        "madvise(2).");
}
