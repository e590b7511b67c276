# The other way round the halves are others.
/^    memcpy(shared->name/{
N
s/^\([^\n]*\)\n\(.*\)$/\2\n\1/
}
/^    memcpy(seen.name, shared->name/{
N
s/^\([^\n]*\)\n\(.*\)$/\2\n\1/
}
