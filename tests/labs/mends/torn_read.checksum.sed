# from torn_read.sequence.c
# A checksum instead of a sequence: two names may have the same one.
s/^static struct entry \*map/static unsigned sum(const struct visitor *v)\
{\
    unsigned sum = (unsigned)v->age;\
    for (size_t i = 0; i < sizeof v->name; i++)\
        sum = sum * 31 + (unsigned char)v->name[i];\
    return sum;\
}\
\
&/
/^            atomic_fetch_add_explicit(&shared->sequence, 1,/{
N
/relaxed/d
s/.*/            atomic_store(\&shared->sequence, sum(\&next));/
}
s/^            if (s % 2 == 0 && s == .*/            if (s == sum(\&seen) || (s == 0 \&\& !seen.name[0]))/
/^ *memory_order_relaxed))$/d
