# volatile makes no two stores one.
s/^    struct visitor \*shared = /    volatile struct visitor *shared = /
s/memcpy(shared->name, /memcpy((char *)shared->name, /
s/memcpy(seen.name, shared->name/memcpy(seen.name, (char *)shared->name/
