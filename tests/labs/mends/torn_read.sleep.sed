# The reader waits a second for a writer to be done, and cannot know that it is.
/^    struct visitor seen;/a\
    sleep(1);
