# The reader waits a second for a writer to be done, and cannot know that it is.
/your work begins here: the reader/a\
        sleep(1);
