# A larger ring, and nobody waits: more than four items lie in it.
s/^enum { PLACES = 4 };/enum { PLACES = 1000 };/
s/^    if (++next > PLACES)/    if (++next == PLACES)/
