# Only the index is mended: there is still nothing that makes the producer wait.
s/^    if (++next > PLACES)/    if (++next == PLACES)/
