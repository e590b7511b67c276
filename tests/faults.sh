#!/bin/sh
# tests/faults.sh - what the machine refuses: memory, disk, descriptors, System
# V objects, and calls that a signal interrupts. Each fault is a clear sentence
# and status 1; nothing stays behind; no program dies of SIGBUS or SIGSEGV.
. "$(dirname "$0")/lib.sh"

the_ring
question='你是我儿子吗？'

# apart SCRIPT: sh -ec SCRIPT as root of namespaces of its own, which an
# ordinary user may have too, where the kernel allows it: user_namespaces(7).
# Mounts and limits in there concern nobody else.
apart() {
    unshare --user --map-root-user --mount --ipc true 2>/dev/null ||
        skip "no user namespaces for us, see unshare(1)"
    export T NAME KEY
    # shellcheck disable=SC2016,SC2086 # for the shell in there; busybox sh
    timeout -k 1 20 unshare --user --map-root-user --mount --ipc $TEST_SH -ec \
        '. tests/lib.sh; rm -rf "$tmp"; trap "stop_all \$?" EXIT'"
        $1" "$top/tests/faults.sh" || fail "in the namespaces"
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
    *) fail "$limit, $*: status $ends_with: $(cat "$T/err")" ;;
    esac
    [ "$ends_with" = 0 ] || says err "$pattern"
}

# build FLAGS: all programs as $T/CHAPTER/PROGRAM.
build() {
    mkdir -p "$T/mmap" "$T/posix_shm" "$T/sysv_shm"
    for program in $programs; do
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
    "$@" mmap/unrelated_writer -n 1 "$T/u"
    "$@" mmap/unrelated_reader -t 0 -n 1 "$T/u"
    for program in posix_shm/writer posix_shm/reader \
        posix_shm/stream_writer posix_shm/stream_reader; do
        "$@" "$program" -s "$NAME" -t 0
    done
    for program in sysv_shm/writer sysv_shm/reader; do
        "$@" "$program" -k "$KEY" -t 0
    done
}

nothing_left() {
    [ ! -e "/dev/shm$NAME" ] || fail "$NAME is left in /dev/shm"
    [ -z "$(ipcs -m -s | awk -v k="$KEY" '$1 == k')" ] || fail "$KEY is left"
}

full_dev_shm() {
    # shellcheck disable=SC2016 # for the shell in there
    apart '
        the_ring
        mount -t tmpfs -o size=64k tmpfs /dev/shm
        refused 1 "allocate $((4096 + ring)) bytes for $NAME: No space left" \
            ./posix_shm/stream_writer -s "$NAME"
        [ "$(echo /dev/shm/*)" = "/dev/shm/*" ]
        mount -t tmpfs -o size=4k tmpfs /dev/shm
        truncate -s 100 /dev/shm/holes
        head -c 4096 /dev/zero >/dev/shm/full 2>/dev/null
        refused 1 "allocate 4096 bytes for $NAME: No space left on device" \
            ./posix_shm/writer -s "$NAME"
        refused 1 "allocate 4096 bytes for .*: No space left on device" \
            ./mmap/unrelated_writer -n 1 /dev/shm/file
        # A hole has nothing behind it: writing there would be the SIGBUS.
        run ./mmap/file_writer -m text /dev/shm/holes
        [ "$status" = 1 ]
        says err "holes: No space left on device"
        refused 1 "holes: No space left on device" \
            ./mmap/parent_child -m text /dev/shm/holes
        [ "$(echo /dev/shm/*)" = "/dev/shm/full /dev/shm/holes" ]
        rm /dev/shm/full
        start w ./posix_shm/writer -s "$NAME" one
        run ./posix_shm/reader -s "$NAME"
        ends w 0
        same out one'
}

no_inodes() {
    # shellcheck disable=SC2016
    apart '
        mount -t tmpfs -o nr_inodes=1 tmpfs /dev/shm
        for p in writer stream_writer; do
            refused 1 "shm_open $NAME: No space left on device" \
                ./posix_shm/$p -s "$NAME"
        done
        refused 1 "open /dev/shm/f: No space left on device" \
            ./mmap/unrelated_writer -n 1 /dev/shm/f'
}

read_only_disk() {
    # shellcheck disable=SC2016
    apart '
        mount -t tmpfs tmpfs /dev/shm
        cp data/test.txt /dev/shm/f
        ./mmap/unrelated_writer -n 1 -m text /dev/shm/u 2>/dev/null
        mount -o remount,bind,ro /dev/shm
        for p in file_writer parent_child unrelated_writer; do
            refused 1 "open /dev/shm/f: Read-only file system" \
                ./mmap/$p /dev/shm/f
        done
        for p in "" stream_; do
            refused 1 "shm_open $NAME: Read-only file system" \
                ./posix_shm/${p}writer -s "$NAME"
            refused 1 "no writer came" ./posix_shm/${p}reader -s "$NAME" -t 0
        done
        run ./mmap/file_reader /dev/shm/f
        cmp "$T/out" data/test.txt
        run ./mmap/unrelated_reader -n 1 /dev/shm/u
        same out text'
}

file_size() {
    for p in writer stream_writer; do
        limited 'ulimit -f 0' 1 "allocate .* for $NAME: File too large" \
            "./posix_shm/$p" -s "$NAME"
    done
    limited 'ulimit -f 0' 1 'allocate .*: File too large' \
        ./mmap/unrelated_writer -n 1 "$T/f"
    [ ! -e "$T/f" ] || fail "the file is left"
    nothing_left
    # And a stdout that has come to its limit.
    printf %0100d 0 >"$T/f"
    ./mmap/unrelated_writer -n 1 "$T/u" 2>/dev/null
    start w ./posix_shm/writer -s "$NAME" one
    tells w 'waiting for a reader'
    start v ./sysv_shm/writer -k "$KEY"
    tells v 'waiting for a reader'
    for command in "./mmap/file_reader $T/f" "./mmap/file_writer $T/f" \
        "./mmap/parent_child $T/f" "./mmap/unrelated_reader -n 1 $T/u" \
        "./posix_shm/reader -s $NAME -t 1" "./sysv_shm/reader -k $KEY -t 1"; do
        limited "ulimit -f 0 && exec >$T/out" 1 \
            'write to stdout.*: File too large' sh -c "$command >$T/out"
    done
    ends w 1
    ends v 1
    nothing_left
    # A stream comes to it in the middle; what it holds is the beginning.
    head -c $((2 * ring)) /dev/urandom >"$T/in"
    start_io "$T/in" "$T/w.out" w ./posix_shm/stream_writer -s "$NAME"
    # shellcheck disable=SC2016 # for the shell in there
    limited 'ulimit -f 100' 1 'write to stdout: File too large' \
        sh -c 'exec ./posix_shm/stream_reader -s "$NAME" -t 1 >"$0"' "$T/out"
    ends w 1
    says w.err 'the reader\(: it\)* is gone'
    [ -s "$T/out" ]
    head -c "$(wc -c <"$T/out")" "$T/in" | cmp - "$T/out"
    nothing_left
}

descriptors() {
    build -static
    for program in file_writer file_reader parent_child unrelated_writer \
        unrelated_reader; do
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

# Under the least limit with which -h works, and some pages more: whatever does
# not fit, it is said. (Linked statically, or it would be the loader that says
# so. With less the kernel does not start it: a SIGSEGV in execve(2).)
little_memory() {
    program=$1
    shift
    least=0 enough=65536
    while [ $((enough - least)) -gt 4 ]; do
        half=$(((least + enough) / 2))
        if sh -c "ulimit -v $half && '$T/$program' -h" >/dev/null 2>&1; then
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
    instrumented && skip "a sanitizer needs all the address space"
    truncate -s 1G "$T/big"
    for program in file_writer file_reader parent_child; do
        limited 'ulimit -v 500000' 1 \
            'mmap .*/big, 1073741824 bytes: \(Cannot allocate\|Out of\) memory' \
            "./mmap/$program" "$T/big"
    done
    build -static
    each little_memory
    nothing_left
}

processes() {
    # shellcheck disable=SC2086 # words
    $not_root prlimit --nproc=1 true 2>/dev/null || skip "no prlimit(1)"
    printf %0100d 0 >"$T/f"
    chmod 755 "$T" "$T/.."
    if [ -n "$not_root" ]; then chown 65534 "$T/f"; fi
    cp mmap/parent_child "$T"
    # shellcheck disable=SC2086 # words
    refused 1 'fork: Resource temporarily unavailable' \
        $not_root prlimit --nproc=1 "$T/parent_child" "$T/f"
    [ "$(cat "$T/f")" = "$(printf %0100d 0)" ]
}

# Each with these limits in /proc/sys/kernel, and what is said of them.
system_v_limits() {
    while read -r file values pattern; do
        export pattern
        # shellcheck disable=SC2016
        apart "echo $(echo "$values" | tr , ' ') >/proc/sys/kernel/$file"'
            refused 1 "$pattern" ./sysv_shm/writer -k 77
            [ -z "$(ipcs -m -s | grep 0x)" ] || fail "$(ipcs -m -s)"
            refused 1 "no writer came\|Invalid argument" \
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
    build '-include tests/steps.h'
    mkfifo "$T/feed" "$T/sink"
    head -c $((2 * ring)) /dev/urandom >"$T/in"
    export STEP_STORM=1
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        start r "$T/posix_shm/reader" -s "$NAME"
        sleep 0.05
        # shellcheck disable=SC2046 # many arguments
        start w "$T/posix_shm/writer" -s "$NAME" $(seq 200)
        ends w 0
        ends r 0
        seq 200 | cmp - "$T/r.out"
        # read(2) and write(2) that do less than they could, too: a pipe feeds
        # the one and takes from the other.
        start_io "$T/in" "$T/feed" c cat
        start_io "$T/sink" "$T/copy" d sh -c 'sleep 0.1 && cat'
        start_io "$T/feed" "$T/w.out" w "$T/posix_shm/stream_writer" -s "$NAME"
        start_io /dev/null "$T/sink" r "$T/posix_shm/stream_reader" -s "$NAME"
        ends w 0
        ends r 0
        ends d 0
        cmp "$T/in" "$T/copy"
        start w "$T/sysv_shm/writer" -k "$KEY"
        sleep 0.05
        start r "$T/sysv_shm/reader" -k "$KEY"
        ends w 0
        ends r 0
        same r.out 'student name: hello, age: 20'
        # A reader that waits at a set, which a dead writer left.
        start w "$T/sysv_shm/writer" -k "$KEY"
        tells w 'waiting for a reader'
        kill -KILL "$(pid w)"
        reap w
        start r "$T/sysv_shm/reader" -k "$KEY"
        tells r 'waiting for a writer'
        start w "$T/sysv_shm/writer" -k "$KEY" next 1
        ends w 0
        ends r 0
        same r.out 'student name: next, age: 1'
        nothing_left
        # The lock of a file, and the child.
        rm -f "$T/f"
        start r "$T/mmap/unrelated_reader" -i 0.01 -n 3 "$T/f"
        start w "$T/mmap/unrelated_writer" -i 0.01 -m text "$T/f"
        ends r 0
        start p "$T/mmap/parent_child" "$T/f"
        start v "$T/mmap/file_writer" "$T/f"
        start q "$T/mmap/file_reader" "$T/f"
        tells p 'waiting for the lock'
        tells v 'waiting for the lock'
        tells q 'waiting for the lock'
        kill "$(pid w)"
        ends w 0
        ends p 0
        ends v 0
        ends q 0
        same r.out 'text
text
text'
        same p.out "$question"
    done
}

stdin_closed() {
    printf %0100d 0 >"$T/f"
    for program in file_writer file_reader parent_child; do
        run "./mmap/$program" "$T/f" <&-
        [ "$status" = 0 ]
    done
    start w ./mmap/unrelated_writer -i 0.01 -m text "$T/u" <&-
    run ./mmap/unrelated_reader -n 1 "$T/u" <&-
    same out text
    kill "$(pid w)"
    ends w 0
    start w ./posix_shm/writer -s "$NAME" one <&-
    run ./posix_shm/reader -s "$NAME" <&-
    same out one
    ends w 0
    refused 1 'stdin, stdout or stderr is closed' \
        ./posix_shm/stream_writer -s "$NAME" <&-
    start_io data/test.txt "$T/w.out" w ./posix_shm/stream_writer -s "$NAME"
    run ./posix_shm/stream_reader -s "$NAME" <&-
    cmp data/test.txt "$T/out"
    ends w 0
    start w ./sysv_shm/writer -k "$KEY" <&-
    run ./sysv_shm/reader -k "$KEY" <&-
    same out 'student name: hello, age: 20'
    ends w 0
    nothing_left
}

# A story that nobody can read any more does not change the data, and leaves
# nothing behind.
stderr_that_fails() {
    for to in '2>/dev/full' '2>&1 | :'; do
        start r ./posix_shm/reader -s "$NAME"
        eval './posix_shm/writer -s "$NAME" one' "$to"
        ends r 0
        same r.out one
        start r ./posix_shm/stream_reader -s "$NAME"
        eval './posix_shm/stream_writer -s "$NAME" <data/test.txt' "$to"
        ends r 0
        cmp data/test.txt "$T/r.out"
        start_io data/test.txt "$T/w.out" w ./posix_shm/stream_writer -s "$NAME"
        eval 'sh -c "exec ./posix_shm/stream_reader -s $NAME >$T/out"' "$to"
        ends w 0
        cmp data/test.txt "$T/out"
        start r ./sysv_shm/reader -k "$KEY"
        eval './sysv_shm/writer -k "$KEY"' "$to"
        ends r 0
        same r.out 'student name: hello, age: 20'
    done
    nothing_left
}

it "/dev/shm is full" full_dev_shm
it "/dev/shm has no more names to give" no_inodes
it "a read-only file system" read_only_disk
it "RLIMIT_FSIZE, objects and stdout" file_size
it "RLIMIT_NOFILE" descriptors
it "RLIMIT_AS" address_space
it "RLIMIT_NPROC" processes
it "System V limits: shmmni, shmall, shmmax, sem" system_v_limits
it "a signal every millisecond" eintr_storm
it "stdin closed" stdin_closed
it "stderr full, or a pipe that nobody reads" stderr_that_fails
finish
