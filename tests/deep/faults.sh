#!/bin/sh
# tests/deep/faults.sh - what the machine refuses: memory, disk, descriptors, System
# V objects, and calls that a signal interrupts. Each fault is a clear sentence
# and status 1; nothing stays behind. (In chapter 1 a file without the memory that
# it promises is an experiment, and so is a file that comes to its limit: SIGBUS
# and SIGXFSZ end the programs there.)
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/pairs.sh"
# shellcheck disable=SC3045 # every shell has -c
ulimit -c 0 # who dies of a signal leaves no core

# The counter whose object has the name of the test: see counter_sources.
mkdir "$t_tmp/c"
counter_sources "$t_tmp/c"
counter=$t_tmp/c/counter
${CC:-cc} -O1 "$counter.c" -o "$counter" -lrt || exit 1
export counter

# apart SCRIPT: sh -ec SCRIPT as root of namespaces of its own, which an
# ordinary user may have too, where the kernel allows it: user_namespaces(7).
# Mounts and limits in there concern nobody else.
apart() {
    unshare --user --map-root-user --mount --ipc true 2>/dev/null ||
        t_skip "no user namespaces for us, see unshare(1)"
    export T NAME KEY COUNTER="$NAME"
    # shellcheck disable=SC2016,SC2086 # for the shell in there; busybox sh
    timeout -k 1 $((10 * T_PATIENCE)) unshare --user --map-root-user --mount --ipc env T_TMP="$t_tmp" T_APART=yes \
        $TEST_SH -ec \
        '. tests/lib/lib.sh; trap "t_stop_all \$?" EXIT'"
        $1" "$top/tests/deep/faults.sh" || t_fail "in the namespaces"
}

# limited LIMIT STATUS PATTERN COMMAND...: under this ulimit it ends with this
# status and says so. Its outputs are pipes: a file would be limited itself. Who
# waits for a partner is ended after $most seconds: 124.
limited() {
    limit=$1 wanted=$2 pattern=$3
    shift 3
    {
        timeout -k 1 "${most:-$((10 * T_PATIENCE))}" sh -c "$limit"' && exec "$@"' sh "$@" 2>&1 >/dev/null ||
            echo "status $?"
    } | cat >"$T/err"
    ends_with=0
    if grep -q '^status ' "$T/err"; then
        ends_with=$(sed -n 's/^status //p' "$T/err")
    fi
    case " $wanted " in
    *" $ends_with "*) ;;
    *) t_fail "$limit, $*: status $ends_with: $(cat "$T/err")" ;;
    esac
    [ "$ends_with" = 0 ] || t_says err "$pattern"
}

# build FLAGS: all programs as $T/CHAPTER/PROGRAM.
build() {
    mkdir -p "$T/mmap" "$T/posix_shm" "$T/sysv_shm"
    for program in $t_programs; do
        source=$program
        if [ "$program" = posix_shm/counter ]; then source=$counter; fi
        # shellcheck disable=SC2086 # flags
        ${CC:-cc} $1 "$source.c" -o "$T/$program" -lrt
    done
    export COUNTER="$NAME"
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
    for program in posix_shm/*.c; do
        program=${program%.c}
        case $program in
        */counter) "$@" "$program" 5 ;;
        *) "$@" "$program" -s "$NAME" ;;
        esac
    done
    for program in sysv_shm/writer sysv_shm/reader; do
        "$@" "$program" -k "$KEY"
    done
}

nothing_left() {
    [ ! -e "/dev/shm$NAME" ] || t_fail "$NAME is left in /dev/shm"
    [ -z "$(ipcs -m -s | awk -v k="$KEY" '$1 == k')" ] || t_fail "$KEY is left"
}

full_dev_shm() {
    # shellcheck disable=SC2016 # for the shell in there
    apart '
        mount -t tmpfs -o size=4k tmpfs /dev/shm
        # One page is there, and the counter needs two.
        t_refused 1 "allocate .* for $NAME: No space left on device" \
            "$counter" 5
        [ "$(echo /dev/shm/*)" = "/dev/shm/*" ]
        head -c 4096 /dev/zero >/dev/shm/full 2>/dev/null
        t_refused 1 "allocate .* for $NAME: No space left on device" \
            "$counter" 5
        t_refused 1 "allocate .* for $NAME: No space left on device" \
            ./posix_shm/writer -s "$NAME"
        [ "$(echo /dev/shm/*)" = "/dev/shm/full" ]
        # What has no name is not in there.
        for p in sealed stream; do
            t_start_io data/english.txt "$T/w.out" w ./posix_shm/${p}_writer -s "$NAME"
            t_run ./posix_shm/${p}_reader -s "$NAME"
            t_ends w 0
            cmp data/english.txt "$T/out"
        done
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
        t_refused 1 "shm_open $NAME: No space left on device" \
            ./posix_shm/writer -s "$NAME"
        t_refused 1 "shm_open $NAME: No space left on device" "$counter" 5
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
        t_refused 1 "shm_open $NAME: Read-only file system" \
            ./posix_shm/writer -s "$NAME"
        t_refused 1 "shm_open $NAME: Read-only file system" "$counter" 5
        t_run ./mmap/file_reader /dev/shm/f
        cmp "$T/out" data/test.txt'
}

# At the limit the kernel sends SIGXFSZ, which ends a program at once: what it has left
# is cleared away by the next one. Who ignores that signal is told instead.
file_size() {
    for p in "posix_shm/writer -s $NAME" "posix_shm/stream_writer -s $NAME" \
        "posix_shm/sealed_writer -s $NAME"; do
        case $p in
        *sealed*) pattern='cannot write all to the memory file' ;;
        *stream*) pattern='allocate .*: File too large' ;;
        *) pattern="allocate .* for $NAME: File too large" ;;
        esac
        # shellcheck disable=SC2086,SC2016 # words; for the shell in there
        limited 'ulimit -f 0' 153 '' \
            sh -c 'exec "$0" "$@" <data/english.txt' ./$p
        # shellcheck disable=SC2086,SC2016
        limited 'ulimit -f 0 && trap "" XFSZ' 1 "$pattern" \
            sh -c 'exec "$0" "$@" <data/english.txt' ./$p
    done
    export COUNTER="$NAME"
    nothing_left
    limited 'ulimit -f 0' 153 '' "$counter" 5
    limited 'ulimit -f 0 && trap "" XFSZ' 1 "allocate .*: File too large" "$counter" 5
    nothing_left
    limited 'ulimit -f 0' 153 '' ./posix_shm/writer -s "$NAME"
    works
    # And a stdout that has come to its limit.
    for limit in 'ulimit -f 0 153' 'ulimit -f 0 && trap "" XFSZ 1'; do
        t_start w ./posix_shm/writer -s "$NAME" one two
        # shellcheck disable=SC2016
        limited "${limit% *} && exec >$T/out" "${limit##* }" \
            "waiting\|write to stdout: File too large" \
            sh -c 'exec ./posix_shm/reader -s "$NAME" >"$0"' "$T/out"
        t_ends w 1
        t_says w.err 'the reader has died'
        nothing_posix_left
    done
    for limit in 'ulimit -f 0 153' 'ulimit -f 0 && trap "" XFSZ 1'; do
        t_start w ./sysv_shm/writer -k "$KEY"
        # shellcheck disable=SC2016
        limited "${limit% *} && exec >$T/out" "${limit##* }" \
            'waiting for\|write to stdout: File too large' \
            sh -c 'exec ./sysv_shm/reader -k "$KEY" >"$0"' "$T/out"
        t_ends w 1
        t_says w.err 'the reader has died before it had read'
        nothing_left
    done
    # A stream comes to it in the middle; what it holds is the beginning.
    head -c $((2 * ring)) /dev/urandom >"$T/in"
    t_start_io "$T/in" "$T/w.out" w ./posix_shm/stream_writer -s "$NAME"
    # shellcheck disable=SC2016 # for the shell in there
    limited 'ulimit -f 100 && trap "" XFSZ' 1 'write to stdout: File too large' \
        sh -c 'exec ./posix_shm/stream_reader -s "$NAME" >"$0"' "$T/out"
    t_ends w 1
    t_says w.err 'the reader is gone'
    [ -s "$T/out" ]
    head -c "$(wc -c <"$T/out")" "$T/in" | cmp - "$T/out"
}
nothing_posix_left() {
    [ ! -e "/dev/shm$NAME" ] || t_fail "$NAME is left in /dev/shm"
}
# works: the next pair does, and leaves nothing.
works() {
    t_start w ./posix_shm/writer -s "$NAME" works
    t_run ./posix_shm/reader -s "$NAME"
    t_ends w 0
    t_same out works
    nothing_posix_left
}

descriptors() {
    build -static
    for program in file_writer file_reader parent_child unrelated_writer \
        unrelated_reader seqlock_writer seqlock_reader; do
        limited 'ulimit -n 3' 1 'open .*: \(Too many open files\|No file desc\)' \
            "$T/mmap/$program" "$T/mmap/file_writer"
    done
    many='\(Too many open files\|No file desc\)'
    for program in writer reader counter; do
        set -- -s "$NAME"
        if [ "$program" = counter ]; then set -- 5; fi
        limited 'ulimit -n 3' 1 "shm_open $NAME: $many" "$T/posix_shm/$program" "$@"
        # One is enough for any of them.
        most=1
        limited 'ulimit -n 4' '0 124' 'waiting for a' "$T/posix_shm/$program" "$@"
        most=
    done
    for pair in sealed stream; do
        limited 'ulimit -n 3' 1 'bind @' "$T/posix_shm/${pair}_writer" -s "$NAME"
        limited 'ulimit -n 3' 1 'connect @' "$T/posix_shm/${pair}_reader" -s "$NAME"
        limited 'ulimit -n 4' 1 "\(memfd_create\|allocate .*\): $many" \
            "$T/posix_shm/${pair}_writer" -s "$NAME"
        limited 'ulimit -n 5' 1 "accept: $many" sh -c "
            ./posix_shm/${pair}_reader -s $NAME 8>&- & $T/posix_shm/${pair}_writer -s $NAME
            status=\$?; kill \$!; exit \$status"
    done
    # And none for System V.
    most=1
    limited 'ulimit -n 3' 124 'waiting for a reader' "$T/sysv_shm/writer" -k "$KEY"
    limited 'ulimit -n 3' 124 'waiting for key' "$T/sysv_shm/reader" -k "$KEY"
    most=
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
    most=0.3
    for more in 0 4 8 16 32 64 128 256 512; do
        limited "ulimit -v $((least + more))" '0 1 124' . "$T/$program" "$@"
    done
    most=
    nothing_left
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

# Each with these limits in /proc/sys/kernel, and what the writer says of them, and how
# many objects it leaves. The reader waits, or has nothing to wait with.
system_v_limits() {
    while read -r file values leaves pattern; do
        export pattern leaves
        # shellcheck disable=SC2016
        apart "echo $(echo "$values" | tr , ' ') >/proc/sys/kernel/$file"'
            t_refused 1 "$pattern" ./sysv_shm/writer -k 77
            [ "$(ipcs -m -s | grep -c 0x)" = "$leaves" ] || t_fail "$(ipcs -m -s)"
            t_start r ./sysv_shm/reader -k 77
            case $leaves$pattern in
            1*) t_ends r 1 && t_says r.err "semop on set .*: Argument list too" ;;
            0set*Invalid*) t_ends r 1 && t_says r.err "set of key .*: Invalid" ;;
            *) t_tells r "waiting for" ;;
            esac'
    done <<'LIMITS'
shmmni 0 0 segment of key 0x4d (see ipcs -m): No space left on device
shmall 0 0 segment of key 0x4d (see ipcs -m): No space left on device
shmmax 9 0 segment of key 0x4d (see ipcs -m): Invalid argument
sem 4,100,4,0 0 set of key 0x4d (see ipcs -s; -k: another key): No space left on device
sem 4,3,4,9 0 set of key 0x4d (see ipcs -s; -k: another key): No space left on device
sem 3,100,4,9 0 set of key 0x4d (see ipcs -s; -k: another key): Invalid argument
sem 4,100,1,9 1 key 0x4d .*: Argument list too
LIMITS
}

# A signal with a handler every millisecond, in every program at once: in those that
# have handlers of their own, it interrupts; in the others, which have none and so
# are never interrupted, calls go on after it.
eintr_storm() {
    build '-include tests/lib/steps.h'
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        export STEP_STORM=1
        t_start r "$T/posix_shm/reader" -s "$NAME"
        sleep 0.05
        # shellcheck disable=SC2046 # many arguments
        t_start w "$T/posix_shm/writer" -s "$NAME" $(seq 200)
        t_ends w 0
        t_ends r 0
        seq 200 | cmp - "$T/r.out"
        STEP_STORM=2
        t_start_io data/english.txt "$T/w.out" w "$T/posix_shm/sealed_writer" -s "$NAME"
        sleep 0.05
        t_start r "$T/posix_shm/sealed_reader" -s "$NAME"
        t_ends w 0
        t_ends r 0
        cmp data/english.txt "$T/r.out"
        for who in a b d; do t_start "$who" "$T/posix_shm/counter" 20000; done
        for who in a b d; do
            t_ends "$who" 0 9
            awk '{ exit !($2 + 0 == 20000 && $5 + 0 == $7) }' "$T/$who.out"
        done
        STEP_STORM=1
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
        t_tells r 'waiting for key'
        t_start w "$T/sysv_shm/writer" -k "$KEY" next 1
        t_ends w 0
        t_ends r 0
        t_same r.out 'student name: next, age: 1'
        nothing_left
    done
}

# Who is stopped and continued goes on, whatever it was in: signal(7) lists calls that
# fail then, and none of them is used without a loop.
stop_and_go() {
    mkfifo "$T/feed" "$T/sink"
    head -c $((2 * ring)) /dev/urandom >"$T/in"
    export COUNTER="$NAME.c"
    t_start r ./posix_shm/reader -s "$NAME"
    for who in a b; do t_start "$who" "$counter" 300000; done
    t_dribble c "$T/in" "$T/feed" 30000
    t_start_io "$T/sink" "$T/copy" d sh -c 'sleep 0.1 && cat'
    t_start_io /dev/null "$T/sink" t ./posix_shm/stream_reader -s "$NAME"
    t_start_io "$T/feed" "$T/u.out" u ./posix_shm/stream_writer -s "$NAME"
    t_start s ./posix_shm/sealed_reader -s "$NAME"
    n=0 everybody='r s t u a b'
    while [ $((n += 1)) -le 20 ]; do
        if [ "$n" = 8 ]; then
            everybody="$everybody w v"
            # shellcheck disable=SC2046 # many arguments
            t_start w ./posix_shm/writer -s "$NAME" $(seq 2000)
            t_start_io "$T/in" "$T/v.out" v ./posix_shm/sealed_writer -s "$NAME"
        fi
        for one in $everybody; do
            t_ended "$(t_pid "$one")" || kill -STOP "$(t_pid "$one")" 2>/dev/null || :
        done
        sleep 0.01
        for one in $everybody; do
            t_ended "$(t_pid "$one")" || kill -CONT "$(t_pid "$one")" 2>/dev/null || :
        done
        sleep 0.01
    done
    for one in r w s v t u a b d; do t_ends "$one" 0 9; done
    seq 2000 | cmp - "$T/r.out"
    cmp "$T/in" "$T/s.out"
    cmp "$T/in" "$T/copy"
    nothing_posix_left
    [ ! -e "/dev/shm$COUNTER" ] || t_fail "$COUNTER is left in /dev/shm"
}

# semop(2) does fail then, with EINTR.
student_stop_and_go() {
    # A set without a student, for the reader to wait in.
    t_start w ./sysv_shm/writer -k "$KEY"
    t_tells w 'waiting for a reader'
    kill -KILL "$(t_pid w)"
    t_reap w
    t_start r ./sysv_shm/reader -k "$KEY"
    t_tells r 'waiting for key'
    stops_and_goes r
    t_start w ./sysv_shm/writer -k "$KEY" next 1
    t_ends r 0
    t_ends w 0
    t_same r.out 'student name: next, age: 1'
    t_start w ./sysv_shm/writer -k "$KEY" last 2
    t_tells w 'waiting for a reader'
    stops_and_goes w
    t_run ./sysv_shm/reader -k "$KEY"
    t_ends w 0
    t_same out 'student name: last, age: 2'
    nothing_left
}
stops_and_goes() {
    n=0
    while [ $((n += 1)) -le 10 ]; do
        kill -STOP "$(t_pid "$1")"
        sleep 0.01
        kill -CONT "$(t_pid "$1")"
        sleep 0.01
        ! t_ended "$(t_pid "$1")" || t_fail "$1 takes it for its end"
    done
}

# The clock is set back an hour just when a program has looked at it: then a wait until
# a time of CLOCK_REALTIME ends an hour late, and no death is noticed before. (Of the
# real clock nobody may do that here.) In musl, which has no sem_clockwait(3), a wait
# is for a span, and only this moment is left.
clock_set_back() {
    back_header
    mkdir "$T/right" "$T/wrong"
    cp posix_shm/message.h "$T/right"
    sed 's/#define MESSAGE_CLOCK CLOCK_MONOTONIC/#define MESSAGE_CLOCK CLOCK_REALTIME/' \
        posix_shm/message.h >"$T/wrong/message.h"
    cmp -s "$T/right/message.h" "$T/wrong/message.h" && t_fail "no clock is changed"
    for p in writer reader; do
        for how in right wrong; do
            cp "posix_shm/$p.c" "$T/$how"
            ${CC:-cc} -include "$T/back.h" "$T/$how/$p.c" -o "$T/$how/$p" -lrt
        done
    done
    echo '#include <time.h>
        #ifdef __GLIBC__
        yes
        #endif' | ${CC:-cc} -E - | grep -q yes || t_skip "this C library has no sem_clockwait"
    for how in right wrong; do
        for victim in w r; do
            t_hold
            t_start w "$T/$how/writer" -s "$NAME" one two three
            t_start_held_out r "$T/$how/reader" -s "$NAME"
            t_stands r
            if [ "$victim" = w ]; then
                # It waits for the second message, which does not come.
                kill -STOP "$(t_pid w)"
                t_release r.out
                t_within 2 sleeps_in_a_wait || sleep 0.5
                kill -KILL "$(t_pid w)"
                t_reap w
                survivor=r
            else
                sleep 0.1
                kill -KILL "$(t_pid r)"
                t_reap r
                survivor=w
            fi
            case $how in
            right)
                t_ends "$survivor" 1
                t_says "$survivor".err ' died'
                ;;
            wrong)
                sleep 2.5
                ! t_ended "$(t_pid "$survivor")" || t_fail "the control fails"
                kill -KILL "$(t_pid "$survivor")"
                t_reap "$survivor"
                ;;
            esac
            if [ "$victim" = r ]; then t_release r.out; fi
        done
    done
    nothing_posix_left
}

# back_header: $T/back.h sets CLOCK_REALTIME back whenever it has been looked at.
back_header() {
    cat >"$T/back.h" <<'H'
#define _GNU_SOURCE
#include <semaphore.h>
#include <time.h>
static inline int clock_set_back(clockid_t clock, struct timespec *t)
{
    int result = clock_gettime(clock, t);
    t->tv_sec += clock == CLOCK_REALTIME ? 3600 : 0;
    return result;
}
#define clock_gettime(clock, t) clock_set_back(clock, t)
H
}
# The same for a counter: one is stopped with the mutex, and who waits for it is told
# to end. It looks for that once a second.
counter_clock_set_back() {
    echo '#include <features.h>' | ${CC:-cc} -E -dM - | grep -q __GLIBC__ ||
        t_skip "this C library has no pthread_mutex_clocklock"
    export COUNTER="$NAME"
    back_header
    mkdir "$T/right" "$T/wrong"
    for how in right wrong; do
        counter_sources "$T/$how"
        if [ "$how" = wrong ]; then
            sed -i '/define COUNTER_CLOCK/s/CLOCK_MONOTONIC/CLOCK_REALTIME/' "$T/$how/counter.h"
        fi
        ${CC:-cc} -include "$T/back.h" "$T/$how/counter.c" -o "$T/$how/counter" -lrt
    done
    sed 's/c->total++;/raise(SIGSTOP); &/' "$T/right/counter.c" >"$T/right/stops.c"
    ${CC:-cc} "$T/right/stops.c" -o "$T/stops" -lrt
    for how in right wrong; do
        t_start a "$T/stops" 1
        t_within 2 grep -q '^State:.T' "/proc/$(t_pid a)/status"
        t_start r "$T/$how/counter" 1
        t_within 2 sleeps_in_a_wait
        kill -TERM "$(t_pid r)"
        case $how in
        right) t_ends r 143 ;;
        wrong)
            sleep 2.5
            ! t_ended "$(t_pid r)" || t_fail "the control fails"
            kill -KILL "$(t_pid r)"
            t_reap r
            ;;
        esac
        kill -CONT "$(t_pid a)"
        t_ends a 0
    done
    nothing_posix_left
}

# A message of several pages, and one is there: posix_fallocate says so, before anybody
# stores into what is not there, which is a SIGBUS.
larger_message() {
    mkdir "$T/larger"
    cp posix_shm/writer.c "$T/larger"
    sed 's/MESSAGE_MAX = [0-9]*/MESSAGE_MAX = 30720/' posix_shm/message.h >"$T/larger/message.h"
    ${CC:-cc} "$T/larger/writer.c" -o "$T/larger/writer" -lrt
    # shellcheck disable=SC2016 # for the shell in there
    apart '
        mount -t tmpfs -o size=4k tmpfs /dev/shm
        t_refused 1 "allocate .* for $NAME: No space left on device" \
            "$T/larger/writer" -s "$NAME"
        [ "$(echo /dev/shm/*)" = "/dev/shm/*" ]'
}

sleeps_in_a_wait() {
    case $(cat "/proc/$(t_pid r)/wchan" 2>/dev/null) in
    *futex*) ;;
    *) false ;;
    esac
}

# The terminal is closed: SIGHUP to all that is in its foreground. Nothing is left, and
# who was in the background, or has no terminal any more, is noticed to be gone.
terminal_closed() {
    script -qec true /dev/null </dev/null >/dev/null 2>&1 ||
        t_skip "script(1) is not installed"
    for what in writer counter; do
        case $what in
        writer) command="./posix_shm/writer -s '$NAME' one" ;;
        counter) command="'$counter' 1000000000000" ;;
        esac
        export COUNTER="$NAME"
        mkfifo "$T/keys.$what"
        t_start_io /dev/null "$T/s.out" s sh -c \
            "exec env --default-signal=HUP script -qec \"$command\" /dev/null <'$T/keys.$what'"
        exec 7>"$T/keys.$what"
        t_within 2 test -e "/dev/shm$NAME" || t_fail "$what does not start: $(cat "$T/s.out")"
        if [ "$what" = writer ]; then
            t_within 2 grep -q 'waiting for a reader' "$T/s.out"
        fi
        kill -KILL "$(t_pid s)" # it holds the other side of the terminal
        t_reap s
        exec 7>&-
        t_within 2 test ! -e "/dev/shm$NAME" || t_fail "the $what leaves its object"
    done
    # A writer that has met its reader, which has no terminal.
    t_hold
    mkfifo "$T/keys"
    t_start_io /dev/null "$T/s.out" s sh -c \
        "exec env --default-signal=HUP script -qec \"echo \\\$\\\$ >'$T/pid' &&
            exec ./posix_shm/writer -s '$NAME' one two\" /dev/null <'$T/keys'"
    exec 7>"$T/keys"
    t_start_held_out r ./posix_shm/reader -s "$NAME"
    t_stands r
    kill -KILL "$(t_pid s)"
    t_reap s
    exec 7>&-
    t_within 2 t_ended "$(cat "$T/pid")" || t_fail "the writer stays"
    t_release r.out
    t_ends r 1
    t_says r.err 'has died'
    nothing_posix_left
}

# A message may have any bytes but NUL; of its lines none is a message.
newlines() {
    t_start w ./posix_shm/writer -s "$NAME" 'one
two' '
' ''
    t_run ./posix_shm/reader -s "$NAME"
    t_ends w 0
    printf 'one\ntwo\n\n\n\n' | cmp - "$T/out"
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
    t_refused 1 'read from stdin' ./posix_shm/sealed_writer -s "$NAME" <&-
    for p in sealed stream; do
        t_start_io data/test.txt "$T/w.out" w ./posix_shm/"${p}"_writer -s "$NAME"
        t_run ./posix_shm/"${p}"_reader -s "$NAME" <&-
        cmp data/test.txt "$T/out"
        t_ends w 0
    done
    export COUNTER="$NAME"
    t_run "$counter" 5 <&-
    t_same out 'added 5, all rows 5, total 5'
    t_start w ./sysv_shm/writer -k "$KEY" <&-
    t_run ./sysv_shm/reader -k "$KEY" <&-
    t_same out 'student name: hello, age: 20'
    t_ends w 0
    nothing_left
}

# Calls that fail, each in a program that has it from us: it says so, and leaves
# nothing. So does the partner that waits: it goes on, and serves the next one.
calls_that_fail() {
    cat >"$T/fail.h" <<'H'
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>
#define mmap(...) (errno = ENOMEM, MAP_FAILED)
#define sem_init(...) (errno = EINVAL, -1)
#define memfd_create(...) (errno = ENFILE, -1)
#define pthread_mutex_init(...) EAGAIN
#define sysconf(...) 16L
H
    while read -r program call pattern; do
        source=posix_shm/$program
        if [ "$program" = counter ]; then source=$counter; fi
        sed -n '/#include/p' "$T/fail.h" >"$T/one.h"
        sed -n "/#define _GNU\\|#define $call(/p" "$T/fail.h" >>"$T/one.h"
        sed -i '/_GNU/d; 1i #define _GNU_SOURCE' "$T/one.h"
        ${CC:-cc} -include "$T/one.h" "$source.c" -I"${source%/*}" -o "$T/fails" -lrt
        export COUNTER="$NAME"
        case $program in
        counter) t_refused 1 "$pattern" "$T/fails" 5 ;;
        *_writer | writer)
            t_refused 1 "$pattern" "$T/fails" -s "$NAME" <data/english.txt
            ;;
        *)
            w=$(echo "$program" | sed s/reader/writer/)
            t_start_io data/english.txt "$T/w.out" w "./posix_shm/$w" -s "$NAME"
            t_tells w 'waiting for a'
            t_refused 1 "$pattern" "$T/fails" -s "$NAME"
            if [ "$program" = reader ]; then
                t_run ./posix_shm/reader -s "$NAME"
                t_ends w 0
            else
                t_ends w 1
            fi
            ;;
        esac
        nothing_left
    done <<'CALLS'
writer mmap mmap .*: \(Cannot allocate\|Out of\) memory
writer sem_init initialise .*: Invalid argument
reader mmap mmap .*: \(Cannot allocate\|Out of\) memory
sealed_writer memfd_create memfd_create: Too many open files
sealed_writer sysconf INPUT is larger than half of this machine
sealed_reader mmap mmap: \(Cannot allocate\|Out of\) memory
stream_writer memfd_create allocate .*: Too many open files
stream_writer mmap map and seal: \(Cannot allocate\|Out of\) memory
stream_reader mmap mmap: \(Cannot allocate\|Out of\) memory
counter mmap mmap .*: \(Cannot allocate\|Out of\) memory
counter pthread_mutex_init pthread_mutex_init .*: Resource temporarily unavailable
CALLS
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
    # A reader that cannot print has not read: the other says so. (sealed_writer has
    # ended by then, as its page says.)
    for pair in posix_shm stream sealed; do
        case $pair in
        posix_shm) w=writer r=reader ;;
        *) w=${pair}_writer r=${pair}_reader ;;
        esac
        t_start_io data/test.txt "$T/w.out" w "./posix_shm/$w" -s "$NAME"
        t_start_io /dev/null /dev/full r "./posix_shm/$r" -s "$NAME"
        t_ends r 1
        t_says r.err 'write to stdout: No space left on device'
        if [ "$pair" = sealed ]; then t_ends w 0; else t_ends w 1; fi
    done
    t_start w ./sysv_shm/writer -k "$KEY"
    t_start_io /dev/null /dev/full r ./sysv_shm/reader -k "$KEY"
    t_ends r 1
    t_says r.err 'write to stdout: No space left on device'
    t_ends w 1
    t_says w.err 'the reader has died before it had read'
    t_start_io /dev/null /dev/full c env COUNTER="$NAME" "$counter" 5
    t_ends c 1
    t_says c.err 'write to stdout: No space left on device'
    nothing_left
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

# A story that cannot be written does not change the data. One into a pipe that nobody
# reads is a SIGPIPE; then the next one works, and leaves nothing behind.
stderr_that_fails() {
    for p in '' sealed_ stream_; do
        t_start r "./posix_shm/${p}reader" -s "$NAME"
        ./posix_shm/"${p}"writer -s "$NAME" <data/test.txt 2>/dev/full
        t_ends r 0
        t_start_io data/test.txt "$T/w.out" w "./posix_shm/${p}writer" -s "$NAME"
        "./posix_shm/${p}reader" -s "$NAME" >"$T/out" 2>/dev/full
        t_ends w 0
        cmp "$T/r.out" "$T/out"
        t_start r "./posix_shm/${p}reader" -s "$NAME"
        t_tells r 'waiting for a writer'
        kill -STOP "$(t_pid r)" # it meets nobody who dies of this
        status=0
        broken "./posix_shm/${p}writer" -s "$NAME" || status=$?
        kill -CONT "$(t_pid r)"
        [ "$status" = 141 ] || t_fail "${p}writer: status $status"
        ! t_ended "$(t_pid r)" || t_fail "${p}reader does not wait"
        t_start_io data/test.txt "$T/w.out" w "./posix_shm/${p}writer" -s "$NAME"
        t_ends w 0
        t_ends r 0
        cmp "$T/r.out" "$T/out"
        status=0
        broken "./posix_shm/${p}reader" -s "$NAME" || status=$?
        [ "$status" = 141 ] || t_fail "${p}reader: status $status"
    done
    t_start r ./sysv_shm/reader -k "$KEY"
    ./sysv_shm/writer -k "$KEY" 2>/dev/full
    t_ends r 0
    t_same r.out 'student name: hello, age: 20'
    t_start w ./sysv_shm/writer -k "$KEY"
    ./sysv_shm/reader -k "$KEY" >"$T/out" 2>/dev/full
    t_ends w 0
    t_same out 'student name: hello, age: 20'
    for p in writer reader; do
        status=0
        broken "./sysv_shm/$p" -k "$KEY" || status=$?
        [ "$status" = 141 ] || t_fail "sysv_shm/$p: status $status"
        t_start r ./sysv_shm/reader -k "$KEY"
        t_start w ./sysv_shm/writer -k "$KEY"
        t_ends r 0
        t_ends w 0
        t_same r.out 'student name: hello, age: 20'
    done
    nothing_left
}
# broken COMMAND...: its stderr is a pipe that nobody reads.
broken() {
    rm -f "$T/unread"
    mkfifo "$T/unread"
    exec 6<>"$T/unread"
    exec 7>"$T/unread" 6>&-
    "$@" </dev/null 2>&7 7>&-
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
t_it "memory, semaphores, mutexes that are refused" calls_that_fail
t_it "stdout full" stdout_full
t_it "a signal every millisecond" eintr_storm
t_it "stopped and continued, again and again" stop_and_go
t_it "stopped and continued: the pair of chapter 3" student_stop_and_go
t_it "a clock set back stalls no wait" clock_set_back
t_it "counter: a clock set back stalls no wait" counter_clock_set_back
t_it "/dev/shm is full: a message of several pages" larger_message
t_it "a terminal that is closed" terminal_closed
t_it "messages with newlines" newlines
t_it "stdin closed" stdin_closed
t_it "stderr full, or a pipe that nobody reads" stderr_that_fails
t_finish
