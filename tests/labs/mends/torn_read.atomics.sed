# Each half is whole, and they need not belong together.
s/#include <fcntl.h>/&\n#include <stdatomic.h>/
s/^    char name\[16\];/    _Atomic char name[16];/
s/^    int age;/    _Atomic int age;/
s/struct visitor next = {.age = \(.*\)};/char next_name[16] = "";\
            int next_age = \1;/
s/strncpy(next.name, argv\[i\], sizeof next.name - 1)/strncpy(next_name, argv[i], sizeof next_name - 1)/
s/^            memcpy(shared->name, .*/            for (int c = 0; c < 16; c++)\
                atomic_store(\&shared->name[c], next_name[c]);/
s/shared->age = next.age/atomic_store(\&shared->age, next_age)/
s/struct visitor seen;/struct {\
            char name[16];\
            int age;\
        } seen;/
s/^        memcpy(seen.name, .*/        for (int c = 0; c < 16; c++)\
            seen.name[c] = atomic_load(\&shared->name[c]);/
s/seen.age = shared->age/seen.age = atomic_load(\&shared->age)/
