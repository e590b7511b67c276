#!/bin/sh
# tests/deep/faults.sh - what the machine refuses: memory, disk, descriptors, System
# V objects, and calls that a signal interrupts. Each fault is a clear sentence
# and status 1; nothing stays behind. (In chapter 1 a file without the memory that
# it promises is an experiment, and so is a file that comes to its limit: SIGBUS
# and SIGXFSZ end the programs there.)
. "$(dirname "$0")/../lib/lib.sh"

t_the_ring

# apart SCRIPT: sh -ec SCRIPT as root of namespaces of its own, which an
# ordinary user may have too, where the kernel allows it: user_namespaces(7).
# Mounts and limits in there concern nobody else.
apart() {
    unshare --user --map-root-user --mount --ipc true 2>/dev/null ||
        t_skip "no user namespaces for us, see unshare(1)"
    export T NAME KEY
    # shellcheck disable=SC2016,SC2086 # for the shell in there; busybox sh
    timeout -k 1 20 unshare --user --map-root-user --mount --ipc env T_TMP="$t_tmp" T_APART=yes \
        $TEST_SH -ec \
        '. tests/lib/lib.sh; trap "t_stop_all \$?" EXIT'"
        $1" "$top/tests/deep/faults.sh" || t_fail "in the namespaces"
}

# limited LIMIT STATUS PATTERN COMMAND...: under this ulimit it ends with this
# status and says so. Its outputs are pipes: a file would be limited itself.
limited() {
    limit=$1 wanted=$2 pattern=$3
    shift 3
    {
        timeout -k 1 10 sh -c "$limit"' && exec "$@"' sh "$@" 2>&1 >/dev/null ||
            echo "status $?"
    } | cat >"$T/err"
    ends_with=0
    if grep -q '^status ' "$T/err"; then
        ends_with=$(sed -n 's/^status //p' "$T/err")
    fi
    # shellcheck disable=SC2254 # a pattern
    case $ends_with in
    $wanted) ;;
    *) t_fail "$limit, $*: status $ends_with: $(cat "$T/err")" ;;
    esac
    [ "$ends_with" = 0 ] || t_says err "$pattern"
}

# build FLAGS: all programs as $T/CHAPTER/PROGRAM.
build() {
    mkdir -p "$T/mmap" "$T/posix_shm" "$T/sysv_shm"
    for program in $t_programs; do
        # shellcheck disable=SC2086 # flags
        ${CC:-cc} $1 "$program.c" -o "$T/$program" -lrt
    done
}
instrumented() {
    grep -q __asan_init mmap/file_reader
}

# each COMMAND: for every program, with arguments that it fails or ends with by
# itself; $program and the rest of the words.
each() {
    printf %0100d 0 >"$T/f"
    for program in mmap/file_writer mmap/file_reader mmap/parent_child; do
        "$@" "$program" "$T/f"
    done
    for pair in unrelated seqlock; do
        "$@" "mmap/${pair}_writer" -n 1 "$T/$pair"
        "$@" "mmap/${pair}_reader" -n 1 "$T/$pair"
    done
    for program in posix_shm/writer posix_shm/reader \
        posix_shm/stream_writer posix_shm/stream_reader; do
        "$@" "$program" -s "$NAME" -t 0
    done
    for program in sysv_shm/writer sysv_shm/reader; do
        "$@" "$program" -k "$KEY" -t 0
    done
}

nothing_left() {
    [ ! -e "/dev/shm$NAME" ] || t_fail "$NAME is left in /dev/shm"
    [ -z "$(ipcs -m -s | awk -v k="$KEY" '$1 == k')" ] || t_fail "$KEY is left"
}

full_dev_shm() {
    # shellcheck disable=SC2016 # for the shell in there
    apart '
        t_the_ring
        mount -t tmpfs -o size=64k tmpfs /dev/shm
        t_refused 1 "allocate $((4096 + ring)) bytes for $NAME: No space left" \
            ./posix_shm/stream_writer -s "$NAME"
        [ "$(echo /dev/shm/*)" = "/dev/shm/*" ]
        mount -t tmpfs -o size=4k tmpfs /dev/shm
        head -c 4096 /dev/zero >/dev/shm/full 2>/dev/null
        t_refused 1 "allocate 4096 bytes for $NAME: No space left on device" \
            ./posix_shm/writer -s "$NAME"
        for p in unrelated seqlock; do
            # An empty file stays, and is good for who comes when there is room.
            for i in writer reader; do
                t_refused 1 "allocate 4096 bytes for .*: No space left on device" \
                    ./mmap/${p}_$i -n 1 /dev/shm/file
            done
            rm /dev/shm/full
            ./mmap/${p}_writer -n 1 -m text /dev/shm/file
            t_run ./mmap/${p}_reader -n 1 /dev/shm/file
            t_same out text
            : >/dev/shm/file
            head -c 4096 /dev/zero >/dev/shm/full 2>/dev/null
        done
        rm /dev/shm/file
        [ "$(echo /dev/shm/*)" = "/dev/shm/full" ]
        rm /dev/shm/full
        t_start w ./posix_shm/writer -s "$NAME" one
        t_run ./posix_shm/reader -s "$NAME"
        t_ends w 0
        t_same out one'
}

no_inodes() {
    # shellcheck disable=SC2016
    apart '
        mount -t tmpfs -o nr_inodes=1 tmpfs /dev/shm
        for p in writer stream_writer; do
            t_refused 1 "shm_open $NAME: No space left on device" \
                ./posix_shm/$p -s "$NAME"
        done
        for p in unrelated seqlock; do
            t_refused 1 "open /dev/shm/f: No space left on device" \
                ./mmap/${p}_writer -n 1 /dev/shm/f
        done'
}

read_only_disk() {
    # shellcheck disable=SC2016
    apart '
        mount -t tmpfs tmpfs /dev/shm
        cp data/test.txt /dev/shm/f
        mount -o remount,bind,ro /dev/shm
        for p in file_writer parent_child unrelated_writer unrelated_reader \
            seqlock_writer seqlock_reader; do
            t_refused 1 "open .*/dev/shm/f: Read-only file system" \
                ./mmap/$p /dev/shm/f
        done
        for p in "" stream_; do
            t_refused 1 "shm_open $NAME: Read-only file system" \
                ./posix_shm/${p}writer -s "$NAME"
            t_refused 1 "no writer came" ./posix_shm/${p}reader -s "$NAME" -t 0
        done
        t_run ./mmap/file_reader /dev/shm/f
        cmp "$T/out" data/test.txt'
}

file_size() {
    for p in writer stream_writer; do
        limited 'ulimit -f 0' 1 "allocate .* for $NAME: File too large" \
            "./posix_shm/$p" -s "$NAME"
    done
    nothing_left
    # And a stdout that has come to its limit.
    t_start w ./posix_shm/writer -s "$NAME" one
    t_tells w 'waiting for a reader'
    t_start v ./sysv_shm/writer -k "$KEY"
    t_tells v 'waiting for a reader'
    for command in "./posix_shm/reader -s $NAME -t 1" "./sysv_shm/reader -k $KEY -t 1"; do
        limited "ulimit -f 0 && exec >$T/out" 1 \
            'write to stdout.*: File too large' sh -c "$command >$T/out"
    done
    t_ends w 1
    t_ends v 1
    nothing_left
    # A stream comes to it in the middle; what it holds is the beginning.
    head -c $((2 * ring)) /dev/urandom >"$T/in"
    t_start_io "$T/in" "$T/w.out" w ./posix_shm/stream_writer -s "$NAME"
    # shellcheck disable=SC2016 # for the shell in there
    limited 'ulimit -f 100' 1 'write to stdout: File too large' \
        sh -c 'exec ./posix_shm/stream_reader -s "$NAME" -t 1 >"$0"' "$T/out"
    t_ends w 1
    t_says w.err 'the reader\(: it\)* is gone'
    [ -s "$T/out" ]
    head -c "$(wc -c <"$T/out")" "$T/in" | cmp - "$T/out"
    nothing_left
}

descriptors() {
    build -static
    for program in file_writer file_reader parent_child unrelated_writer \
        unrelated_reader seqlock_writer seqlock_reader; do
        limited 'ulimit -n 3' 1 'open .*: \(Too many open files\|No file desc\)' \
            "$T/mmap/$program" "$T/mmap/file_writer"
    done
    for program in writer reader stream_writer stream_reader; do
        limited 'ulimit -n 3' 1 "shm_open $NAME: \(Too many open files\|No file desc\)" \
            "$T/posix_shm/$program" -s "$NAME" -t 1
    done
    # One is enough for any of them, and none for System V.
    for program in writer stream_writer; do
        limited 'ulimit -n 4' 1 'did not come in time' \
            "$T/posix_shm/$program" -s "$NAME" -t 0
    done
    limited 'ulimit -n 3' 1 'no reader in time' \
        "$T/sysv_shm/writer" -k "$KEY" -t 0
    nothing_left
}

# Under the least limit with which -h prints the usage, and some pages more: whatever does
# not fit, it is said. (Linked statically, or it would be the loader that says
# so. With less the kernel does not start it: a SIGSEGV in execve(2).)
little_memory() {
    program=$1
    shift
    least=0 enough=65536
    while [ $((enough - least)) -gt 4 ]; do
        half=$(((least + enough) / 2))
        if sh -c "ulimit -v $half && '$T/$program' -h" 2>&1 | grep -qi usage; then
            enough=$half
        else
            least=$half
        fi
    done
    least=$enough
    for more in 0 4 8 16 32 64 128 256 512; do
        limited "ulimit -v $((least + more))" '[01]' . \
            "$T/$program" "$@"
    done
}
address_space() {
    instrumented && t_skip "a sanitizer needs all the address space"
    truncate -s 1G "$T/big"
    for program in file_writer file_reader parent_child; do
        limited 'ulimit -v 500000' 1 \
            'map .*/big[ ,].*: \(Cannot allocate\|Out of\) memory' \
            "./mmap/$program" "$T/big"
    done
    build -static
    each little_memory
    nothing_left
}

processes() {
    # shellcheck disable=SC2086 # words
    $t_not_root prlimit --nproc=1 true 2>/dev/null || t_skip "no prlimit(1)"
    printf %0100d 0 >"$T/f"
    if [ -n "$t_not_root" ]; then chown 65534 "$T/f"; fi
    t_for_everyone mmap/parent_child
    # shellcheck disable=SC2086 # words
    t_refused 1 'fork: Resource temporarily unavailable' \
        $t_not_root prlimit --nproc=1 "$T/parent_child" "$T/f"
    [ "$(cat "$T/f")" = "$(printf %0100d 0)" ]
}

# Each with these limits in /proc/sys/kernel, and what is said of them.
system_v_limits() {
    while read -r file values pattern; do
        export pattern
        # shellcheck disable=SC2016
        apart "echo $(echo "$values" | tr , ' ') >/proc/sys/kernel/$file"'
            t_refused 1 "$pattern" ./sysv_shm/writer -k 77
            [ -z "$(ipcs -m -s | grep 0x)" ] || t_fail "$(ipcs -m -s)"
            t_refused 1 "no writer came\|Invalid argument" \
                ./sysv_shm/reader -k 77 -t 0'
    done <<'LIMITS'
shmmni 0 segment of key 0x4d (see ipcs -m and ipcs -l): No space left on device
shmall 0 segment of key 0x4d (see ipcs -m and ipcs -l): No space left on device
shmmax 9 segment of key 0x4d (see ipcs -m and ipcs -l): Invalid argument
sem 4,100,4,0 semaphores of key 0x4d (see ipcs -s and ipcs -l): No space left
sem 4,3,4,9 semaphores of key 0x4d (see ipcs -s and ipcs -l): No space left
sem 3,100,4,9 semaphores of key 0x4d (see ipcs -s and ipcs -l): Invalid argument
sem 4,100,1,9 semaphores of key 0x4d (see ipcs -s and ipcs -l): Argument list too
LIMITS
}

# A signal with a handler every millisecond, in every program at once.
eintr_storm() {
    build '-include tests/lib/steps.h'
    mkfifo "$T/feed" "$T/sink"
    head -c $((2 * ring)) /dev/urandom >"$T/in"
    export STEP_STORM=1
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        t_start r "$T/posix_shm/reader" -s "$NAME"
        sleep 0.05
        # shellcheck disable=SC2046 # many arguments
        t_start w "$T/posix_shm/writer" -s "$NAME" $(seq 200)
        t_ends w 0
        t_ends r 0
        seq 200 | cmp - "$T/r.out"
        # read(2) and write(2) that do less than they could, too: slots that are
        # not full, and a pipe that is.
        t_dribble c "$T/in" "$T/feed" 30000
        t_start_io "$T/sink" "$T/copy" d sh -c 'sleep 0.1 && cat'
        t_start_io "$T/feed" "$T/w.out" w "$T/posix_shm/stream_writer" -s "$NAME"
        t_start_io /dev/null "$T/sink" r "$T/posix_shm/stream_reader" -s "$NAME"
        t_ends w 0
        t_ends r 0
        t_ends d 0
        cmp "$T/in" "$T/copy"
        t_start w "$T/sysv_shm/writer" -k "$KEY"
        sleep 0.05
        t_start r "$T/sysv_shm/reader" -k "$KEY"
        t_ends w 0
        t_ends r 0
        t_same r.out 'student name: hello, age: 20'
        # A reader that waits at a set, which a dead writer left.
        t_start w "$T/sysv_shm/writer" -k "$KEY"
        t_tells w 'waiting for a reader'
        kill -KILL "$(t_pid w)"
        t_reap w
        t_start r "$T/sysv_shm/reader" -k "$KEY"
        t_tells r 'waiting for a writer'
        t_start w "$T/sysv_shm/writer" -k "$KEY" next 1
        t_ends w 0
        t_ends r 0
        t_same r.out 'student name: next, age: 1'
        nothing_left
    done
}

stdin_closed() {
    printf %0100d 0 >"$T/f"
    for program in file_writer file_reader parent_child; do
        t_run "./mmap/$program" "$T/f" <&-
        [ "$status" = 0 ]
    done
    for program in unrelated seqlock; do
        t_run "./mmap/${program}_writer" -n 1 -m text "$T/$program" <&-
        t_run "./mmap/${program}_reader" -n 1 "$T/$program" <&-
        t_same out text
    done
    t_start w ./posix_shm/writer -s "$NAME" one <&-
    t_run ./posix_shm/reader -s "$NAME" <&-
    t_same out one
    t_ends w 0
    t_refused 1 'stdin, stdout or stderr is closed' \
        ./posix_shm/stream_writer -s "$NAME" <&-
    t_start_io data/test.txt "$T/w.out" w ./posix_shm/stream_writer -s "$NAME"
    t_run ./posix_shm/stream_reader -s "$NAME" <&-
    cmp data/test.txt "$T/out"
    t_ends w 0
    t_start w ./sysv_shm/writer -k "$KEY" <&-
    t_run ./sysv_shm/reader -k "$KEY" <&-
    t_same out 'student name: hello, age: 20'
    t_ends w 0
    nothing_left
}

# What cannot be printed is said; file_writer then leaves the file as it is.
stdout_full() {
    cp data/test.txt "$T/f"
    for program in file_writer file_reader parent_child unrelated_reader \
        seqlock_reader; do
        object=$T/f
        case $program in
        unrelated_reader | seqlock_reader)
            object=$T/$program
            "./mmap/${program%reader}writer" -n 1 "$object"
            ;;
        esac
        t_start_io /dev/null /dev/full p "./mmap/$program" "$object"
        t_ends p 1
        t_says p.err 'cannot print .*: No space left on device'
        [ "$program" != file_writer ] || cmp data/test.txt "$T/f"
    done
}

# A file system that cannot promise space, EOPNOTSUPP: so says musl, and glibc
# writes zeros instead. The file has its size all the same.
no_promise() {
    echo '#include <errno.h>
        int refuse(int fd, long from, long size);
        int refuse(int fd, long from, long size)
        { (void)fd, (void)from, (void)size; return EOPNOTSUPP; }' >"$T/refuse.c"
    for program in unrelated seqlock; do
        for i in writer reader; do
            ${CC:-cc} -Dposix_fallocate=refuse \
                "mmap/${program}_$i.c" "$T/refuse.c" -o "$T/${program}_$i" -lrt
        done
        t_start r "$T/${program}_reader" -n 1 "$T/f"
        t_tells r 'waiting for a'
        [ "$(stat -c %s "$T/f")" = 4096 ]
        rm "$T/f"
        t_run "$T/${program}_writer" -n 1 -m text "$T/f"
        [ "$status" = 0 ]
        t_run "./mmap/${program}_reader" -n 1 "$T/f"
        t_same out text
        rm "$T/f"
        kill "$(t_pid r)"
        t_ends r 143
    done
}

# A story that nobody can read any more does not change the data, and leaves
# nothing behind.
stderr_that_fails() {
    for to in '2>/dev/full' '2>&1 | :'; do
        t_start r ./posix_shm/reader -s "$NAME"
        eval './posix_shm/writer -s "$NAME" one' "$to"
        t_ends r 0
        t_same r.out one
        t_start r ./posix_shm/stream_reader -s "$NAME"
        eval './posix_shm/stream_writer -s "$NAME" <data/test.txt' "$to"
        t_ends r 0
        cmp data/test.txt "$T/r.out"
        t_start_io data/test.txt "$T/w.out" w ./posix_shm/stream_writer -s "$NAME"
        eval 'sh -c "exec ./posix_shm/stream_reader -s $NAME >$T/out"' "$to"
        t_ends w 0
        cmp data/test.txt "$T/out"
        t_start r ./sysv_shm/reader -k "$KEY"
        eval './sysv_shm/writer -k "$KEY"' "$to"
        t_ends r 0
        t_same r.out 'student name: hello, age: 20'
    done
    nothing_left
}

t_it "/dev/shm is full" full_dev_shm
t_it "/dev/shm has no more names to give" no_inodes
t_it "a read-only file system" read_only_disk
t_it "RLIMIT_FSIZE, objects and stdout" file_size
t_it "RLIMIT_NOFILE" descriptors
t_it "RLIMIT_AS" address_space
t_it "RLIMIT_NPROC" processes
t_it "System V limits: shmmni, shmall, shmmax, sem" system_v_limits
t_it "a file system that cannot promise space" no_promise
t_it "stdout full" stdout_full
t_it "a signal every millisecond" eintr_storm
t_it "stdin closed" stdin_closed
t_it "stderr full, or a pipe that nobody reads" stderr_that_fails
t_finish
