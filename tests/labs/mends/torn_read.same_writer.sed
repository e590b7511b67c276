# from torn_read.sequence.c
# The number is the writer's, not the entry's: it writes two, and it is the same.
s/^    atomic_uint sequence;.*/    atomic_uint sequence;/
/^            atomic_fetch_add_explicit(&shared->sequence, 1,/{
s/.*/            atomic_store_explicit(\&shared->sequence,\
                                  number++ % 2 ? mine : 1,/
}
s/^int main(/static unsigned number, mine;\
\
&/
/^    struct entry \*shared = map/a\
    mine = (unsigned)getpid() * 2;
