# from first_semaphore.flock.c
# Who is at another terminal has another lock.
s/%d", (int)key/%d.%d", (int)key, (int)getsid(0)/
