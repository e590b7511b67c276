# volatile makes no two stores one.
s/^static struct visitor \*shared;/static volatile struct visitor *shared;/
s/memcpy(shared->name, /memcpy((char *)shared->name, /
s/memcpy(seen.name, shared->name/memcpy(seen.name, (char *)shared->name/
