# Each half is whole, and they need not belong together.
s/#include <fcntl.h>/&\n#include <stdatomic.h>/
s/^static struct visitor \*shared;/static struct {\
    _Atomic char name[16];\
    _Atomic int age;\
} *shared;/
s/^    memcpy(shared->name, .*/    for (int c = 0; c < 16; c++)\
        atomic_store(\&shared->name[c], next->name[c]);/
s/shared->age = next->age/atomic_store(\&shared->age, next->age)/
s/^    memcpy(seen.name, .*/    for (int c = 0; c < 16; c++)\
        seen.name[c] = atomic_load(\&shared->name[c]);/
s/seen.age = shared->age/seen.age = atomic_load(\&shared->age)/
