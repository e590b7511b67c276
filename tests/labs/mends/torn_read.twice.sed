# What is the same twice may be the same half entry, twice.
s/^    struct visitor seen;/    struct visitor seen, again;\
    do {\
        memcpy(\&again, shared, sizeof again);\
        usleep(1000);\
    } while (memcmp(\&again, shared, sizeof again) != 0);/
s/memcpy(seen.name, shared->name/memcpy(seen.name, again.name/
s/seen.age = shared->age/seen.age = again.age/
