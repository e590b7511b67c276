#!/bin/sh
# tests/deep/hostile.sh - objects that no writer of ours made, and objects that
# a third process spoils while they are in use
#
# What an object may be, and where that is tested, if not here:
#   empty, too small      mmap.sh, posix_shm.sh ("not ready"); a System V
#                         segment is never empty
#   a link, a FIFO, a folder, a device
#                         posix_shm.sh; a key leads to none of them
#   another user's        posix_shm.sh, sysv_shm.sh
#   unlinked while in use posix_shm.sh for a writer that waits
#   a key of others       sysv_shm.sh
# A System V segment cannot be shrunk: there is no call for it.
#
# FILLINGS (20) random objects for each reader; the first comes from SEED, each
# next one from a seed one higher, and one that failed comes again with
# SEED=that FILLINGS=1. Every reader has to end by itself in -t and 2 seconds;
# those of chapter 1, which have no -t, if they find a text.
. "$(dirname "$0")/../lib/lib.sh"
: "${FILLINGS:=20}" "${SEED:=$(t_random 1000000000)}"

# A SIGBUS is to end the program as without a sanitizer.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_sigbus=0"
# shellcheck disable=SC3045 # every shell has -c
ulimit -c 0 # who dies of a SIGBUS leaves no core

t_the_ring
TiB=1099511627776

# helper NAME: $t_tmp/NAME from tests/deep/hostile/NAME.c, when a test first needs it.
helper() {
    [ -x "$t_tmp/$1" ] || ${CC:-cc} "tests/deep/hostile/$1.c" -o "$t_tmp/$1" -lrt
}

# run, as in lib.sh, but in 3 seconds (no -t here is longer than 1), and
# a sanitizer has nothing to say.
run() {
    status=0
    timeout -k 1 3 "$@" >"$T/out" 2>"$T/err" || status=$?
    [ "$status" -lt 124 ] || t_fail "$*: status $status"
    if grep -e Sanitizer -e 'runtime error' "$T/err"; then t_fail "$*"; fi
}

# dies WHO SIGNAL...: of one of these, in 2 seconds.
dies() {
    who=$1
    shift
    t_within 2 t_ended "$(t_pid "$who")" || t_fail "$who does not end"
    t_reap "$who"
    [ "$status" -gt 128 ] || t_fail "$who: status $status and not $*"
    case " $* " in
    *" $(kill -l "$status") "*) ;;
    *) t_fail "$who: status $status and not $*" ;;
    esac
}

# fill HELPER OBJECT READER...
fill() {
    helper "$1"
    fill=$t_tmp/$1 object=$2
    shift 2
    ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 \
        "$fill" "$object" fill "$FILLINGS" "$SEED" "$@"
}

# bytes N OCTAL: N bytes of this value.
bytes() {
    head -c "$1" /dev/zero | tr '\0' "\\$2"
}

# --- file_writer, file_reader, parent_child -----------------------------------

# No byte of a file is more than a byte: not 0, not 0xff, not the last of a page.
file_bytes() {
    for byte in 0 377; do
        bytes 4096 "$byte" >"$T/f"
        cp "$T/f" "$T/old"
        t_run ./mmap/file_reader "$T/f"
        [ "$status" = 0 ]
        cmp "$T/old" "$T/out"
        t_run ./mmap/file_writer -m abc "$T/f"
        [ "$status" = 0 ]
        { printf 'buf = ' && cat "$T/old" && echo; } | cmp - "$T/out"
        t_run ./mmap/parent_child -m xyz "$T/f"
        [ "$status" = 0 ]
        t_same out xyz
        { printf xyz && tail -c +4 "$T/old"; } | cmp - "$T/f"
    done
}

file_fill() {
    fill file "$T/f" ./mmap/file_reader "$T/f"
}

# held_before CALL PROGRAM ARGUMENT...: $victim, p or with child=CHILD its child, has
# mapped the file and stands before this call (steps.h).
held_before() {
    call=$1 program=$2
    shift 2
    ${CC:-cc} -O1 -include tests/lib/steps.h "mmap/$program.c" -o "$T/steps" -lrt
    step=0
    while [ $((step += 1)) -le 40 ]; do
        t_start p env "STEP_${child:-HOLD}=$step" "$T/steps" "$@"
        t_within 2 grep -q "before step $step," "$T/p.err"
        victim=$(t_pid p)
        if [ -n "$child" ]; then victim=$(cat "/proc/$victim/task/$victim/children"); fi
        victim=${victim% }
        t_within 2 stands_still
        if grep -q ", $call (" "$T/p.err"; then return; fi
        kill -KILL "$victim"
        t_within 2 t_ended "$(t_pid p)"
        t_reap p
    done
    t_fail "$program does not come to $call"
}
stands_still() {
    t_stat "$victim" && [ "$t_state" = T ]
}
waits_for_the_lock() {
    grep -q -e "-> FLOCK .* $(t_pid "$1") " /proc/locks
}

# A mapped page that the file no longer has is a SIGBUS, mmap(2), and no
# program can see it coming. But the lock goes with who died, and the next in
# line is told what is wrong.
file_shrunk() {
    child=${3:-}
    cp data/test.txt "$T/f"
    held_before "$2" "$1" "$T/f"
    t_start q ./mmap/file_writer "$T/f"
    t_within 2 waits_for_the_lock q || t_fail "q does not wait"
    : >"$T/f"
    kill -CONT "$victim"
    if [ -z "$child" ]; then
        dies p BUS
    else
        t_ends p 1
        t_says p.err "the child $victim died: Bus error"
    fi
    t_same p.out ""
    t_ends q 1
    t_says q.err 'f (size 0) is too small'
    [ ! -s "$T/f" ]
    cp data/test.txt "$T/f"
    t_run "./mmap/$1" "$T/f"
    [ "$status" = 0 ]
}

# --- unrelated_writer and unrelated_reader; seqlock_writer and seqlock_reader ---

text_refuses() {
    mkfifo "$T/fifo"
    mkdir "$T/folder"
    bytes 4095 0 >"$T/small"
    bytes 4097 0 >"$T/big"
    truncate -s "$TiB" "$T/huge" 2>/dev/null || rm "$T/huge"
    for p in "$1_writer" "$1_reader"; do
        for what in small big huge fifo folder; do
            case $what in
            fifo) pattern='allocate .*/fifo: ' ;;
            folder) pattern='open .*/folder: ' ;;
            *) pattern='holds something else' ;;
            esac
            [ ! -e "$T/$what" ] || t_refused 1 "$pattern" "./mmap/$p" "$T/$what"
        done
    done
    bytes 4095 0 | cmp - "$T/small"
    bytes 4097 0 | cmp - "$T/big"
    [ ! -e "$T/huge" ] || [ "$(stat -c %s "$T/huge")" = "$TiB" ]
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        head -c 4096 /dev/urandom >"$T/any"
        cp "$T/any" "$T/old"
        t_refused 1 'holds something else' "./mmap/$1_writer" "$T/any"
        cmp "$T/any" "$T/old"
    done
}

# In these the text is not whole, or not there, however long one waits. With
# a living writer and without.
seqlock_never_whole() {
    helper text
    for fields in bytes=0 magic=0 sequence=0 sequence=1 sequence=0xffffffff; do
        for lock in '' lock=1; do
            t_start h "$t_tmp/text" "$T/f" text=97 "$fields" ${lock:+"$lock"}
            if [ -n "$lock" ]; then t_tells h ready; else t_ends h 0; fi
            t_start r ./mmap/seqlock_reader "$T/f"
            if [ -n "$lock" ]; then
                t_tells r 'a writer is at work'
            else
                t_tells r 'waiting for a writer'
            fi
            sleep 0.1
            for who in r ${lock:+h}; do
                kill "$(t_pid "$who")"
                t_ends "$who" 143
            done
            t_same r.out ""
        done
    done
}

text_no_nul() {
    helper text
    for byte in 97 255; do
        "$t_tmp/text" "$T/f" bytes=0 magic=0x31716573 text="$byte" sequence=0xfffffffe
        t_run "./mmap/$1_reader" -n 1 "$T/f"
        [ "$status" = 0 ]
        { bytes 3072 "$(printf %o "$byte")" && echo; } | cmp - "$T/out"
    done
    # What a writer finds so, it puts right.
    case $1 in
    unrelated) "$t_tmp/text" "$T/f" bytes=0 text=97 ;;
    seqlock) "$t_tmp/text" "$T/f" text=97 sequence=0xffffffff ;;
    esac
    t_run "./mmap/$1_writer" -n 1 -m right "$T/f"
    [ "$status" = 0 ]
    t_run "./mmap/$1_reader" -n 1 "$T/f"
    t_same out right
}

text_fill() {
    fill text "$T/f" "./mmap/$1_reader" -n 1 "$T/f"
}

# Who looks at what the file no longer has dies, either side. Who comes next
# gives the file its size again, and the next writer its text.
text_shrunk() {
    t_start w "./mmap/$1_writer" -i 0.01 "$T/f"
    t_start r "./mmap/$1_reader" -i 0.01 "$T/f"
    t_within 2 test -s "$T/r.out"
    : >"$T/f"
    dies w BUS
    dies r BUS
    t_start r "./mmap/$1_reader" -n 1 "$T/f"
    t_tells r 'waiting for a'
    t_run "./mmap/$1_writer" -n 1 -m next "$T/f"
    [ "$status" = 0 ]
    t_ends r 0
    t_same r.out next
}

# --- posix_shm: writer and reader, stream_writer and stream_reader -------------

# of PAIR TEST: with the programs $writer and $reader, whose objects are those
# of the helper $pair, $whole bytes long; in them there is place for $most bytes.
of() {
    pair=$1
    case $pair in
    posix) writer=writer reader=reader most=3072 ;;
    stream) writer=stream_writer reader=stream_reader most=$slot ;;
    esac
    helper "$pair"
    whole=$("$t_tmp/$pair")
    $2
}

# send WHO LINES [OPTION...]: a writer whose reader prints these lines.
send() {
    who=$1
    printf '%s\n' "$2" >"$T/$who.in"
    shift 2
    if [ "$pair" = posix ]; then
        while read -r line; do set -- "$@" "$line"; done <"$T/$who.in"
    fi
    t_start_io "$T/$who.in" "$T/$who.out" "$who" "./posix_shm/$writer" -s "$NAME" "$@"
}

gone() {
    [ ! -e "/dev/shm$NAME" ] || t_fail "$NAME is left in /dev/shm"
}

# make_object FIELD...: what tests/deep/hostile/$pair.c makes; and away with it.
make_object() {
    t_start h "$t_tmp/$pair" "$NAME" "$@"
    t_tells h ready
}
remove_object() {
    kill -KILL "$(t_pid h)"
    t_reap h
    rm "/dev/shm$NAME"
}

# What comes next works, and nothing stays behind.
posix_works() {
    send w works -t 9
    t_run "./posix_shm/$reader" -s "$NAME" -t 1
    [ "$status" = 0 ]
    t_same out works
    t_ends w 0
    gone
}

# The wrong size is no matter of waiting, with a writer's locks and without.
posix_sizes() {
    for size in 1 $((whole - 1)) $((whole + 1)) $((2 * whole)) $TiB; do
        make_object size="$size"
        t_refused 1 'holds something else' "./posix_shm/$reader" -s "$NAME" -t 1
        kill -KILL "$(t_pid h)"
        t_reap h
        for p in "$reader" "$writer"; do
            t_refused 1 'holds something else' "./posix_shm/$p" -s "$NAME" -t 1
            [ "$(stat -c %s "/dev/shm$NAME")" = "$size" ]
        done
        rm "/dev/shm$NAME"
    done
}

# Nobody holds these. Empty or zeros is what a writer leaves that dies early;
# anything else stays as it is.
posix_contents() {
    for what in empty zeros; do
        : >"/dev/shm$NAME"
        [ "$what" = empty ] || bytes "$whole" 0 >"/dev/shm$NAME"
        posix_works
    done
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        if [ "$n" = 1 ]; then
            bytes "$whole" 377
        else
            head -c "$whole" /dev/urandom
        fi >"$T/old"
        cp "$T/old" "/dev/shm$NAME"
        t_refused 1 'holds something else' "./posix_shm/$writer" -s "$NAME" -t 1
        t_refused 1 'no writer came' "./posix_shm/$reader" -s "$NAME" -t 0.1
        cmp "$T/old" "/dev/shm$NAME"
        rm "/dev/shm$NAME"
    done
}

# A link to nothing: a writer that makes an object must not make it there.
posix_link() {
    ln -s "$T/new" "/dev/shm$NAME"
    for p in "$writer" "$reader"; do
        t_refused 1 'shm_open.*ymbolic link' "./posix_shm/$p" -s "$NAME" -t 1
    done
    rm "/dev/shm$NAME"
    [ ! -e "$T/new" ] || t_fail "made through a link"
}

posix_device() {
    [ "$(id -u)" = 0 ] || t_skip "only root can make a device"
    mknod "/dev/shm$NAME" c 1 5 || t_skip "no device can be made here"
    for p in "$writer" "$reader"; do # denied where /dev/shm is mounted nodev
        t_refused 1 'not an object of yours\|Permission denied' \
            "./posix_shm/$p" -s "$NAME" -t 1
    done
    [ -c "/dev/shm$NAME" ]
    rm "/dev/shm$NAME"
}

posix_mode_0() {
    t_for_everyone "posix_shm/$writer" "posix_shm/$reader"
    bytes "$whole" 0 >"/dev/shm$NAME"
    chmod 0 "/dev/shm$NAME"
    [ -z "$t_not_root" ] || chown 65534 "/dev/shm$NAME"
    for p in "$writer" "$reader"; do
        # shellcheck disable=SC2086 # words
        t_refused 1 'Permission denied' $t_not_root "$T/$p" -s "$NAME" -t 1
    done
    [ -e "/dev/shm$NAME" ]
    rm "/dev/shm$NAME"
}

posix_lengths() {
    for length in $((most + 1)) 0x7fffffff 0x80000000 0xffffffff; do
        make_object length="$length" text=97 posts=1
        t_refused 1 "not from $writer" "./posix_shm/$reader" -s "$NAME" -t 1
        remove_object
    done
    # The longest one, with no NUL behind it.
    case $pair in
    posix) make_object length=3072 text=255 last=0xffffffff posts=1 ;;
    stream) make_object length="$slot" text=255 last=1 posts=2 ;;
    esac
    t_run "./posix_shm/$reader" -s "$NAME" -t 1
    [ "$status" = 0 ]
    { bytes "$most" 377 && [ "$pair" = stream ] || echo; } | cmp - "$T/out"
    remove_object
}

# A counter that is up before anyone has come would let the reader print the
# same message two thousand million times; other bytes in a semaphore make the
# C library abort, or hang for ever.
posix_semaphores() {
    for fields in full=1 full=0x7fffffff room=1 room=0x7fffffff bytes=255 \
        bytes=0x55 bytes=1; do
        make_object length=1 text=97 "$fields"
        t_refused 1 'holds something else' "./posix_shm/$reader" -s "$NAME" -t 1
        remove_object
    done
}

# One that goes up later, beyond what a writer can post.
posix_posts() {
    make_object length=1 text=97 posts=100000
    t_run "./posix_shm/$reader" -s "$NAME" -t 1
    [ "$status" = 1 ]
    t_says err "not from $writer"
    [ "$(wc -c <"$T/out")" -lt 100000 ]
    remove_object
}

# Neither READY nor MET is not ready yet; MET without a reader, too late.
posix_states() {
    for state in 0 1 0xffffffff 0x6d736731 0x73746d31; do
        make_object state="$state" posts=1
        t_refused 1 'no writer came' "./posix_shm/$reader" -s "$NAME" -t 0.1
        remove_object
    done
}

posix_fill() {
    fill "$pair" "$NAME" "./posix_shm/$reader" -s "$NAME" -t 1
    gone
}

# in_talk ARGUMENT...: a writer and a reader, with these, that have met. The
# reader stands in write(2) with the first message, and the writer waits.
in_talk() {
    t_hold
    send w 'one
two' "$@"
    t_start_held_out r "./posix_shm/$reader" -s "$NAME" "$@"
    t_stands r
}

# As with files: a SIGBUS for who looks at it (or, in a wait for a semaphore,
# the C library's SIGABRT). None hangs, and the next run works.
posix_shrunk() {
    in_talk
    : >"/dev/shm$NAME"
    dies w BUS ABRT
    t_release r.out
    if [ "$pair" = posix ]; then
        dies r BUS ABRT
    else
        t_ends r 1 # it is the kernel that looks, in write(2)
        t_says r.err 'write to stdout: Bad address'
    fi
    posix_works

    send w one
    t_tells w 'waiting for a reader'
    : >"/dev/shm$NAME"
    dies w BUS ABRT
    t_start r "./posix_shm/$reader" -s "$NAME"
    t_tells r 'waiting for a writer'
    send w two
    t_ends w 0
    t_ends r 0
    t_same r.out two
    gone
}

# All that tells of the partner is lost: then -t ends the wait.
posix_zeroed() {
    in_talk -t 0.3
    bytes 4096 0 | dd of="/dev/shm$NAME" conv=notrunc 2>/dev/null
    t_ends w 1
    t_release r.out
    t_ends r 1
    t_says w.err 'it did not come in time'
    t_says r.err 'it did not come in time'
    posix_works
}

# Both go on to the right end, and what now has the name stays.
posix_unlinked() {
    in_talk
    rm "/dev/shm$NAME"
    echo other >"/dev/shm$NAME"
    t_release r.out
    copied=$!
    t_ends r 0
    t_ends w 0
    wait "$copied"
    t_same r.out 'one
two'
    [ "$(cat "/dev/shm$NAME")" = other ]
    rm "/dev/shm$NAME"
}

# --- sysv_shm/writer and reader -----------------------------------------------

left() {
    ipcs -m -s | awk -v k="$KEY" '$1 == k { print $1, $2 }' | wc -l
}

# make_both FIELD...: what tests/deep/hostile/sysv.c makes; and away with it.
make_both() {
    helper sysv
    "$t_tmp/sysv" "$KEY" "$@"
}
remove_both() {
    ipcrm -M "$KEY" 2>/dev/null || :
    ipcrm -S "$KEY" 2>/dev/null || :
}

sysv_works() {
    t_start w ./sysv_shm/writer -k "$KEY" -t 9 works 1
    t_tells w 'waiting for a reader' # it has removed what there was
    t_run ./sysv_shm/reader -k "$KEY" -t 1
    [ "$status" = 0 ]
    t_same out 'student name: works, age: 1'
    t_ends w 0
    [ "$(left)" = 0 ]
}

# The size is wrong: the reader does not read it, a writer that may clear away
# what a dead one left does not clear it away.
sysv_sizes() {
    make_both size=0
    t_refused 1 'segment of key' ./sysv_shm/reader -k "$KEY" -t 1
    remove_both
    make_both sems=250 owner=0
    t_refused 1 'semaphores of key' ./sysv_shm/reader -k "$KEY" -t 1
    t_refused 1 'semaphores of key' ./sysv_shm/writer -k "$KEY" -t 1
    [ "$(left)" = 2 ]
    remove_both
    for size in 1 35 37 $TiB; do
        make_both size="$size" || {
            remove_both
            t_skip "no segment of $size bytes here"
        }
        t_refused 1 'segment of key' ./sysv_shm/reader -k "$KEY" -t 1
        t_refused 1 'another writer' ./sysv_shm/writer -k "$KEY" -t 1
        [ "$(left)" = 2 ]
        remove_both
        make_both size="$size" owner=0
        t_refused 1 'segment of key' ./sysv_shm/writer -k "$KEY" -t 1
        [ "$(left)" = 1 ]
        remove_both
    done
}

sysv_mode_0() {
    helper sysv
    t_for_everyone sysv_shm/writer sysv_shm/reader
    # shellcheck disable=SC2086 # words
    $t_not_root "$t_tmp/sysv" "$KEY" mode=0 owner=0
    for p in writer reader; do
        # shellcheck disable=SC2086 # words
        t_refused 1 'Permission denied' $t_not_root "$T/$p" -k "$KEY" -t 1
    done
    [ "$(left)" = 2 ]
    remove_both
}

# prints NAME-BYTES AGE FIELD...: so it does, with such a student.
prints() {
    printf 'student name: %s, age: %s\n' "$1" "$2" >"$T/right"
    shift 2
    make_both "$@"
    t_run ./sysv_shm/reader -k "$KEY" -t 1
    [ "$status" = 0 ]
    cmp "$T/right" "$T/out"
    remove_both
}

# No more than 32 bytes of a name, and any age.
sysv_students() {
    prints "$(bytes 32 377)" -1 bytes=255
    prints '' 0 bytes=0
    prints "$(bytes 32 141)" 0 bytes=0 name=97
    prints "$(bytes 32 141)" -2147483648 name=97 age=-2147483648
    prints hello 2147483647 age=2147483647
}

sysv_counters() {
    most=32767 # of a semaphore
    prints hello 20 owner="$most" written="$most"
    make_both reader="$most"
    t_refused 1 'semaphores of key' ./sysv_shm/reader -k "$KEY" -t 1
    remove_both
    make_both reader="$most" written=0
    t_refused 1 'another reader has' ./sysv_shm/reader -k "$KEY" -t 1
    remove_both
    make_both written=0 taken="$most"
    t_refused 1 'no writer came' ./sysv_shm/reader -k "$KEY" -t 0.1
    remove_both
    make_both taken="$most"
    t_run ./sysv_shm/reader -k "$KEY" -t 1
    [ "$status" = 1 ]
    t_same out 'student name: hello, age: 20'
    remove_both
    make_both owner="$most"
    t_refused 1 'another writer has' ./sysv_shm/writer -k "$KEY" -t 1
    [ "$(left)" = 2 ]
    remove_both
    # Without an owner it is a dead run's, whatever is in it.
    for fields in bytes=0 bytes=255; do
        make_both owner=0 written="$most" reader="$most" taken="$most" "$fields"
        sysv_works
    done
}

sysv_fill() {
    fill sysv "$KEY" ./sysv_shm/reader -k "$KEY" -t 1
    [ "$(left)" = 0 ]
}

# The reader has taken the student and has not yet looked for the segment.
sysv_removed() {
    for what in both segment another; do
        t_hold
        t_start w ./sysv_shm/writer -k "$KEY"
        t_tells w 'waiting for a reader'
        t_start_held r ./sysv_shm/reader -k "$KEY"
        t_stands r
        ipcrm -M "$KEY"
        if [ "$what" = both ]; then ipcrm -S "$KEY"; fi
        if [ "$what" = another ]; then make_both sems=0 size=100; fi
        if [ "$what" = both ]; then t_ends w 1; fi
        t_release r.err
        t_ends r 1
        t_same r.out ""
        if [ "$what" = both ]; then
            t_says w.err 'the semaphores are gone'
            t_tells r 'the writer is gone'
        else
            t_ends w 1
            t_says w.err 'the reader is gone'
            case $what in
            segment) t_tells r 'segment of key.*: No such file' ;;
            another) t_tells r 'segment of key.*: Invalid' ;;
            esac
        fi
        if [ "$what" = another ]; then
            [ "$(left)" = 1 ] || t_fail "another's segment was removed"
            remove_both
        fi
        sysv_works
    done
}

t_it "file programs: zeros, 0xff, no NUL: bytes" file_bytes
t_it "file_reader: $FILLINGS random files, SEED=$SEED" file_fill
t_it "file_writer: a file shrunk while in use" file_shrunk file_writer fwrite
t_it "file_reader: a file shrunk while in use" file_shrunk file_reader fwrite
t_it "parent_child: a file shrunk before the parent writes" \
    file_shrunk parent_child memcpy
t_it "parent_child: a file shrunk before the child reads" \
    file_shrunk parent_child printf CHILD
for pair in unrelated seqlock; do
    t_it "$pair: what is not a file of theirs" text_refuses $pair
    t_it "$pair: a text without a NUL" text_no_nul $pair
    t_it "${pair}_reader: $FILLINGS random files, SEED=$SEED" text_fill $pair
    t_it "$pair: a file shrunk while in use" text_shrunk $pair
done
t_it "seqlock_reader: a text that is never whole" seqlock_never_whole
for pair in posix stream; do
    t_it "$pair: too small, too big, 1 TiB" of $pair posix_sizes
    t_it "$pair: empty, zeros, 0xff, random" of $pair posix_contents
    t_it "$pair: a link to nothing" of $pair posix_link
    t_it "$pair: a device" of $pair posix_device
    t_it "$pair: mode 0" of $pair posix_mode_0
    t_it "$pair reader: a length beyond the bound" of $pair posix_lengths
    t_it "$pair reader: semaphores that are none" of $pair posix_semaphores
    t_it "$pair reader: more posts than messages" of $pair posix_posts
    t_it "$pair reader: a state that is none" of $pair posix_states
    t_it "$pair reader: $FILLINGS random objects, SEED=$SEED" of $pair posix_fill
    t_it "$pair: shrunk while in use" of $pair posix_shrunk
    t_it "$pair: filled with zeros while in use" of $pair posix_zeroed
    t_it "$pair: unlinked while in use" of $pair posix_unlinked
done
t_it "sysv: too small, too big, 1 TiB, too many" sysv_sizes
t_it "sysv: mode 0" sysv_mode_0
t_it "sysv reader: a name without a NUL, any age" sysv_students
t_it "sysv: counters beyond their bounds" sysv_counters
t_it "sysv reader: $FILLINGS random students, SEED=$SEED" sysv_fill
t_it "sysv: removed, or another's, while in use" sysv_removed
t_finish
