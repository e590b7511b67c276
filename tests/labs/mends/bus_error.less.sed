# A shorter mapping makes no longer file.
s/mmap(NULL, SIZE,/mmap(NULL, writes ? OFFSET + strlen(argv[3]) + 1 : SIZE,/
