#!/bin/sh
# tests/deep/hostile.sh - objects that no writer of ours made, and objects that
# a third process spoils while they are in use
#
# What an object may be, and where that is tested, if not here:
#   empty, too small      mmap.sh, posix_shm.sh; a System V segment is never empty
#   a link to a file, a folder
#                         posix_shm.sh; a key leads to none of them
#   a key of others       sysv_shm.sh
# A System V segment cannot be shrunk: there is no call for it.
#
# FILLINGS (20) random objects for each reader; the first comes from SEED, each
# next one from a seed one higher, and one that failed comes again with
# SEED=that FILLINGS=1. Every reader has to end by itself in 3 seconds; those of
# chapter 1 only if they find a text.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/pairs.sh"
: "${FILLINGS:=20}" "${SEED:=$(t_random 1000000000)}"

# A SIGBUS is to end the program as without a sanitizer.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_sigbus=0"
# shellcheck disable=SC3045 # every shell has -c
ulimit -c 0 # who dies of a SIGBUS leaves no core

TiB=1099511627776

# helper NAME: $t_tmp/NAME from tests/deep/hostile/NAME.c, when a test first needs it.
helper() {
    [ -x "$t_tmp/$1" ] || ${CC:-cc} "tests/deep/hostile/$1.c" -o "$t_tmp/$1" -lrt
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

# --- posix_shm/writer and reader -----------------------------------------------

w() {
    t_start w ./posix_shm/writer -s "$NAME" "$@"
}
r() {
    t_start r ./posix_shm/reader -s "$NAME"
}
waits() {
    t_tells "$1" 'waiting for a'
}
is_gone() {
    [ ! -e "/dev/shm$NAME" ]
}
gone() {
    is_gone || t_fail "$NAME is left in /dev/shm"
}

# make_object FIELD...: what tests/deep/hostile/posix.c makes; and away with it.
make_object() {
    helper posix
    whole=$("$t_tmp/posix")
    t_start h "$t_tmp/posix" "$NAME" "$@"
    t_tells h ready
}
kill_object() {
    kill -KILL "$(t_pid h)"
    t_ends h 137
}
remove_object() {
    kill_object
    rm "/dev/shm$NAME"
}

# looks [WORDS]: a reader that sees this object for 0.1 s prints nothing, and waits on
# or says WORDS. The object stays.
looks() {
    t_start l ./posix_shm/reader -s "$NAME"
    waits l
    sleep 0.1
    kill "$(t_pid l)" 2>/dev/null || : # it may have ended
    t_within 2 t_ended "$(t_pid l)"
    t_reap l
    case $status in
    143) ;;
    1) t_says l.err "${1:-no word for this}" ;;
    *) t_fail "the reader: status $status" ;;
    esac
    t_same l.out ""
    [ -e "/dev/shm$NAME" ] || t_fail "the reader has removed it"
}

posix_works() {
    w works
    t_run ./posix_shm/reader -s "$NAME"
    [ "$status" = 0 ]
    t_same out works
    t_ends w 0
    gone
}

# With our mark, but another size than any writer of ours makes.
posix_sizes() {
    helper posix
    for size in 5 $(($("$t_tmp/posix") - 1)) $(($("$t_tmp/posix") + 1)) $TiB; do
        make_object size="$size" posts=1
        looks 'holds something else'
        t_refused 1 'another writer' ./posix_shm/writer -s "$NAME"
        kill_object
        looks 'holds something else'
        if [ "$size" -gt "$whole" ]; then
            w one
            t_within 2 t_ended "$(t_pid w)" || t_fail "it waits where no reader comes"
            t_ends w 1
            t_says w.err 'holds something else'
            [ "$(stat -c %s "/dev/shm$NAME")" = "$size" ]
        fi
        rm "/dev/shm$NAME"
    done
}

# Nobody holds these. What is empty or begins with our mark and has no more is what a
# writer leaves that dies early; anything else stays as it is, also what begins with
# a word that is 0.
posix_contents() {
    helper posix
    whole=$("$t_tmp/posix")
    : >"/dev/shm$NAME"
    posix_works
    n=0
    while [ $((n += 1)) -le $((RUNS + 5)) ]; do
        case $n in
        1) bytes "$whole" 377 ;;
        2) printf '\000\000\000\000important' ;;
        3) bytes 4 0 && head -c $((whole - 4)) /dev/urandom ;;
        4) bytes 4 0 && bytes $((whole - 5)) 0 && printf x ;;
        5) printf x ;;
        *) head -c "$whole" /dev/urandom ;;
        esac >"$T/old"
        cp "$T/old" "/dev/shm$NAME"
        t_refused 1 'holds something else' ./posix_shm/writer -s "$NAME"
        looks 'holds something else'
        cmp "$T/old" "/dev/shm$NAME"
        rm "/dev/shm$NAME"
    done
    # All zeros hold nothing: taken or refused, but never both left and taken.
    bytes "$whole" 0 >"/dev/shm$NAME"
    looks 'holds something else'
    rm "/dev/shm$NAME"
}

# A link to nothing: a writer that makes an object must not make it there.
posix_link() {
    ln -s "$T/new" "/dev/shm$NAME"
    for p in writer reader; do
        t_refused 1 'shm_open.*ymbolic link' "./posix_shm/$p" -s "$NAME"
    done
    rm "/dev/shm$NAME"
    [ ! -e "$T/new" ] || t_fail "made through a link"
}

posix_mode_0() {
    t_for_everyone posix_shm/writer posix_shm/reader
    : >"/dev/shm$NAME"
    chmod 0 "/dev/shm$NAME"
    [ -z "$t_not_root" ] || chown 65534 "/dev/shm$NAME"
    for p in writer reader; do
        # shellcheck disable=SC2086 # words
        t_refused 1 'Permission denied' $t_not_root "$T/$p" -s "$NAME"
    done
    [ -e "/dev/shm$NAME" ]
    rm "/dev/shm$NAME"
}

# Of another user, whatever it holds: refused, and it stays.
posix_of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can give an object away"
    for what in empty ours; do
        case $what in
        empty) : >"/dev/shm$NAME" ;;
        ours)
            make_object text=97 last=1 posts=1
            kill_object
            ;;
        esac
        chown 65534 "/dev/shm$NAME"
        for mode in 600 666; do
            chmod "$mode" "/dev/shm$NAME"
            # With fs.protected_regular, proc(5), root cannot open it to create.
            t_refused 1 'belongs to user 65534\|Permission denied' \
                ./posix_shm/writer -s "$NAME"
            t_refused 1 'belongs to user 65534' ./posix_shm/reader -s "$NAME"
        done
        [ "$(stat -c %u "/dev/shm$NAME")" = 65534 ]
        rm "/dev/shm$NAME"
    done
    # And as an ordinary user: the object is root's.
    t_for_everyone posix_shm/writer posix_shm/reader
    : >"/dev/shm$NAME"
    for mode in 600 666; do
        chmod "$mode" "/dev/shm$NAME"
        for p in writer reader; do
            # shellcheck disable=SC2086 # words
            t_refused 1 'belongs to user 0\|Permission denied' \
                $t_not_root "$T/$p" -s "$NAME"
        done
    done
    [ -e "/dev/shm$NAME" ]
    rm "/dev/shm$NAME"
}

# Some program has an empty object of this name, and has locked it.
posix_foreign_lock() {
    for locks in 1 3; do
        make_object size=0 locks="$locks"
        t_refused 1 'another writer' ./posix_shm/writer -s "$NAME"
        looks
        [ "$(stat -c %s "/dev/shm$NAME")" = 0 ]
        remove_object
    done
    # Or the byte that a reader has in a moment: the writer waits for its end.
    make_object size=0 locks=2
    w one
    t_soon grep -q 'waiting for a' "$T/w.err" && t_fail "it takes what is locked"
    [ "$(stat -c %s "/dev/shm$NAME")" = 0 ]
    kill_object
    r
    t_ends w 0
    t_ends r 0
    t_same r.out one
    gone
}

# build_others: the programs for another C library, and for another word size, as far
# as there are compilers: $built, of musl and 32.
build_others() {
    other=$t_tmp/other built=
    mkdir -p "$other/c"
    counter_sources "$other/c"
    asm=/usr/include/$(${CC:-cc} -print-multiarch 2>/dev/null)
    for kind in musl 32; do
        case $kind in
        musl) command="musl-gcc -static" ;;
        32) command="gcc -m32 -D_FILE_OFFSET_BITS=64 -isystem $asm" ;;
        esac
        for source in posix_shm/writer posix_shm/reader posix_shm/sealed_writer \
            posix_shm/sealed_reader posix_shm/stream_writer posix_shm/stream_reader \
            "$other/c/counter"; do
            [ ! -x "$other/${source##*/}.$kind" ] || continue
            # shellcheck disable=SC2086 # words
            $command "$source.c" -o "$other/${source##*/}.$kind" -lrt 2>"$T/why" || {
                echo "# not tried: $kind: $(head -n 1 "$T/why")"
                continue 2
            }
        done
        built="$built $kind"
    done
    [ -n "$built" ] || t_skip "no musl-gcc, and no gcc -m32"
}
# as_this_suite KIND: has this compiler the same C library, and word size?
as_this_suite() {
    case $1 in
    musl) cc_other=musl-gcc ;;
    32) cc_other='gcc -m32' ;;
    esac
    # shellcheck disable=SC2086 # words
    [ "$(layout_of ${CC:-cc})" = "$(layout_of $cc_other)" ]
}
layout_of() {
    echo '#include <features.h>' | "$@" -E -dM - |
        sed -n 's/^#define __GLIBC__ .*/glibc/p; s/^#define __SIZEOF_LONG__ //p' | sort
}
# One of another kind is refused, and says why.
others() {
    build_others
    # They are what the others are, if the suite was built by one of them.
    for kind in $built; do
        w one
        waits w
        status=0
        timeout 1 "$other/reader.$kind" -s "$NAME" >"$T/out" 2>"$T/err" || status=$?
        [ "$status" != 0 ] || { t_ends w 0 && continue; }
        t_says err 'another C library or word size'
        t_refused 1 'another writer' "$other/writer.$kind" -s "$NAME"
        kill -KILL "$(t_pid w)"
        t_ends w 137
        for p in writer reader; do
            t_refused 1 'another C library or word size' "$other/$p.$kind" -s "$NAME"
        done
        [ -e "/dev/shm$NAME" ] || t_fail "$kind: it removed what it cannot read"
        posix_works
        # The other way round.
        t_start w "$other/writer.$kind" -s "$NAME" two
        waits w
        t_refused 1 'another C library or word size' ./posix_shm/reader -s "$NAME"
        t_run "$other/reader.$kind" -s "$NAME"
        t_same out two
        t_ends w 0
        gone
    done
}
# Bytes have no layout: the pairs of the socket may be of any two kinds.
others_at_a_socket() {
    build_others
    head -c $((ring + slot + 1)) /dev/urandom >"$T/in"
    for pair in sealed stream; do
        for kind in $built; do
            t_start_io "$T/in" "$T/w.out" w "$other/${pair}_writer.$kind" -s "$NAME"
            t_run "./posix_shm/${pair}_reader" -s "$NAME"
            cmp "$T/in" "$T/out"
            t_ends w 0
            t_start_io "$T/in" "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
            t_run "$other/${pair}_reader.$kind" -s "$NAME"
            cmp "$T/in" "$T/out"
            t_ends w 0
        done
    done
}

# A text without a NUL; a last message that is any number but 0; posts that come
# when nothing new has been written.
posix_messages() {
    make_object text=255 last=-1 posts=1
    t_run ./posix_shm/reader -s "$NAME"
    [ "$status" = 0 ]
    { bytes 3072 377 && echo; } | cmp - "$T/out"
    kill_object
    gone
    # The last page goes on after the object's end, and is mapped, too.
    make_object text=255 rest=255 last=1 posts=1
    t_run ./posix_shm/reader -s "$NAME"
    [ "$status" = 0 ]
    { bytes 3072 377 && echo; } | cmp - "$T/out"
    kill_object
    gone
    make_object text=97 posts=1000
    r
    t_within 2 is_gone
    kill_object
    t_ends r 1 9
    t_says r.err 'has died'
    [ "$(wc -l <"$T/r.out")" -le 1000 ]
}

# A reader that gives back what it has not had: its own messages are lost, and no
# more than that.
posix_strange_reader() {
    helper posix
    for room in 1 100 100000; do
        w one two three
        waits w
        t_start h "$t_tmp/posix" "$NAME" reader="$room"
        t_tells h ready
        if [ "$room" = 1 ]; then
            kill_object
            t_ends w 1
            t_says w.err 'the reader has died'
        else
            t_ends w 0
            kill_object
        fi
        gone
    done
}

posix_fill() {
    fill posix "$NAME" ./posix_shm/reader -s "$NAME"
    gone
}

# in_talk: a writer and a reader that have met. The reader stands in write(2) with the
# first message, and the writer waits.
in_talk() {
    t_hold
    w one two
    t_start_held_out r ./posix_shm/reader -s "$NAME"
    t_stands r
    gone
}

# The name is gone when they have met, and nobody else can open the object. But who
# waits can lose what it has mapped: a SIGBUS, or the C library's SIGABRT. None hangs,
# and the next run works.
posix_shrunk() {
    w one
    waits w
    : >"/dev/shm$NAME"
    dies w BUS ABRT
    r
    waits r
    t_start v ./posix_shm/writer -s "$NAME" two
    t_ends v 0
    t_ends r 0
    t_same r.out two
    gone
}

posix_unlinked() {
    # While a writer waits: it says so.
    w one
    waits w
    rm "/dev/shm$NAME"
    t_ends w 1
    t_says w.err "someone removed $NAME"
    # While both are at work it is not there any more, and the name is another's.
    in_talk
    echo other >"/dev/shm$NAME"
    t_release r.out
    t_ends r 0
    t_ends w 0
    t_same r.out 'one
two'
    [ "$(cat "/dev/shm$NAME")" = other ]
    rm "/dev/shm$NAME"
    # Removed while a writer waits, and the next one has the name.
    w one
    waits w
    rm "/dev/shm$NAME"
    t_start v ./posix_shm/writer -s "$NAME" two
    waits v
    t_ends w 1
    r
    t_ends v 0
    t_ends r 0
    t_same r.out two
    gone
}

# --- counter --------------------------------------------------------------------

# The counters of a user have one name; here each test has its own.
counters() {
    mkdir "$T/c"
    counter_sources "$T/c"
    ${CC:-cc} -O1 "$T/c/counter.c" -o "$T/counter" -lrt
    export COUNTER="$NAME"
}
counter_contents() {
    counters
    : >"/dev/shm$NAME"
    t_run "$T/counter" 5
    t_same out 'added 5, all rows 5, total 5'
    gone
    n=0
    while [ $((n += 1)) -le $((RUNS + 3)) ]; do
        case $n in
        1) bytes 9000 377 ;;
        2) printf '\000\000\000\000important' ;;
        3) printf x ;;
        *) head -c 9000 /dev/urandom ;;
        esac >"$T/old"
        cp "$T/old" "/dev/shm$NAME"
        t_refused 1 'is something else' "$T/counter" 5
        cmp "$T/old" "/dev/shm$NAME"
        rm "/dev/shm$NAME"
    done
    ln -s "$T/new" "/dev/shm$NAME"
    t_refused 1 'shm_open.*ymbolic link' "$T/counter" 5
    [ ! -e "$T/new" ] || t_fail "made through a link"
    rm "/dev/shm$NAME"
}
counter_of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can give an object away"
    counters
    : >"/dev/shm$NAME"
    chown 65534 "/dev/shm$NAME"
    for mode in 600 666; do
        chmod "$mode" "/dev/shm$NAME"
        t_refused 1 'of another user\|Permission denied' "$T/counter" 5
    done
    [ "$(stat -c %u "/dev/shm$NAME")" = 65534 ]
    rm "/dev/shm$NAME"
}
# A lock of others on the object: it stays, and counts for nobody.
counter_foreign_lock() {
    counters
    make_object size=0 locks=3
    t_refused 1 'fcntl: ' "$T/counter" 5
    [ "$(stat -c %s "/dev/shm$NAME")" = 0 ]
    remove_object
    # Another kind of lock: it waits until that is gone.
    : >"/dev/shm$NAME"
    # shellcheck disable=SC2016 # for the shell in there
    t_start h sh -c 'exec 8<"/dev/shm$NAME" && flock 8 && echo ready >&2 && exec sleep 60'
    t_tells h ready
    t_start c "$T/counter" 5
    t_soon t_ended "$(t_pid c)" && t_fail "it does not wait"
    kill_object
    t_ends c 0
    gone
}
# Told to end while it waits for its turn: it still waits (SA_RESTART), and then leaves as
# all do. A signal that is ignored stays so.
counter_told_in_flock() {
    counters
    for signal in INT:130 TERM:143 HUP:129 QUIT:131; do
        : >"/dev/shm$NAME"
        # shellcheck disable=SC2016 # for the shell in there
        t_start h sh -c 'exec 8<"/dev/shm$NAME" && flock 8 && echo ready >&2 && exec sleep 60'
        t_tells h ready
        t_start c env --default-signal "$T/counter" 1000000000000
        t_start i env "--ignore-signal=${signal%:*}" "$T/counter" 2
        for who in c i; do
            t_within 2 grep -q lock "/proc/$(t_pid "$who")/wchan"
            kill "-${signal%:*}" "$(t_pid "$who")"
        done
        t_soon t_ended "$(t_pid c)" && t_fail "it does not wait"
        kill_object
        t_ends c "${signal#*:}"
        t_says c.out '^added 0, all rows'
        t_ends i 0
        t_says i.out '^added 2, all rows'
        gone
    done
}
counter_of_others() {
    counters
    build_others
    for kind in $built; do
        t_start c "$T/counter" 1000000000000
        t_within 2 present
        status=0
        timeout 9 "$other/counter.$kind" 5 >"$T/out" 2>"$T/err" || status=$?
        if as_this_suite "$kind"; then
            [ "$status" = 0 ]
            kill "$(t_pid c)"
            t_ends c 143
            echo "# the suite was built with $kind"
            continue
        fi
        [ "$status" = 1 ]
        t_says err 'another user or library'
        kill "$(t_pid c)"
        t_ends c 143
        t_says c.out '^added \([0-9]*\), all rows \1, total \1$'
        gone
        # And over what a dead one has left.
        t_start c "$T/counter" 1000000000000
        t_within 2 present
        kill -KILL "$(t_pid c)"
        t_ends c 137
        t_refused 1 'another user or library' "$other/counter.$kind" 5
        t_run "$T/counter" 5
        t_same out 'added 5, all rows 5, total 5'
        gone
    done
}
present() {
    [ "$(stat -c %s "/dev/shm$NAME" 2>/dev/null)" -gt 4 ] 2>/dev/null
}
# Removed by hand while they count: they finish, and do not remove the next one's.
counter_unlinked() {
    counters
    t_start a "$T/counter" 1000000000000
    t_within 2 present
    rm "/dev/shm$NAME"
    t_start b "$T/counter" 1000000000000
    t_within 2 present
    kill "$(t_pid a)"
    t_ends a 143
    present || t_fail "it has removed another's object"
    kill "$(t_pid b)"
    t_ends b 143
    gone
}
# A row is not used again while one of the counters lives.
counter_rows() {
    counters
    most=$(sed -n 's/.*COUNTER_ROWS = \([0-9]*\).*/\1/p' posix_shm/counter.h | head -n 1)
    t_start c "$T/counter" 1000000000000
    t_within 2 present
    # It stands still. If it has the mutex just then, all others wait: let it go on.
    kill -STOP "$(t_pid c)"
    n=0
    until timeout -s KILL 1 "$T/counter" 0 >"$T/out" 2>"$T/err"; do
        [ $((n += 1)) -le 9 ] || t_fail "it always has the mutex"
        kill -CONT "$(t_pid c)" && sleep 0.01 && kill -STOP "$(t_pid c)"
    done
    n=2
    while [ $((n += 1)) -le "$most" ]; do "$T/counter" 0 >/dev/null; done
    t_refused 1 'has no row left' "$T/counter" 1
    kill -KILL "$(t_pid c)"
    t_ends c 137
    t_run "$T/counter" 5
    t_same out 'added 5, all rows 5, total 5'
    gone
}
counter_umask() {
    counters
    for mask in 0 0277 0777; do
        (umask "$mask" && exec "$T/counter" 1000000000000) >"$T/c.out" 2>"$T/c.err" &
        t_remember c $!
        t_within 2 present
        [ "$(stat -c %a "/dev/shm$NAME")" = 600 ]
        t_run "$T/counter" 5
        t_says out '^added 5, '
        kill "$(t_pid c)"
        t_ends c 143
        gone
    done
}

# --- two containers that share /dev/shm -------------------------------------------

# contained FLAGS COMMAND...: with process ids, and with --net also abstract
# addresses, of its own. As a user, in a user namespace; the ids of users stay. It is
# for a subshell, which becomes unshare(1): who kills that kills all that is in there.
contained() {
    flags=$1
    shift
    # shellcheck disable=SC2086 # one or none
    set -- --pid --fork --kill-child $flags "$@"
    if [ "$(id -u)" != 0 ]; then
        set -- --user "--map-user=$(id -u)" "--map-group=$(id -g)" "$@"
    fi
    exec unshare "$@"
}
start_contained() {
    flags=$1 who=$2
    shift 2
    : >"$T/$who.err"
    contained "$flags" "$@" >"$T/$who.out" 2>"$T/$who.err" 9>&- &
    t_remember "$who" $!
}
can_contain() {
    for flags in '' --net; do
        (contained "$flags" true) 2>/dev/null || t_skip "no namespaces for us, see unshare(1)"
    done
}
# Locks are the kernel's: they hold between containers.
two_containers() {
    can_contain
    for flags in '' --net; do
        for over in nothing 'a dead one'; do
            if [ "$over" != nothing ]; then
                start_contained "$flags" w ./posix_shm/writer -s "$NAME" dead
                waits w
                kill -KILL "$(t_pid w)"
                t_reap w
                t_within 2 dead_and_gone
                [ -e "/dev/shm$NAME" ]
            fi
            start_contained "$flags" w ./posix_shm/writer -s "$NAME" one two
            waits w
            status=0
            (contained "$flags" timeout 9 ./posix_shm/writer -s "$NAME" three) \
                2>"$T/err" || status=$?
            [ "$status" = 1 ]
            t_says err 'another writer waits'
            t_refused 1 'another writer waits' ./posix_shm/writer -s "$NAME" three
            start_contained "$flags" r ./posix_shm/reader -s "$NAME"
            t_ends r 0
            t_ends w 0
            t_same r.out 'one
two'
            gone
        done
        # A death is noticed from the other side.
        t_hold
        start_contained "$flags" w ./posix_shm/writer -s "$NAME" one two
        waits w
        contained "$flags" ./posix_shm/reader -s "$NAME" >&9 2>"$T/r.err" 9>&- &
        t_remember r $!
        t_within 2 is_gone
        kill -KILL "$(t_pid r)"
        t_reap r
        t_ends w 1
        t_says w.err 'the reader has died'
        t_release r.out
    done
}
# The process that unshare(1) started ends a moment after it: nobody has a lock.
dead_and_gone() {
    ! grep -q ":[0-9a-f]*:$(stat -c %i "/dev/shm$NAME") " /proc/locks
}
# An address is one of a network namespace: with one of their own they do not meet;
# without, they do. None takes the other's address.
two_containers_at_a_socket() {
    can_contain
    for pair in sealed stream; do
        start_contained '' w "./posix_shm/${pair}_writer" -s "$NAME"
        waits w
        t_refused 1 "another writer's" "./posix_shm/${pair}_writer" -s "$NAME"
        start_contained --net v "./posix_shm/${pair}_writer" -s "$NAME"
        waits v
        start_contained --net r "./posix_shm/${pair}_reader" -s "$NAME"
        waits r
        t_soon t_ended "$(t_pid r)" && t_fail "it meets somebody"
        start_contained '' s "./posix_shm/${pair}_reader" -s "$NAME"
        t_ends s 0
        t_ends w 0
        ! t_ended "$(t_pid v)" || t_fail "v ends"
        kill -KILL "$(t_pid v)" "$(t_pid r)"
        t_reap v
        t_reap r
    done
}

# closes_all WHO NUMBER: so many descriptors has it opened, or more, and exec(3) would
# close all: O_CLOEXEC, open(2).
closes_all() {
    n=0
    for fd in "/proc/$(t_pid "$1")/fdinfo"/*; do
        case ${fd##*/} in [3-9]) ;; *) continue ;; esac # others it may have from us
        n=$((n + 1))
        flags=$(sed -n 's/^flags:[^0-9]*//p' "$fd")
        [ $((flags & 02000000)) != 0 ] ||
            t_fail "$1 leaves open: $(ls -l "/proc/$(t_pid "$1")/fd")"
    done
    [ "$n" -ge "$2" ] || t_fail "$1 has $n more descriptors, and not $2"
}
close_on_exec() {
    in_talk
    closes_all w 1
    closes_all r 1
    t_release r.out
    t_ends r 0
    t_ends w 0
    for pair in sealed stream; do
        t_start_io /dev/zero "$T/w.out" w ./posix_shm/stream_writer -s "$NAME"
        if [ "$pair" = sealed ]; then
            kill -KILL "$(t_pid w)"
            t_reap w
            t_start_io data/english.txt "$T/w.out" w ./posix_shm/sealed_writer -s "$NAME"
        fi
        waits w
        start_line reader # it has the memory, and says nothing
        t_tells h 'has it'
        closes_all w 3 # the door, the memory, the line
        end_line
        t_ends w 1
        t_hold
        start_line writer rings=1
        t_tells h ready
        t_start_held_out r "./posix_shm/${pair}_reader" -s "$NAME"
        t_stands r
        case $pair in
        sealed) closes_all r 2 ;; # the line, the memory
        stream) closes_all r 3 ;; # and stdout
        esac
        end_line
        t_release r.out
        t_within 2 t_ended "$(t_pid r)"
        t_reap r
    done
    counters
    t_start c "$T/counter" 1000000000000
    t_within 2 present
    closes_all c 1
    kill "$(t_pid c)"
    t_ends c 143
}

# --- what comes through the socket ------------------------------------------------

# start_line KIND FIELD...: what tests/deep/hostile/line.c is, writer or reader.
start_line() {
    helper line
    kind=$1
    shift
    t_start h "$t_tmp/line" "$kind" "$pair" "$NAME" "$@"
}
end_line() {
    kill -KILL "$(t_pid h)"
    t_ends h 137
}
# The next run works.
line_works() {
    t_start_io data/english.txt "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
    t_run "./posix_shm/${pair}_reader" -s "$NAME"
    [ "$status" = 0 ]
    cmp data/english.txt "$T/out"
    t_ends w 0
}
# refuses FIELD...: the reader does, what such a writer sends.
refuses() {
    start_line writer "$@"
    t_tells h 'ready\|memory\|seal' # no huge pages here?
    if grep -q 'line: ' "$T/h.err"; then
        t_reap h
        echo "# not tried: $*: $(cat "$T/h.err")"
        return
    fi
    t_refused 1 'the writer sent ' "./posix_shm/${pair}_reader" -s "$NAME"
    [ "$(grep -c came "$T/h.err")" = 1 ]
    end_line
}

# SHRINK is 2, GROW 4, WRITE 8, FUTURE_WRITE 16: fcntl(2). What is not sealed can still
# become shorter, and then kills who reads it.
not_a_memory() {
    for object in 1 2 3 4 5 6 7 8; do refuses object="$object"; done
    case $pair in
    sealed)
        for seals in 0 1 2 4 6 7 8 10 12; do refuses seals="$seals"; done
        refuses hole=1 size=8192
        ;;
    stream)
        for seals in 0 1 2 4 16 18 20; do refuses seals="$seals"; done
        whole=$((ring + 4096))
        for size in 0 1 $((whole - 1)) $((whole + 1)) $((2 * whole)); do
            refuses size="$size"
        done
        ;;
    esac
    line_works
}
# Of two descriptors in one message the reader has one, and no other is left open in
# it. It stands in write(2) or poll(2), for nobody takes what it prints.
sent_twice() {
    t_hold
    start_line writer twice=1 rings=1
    t_tells h ready
    t_start_held_out r "./posix_shm/${pair}_reader" -s "$NAME"
    t_stands r
    ls -l "/proc/$(t_pid r)/fd" >"$T/fds"
    [ "$(grep -c memfd:hostile "$T/fds")" = 1 ] || t_fail "$(cat "$T/fds")"
    end_line
    t_release r.out
    t_within 2 t_ended "$(t_pid r)"
    t_reap r
    case $pair in
    sealed) [ "$status" = 0 ] ;;
    stream) [ "$status" = 1 ] ;; # the writer is gone
    esac
}
# The memory is there before a reader comes: all of it, and not only its size.
reserved() {
    t_start w ./posix_shm/stream_writer -s "$NAME"
    waits w
    for fd in "/proc/$(t_pid w)/fd"/*; do
        case $(readlink "$fd") in
        *memfd:stream*)
            [ $(($(stat -L -c '%b * %B' "$fd"))) -ge "$ring" ] ||
                t_fail "$(stat -L "$fd")"
            kill -KILL "$(t_pid w)"
            return
            ;;
        esac
    done
    t_fail "it has no memory: $(ls -l "/proc/$(t_pid w)/fd")"
}
sealed_sizes() {
    for size in 0 1 4096 65537; do
        start_line writer size="$size"
        t_tells h ready
        t_run ./posix_shm/sealed_reader -s "$NAME"
        [ "$status" = 0 ]
        bytes "$size" 141 | cmp - "$T/out"
        end_line
    done
}
# ticks WHO: the hundredths of a second it has computed so far, proc(5).
ticks() {
    sed 's/.*) //' "/proc/$(t_pid "$1")/stat" | awk '{ print $12 + $13 }'
}
# A writer that sends nothing, or hangs up at once, costs the reader no more than a look
# every 5 ms. One that says nothing at all is waited for, as one that is slow.
no_descriptor() {
    for what in nothing close; do
        start_line writer "$what"=1
        t_tells h ready
        t_start r "./posix_shm/${pair}_reader" -s "$NAME"
        t_within 2 grep -q came "$T/h.err"
        before=$(ticks r) came=$(grep -c came "$T/h.err") since=$(date +%s%N)
        sleep 0.5
        used=$(($(ticks r) - before)) came=$(($(grep -c came "$T/h.err") - came))
        ms=$((($(date +%s%N) - since) / 1000000))
        ! t_ended "$(t_pid r)" || t_fail "it ends"
        [ "$came" -le $((ms / 5 + 5)) ] || t_fail "it came $came times in $ms ms"
        [ "$used" -le $((ms / 50)) ] || t_fail "it computed for ${used}0 of $ms ms"
        if [ "$what" = close ]; then [ "$came" -ge 1 ] || t_fail "it came once"; fi
        end_line
        t_start_io data/english.txt "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
        t_ends w 0
        t_ends r 0
        cmp data/english.txt "$T/r.out"
    done
}
# Lengths beyond a slot are not believed, and bytes without end do not move the reader
# out of the ring.
stream_lengths() {
    for length in $((slot + 1)) 0x7fffffff 0x80000000 0xffffffff; do
        start_line writer length="$length" rings=1
        t_tells h ready
        t_refused 1 'the writer claims' ./posix_shm/stream_reader -s "$NAME"
        end_line
    done
    start_line writer length="$slot" rings=100
    t_tells h ready
    t_start r ./posix_shm/stream_reader -s "$NAME"
    t_within 9 has $((100 * slot))
    end_line
    t_ends r 1
    t_says r.err 'the writer is gone'
    bytes $((100 * slot)) 141 | cmp - "$T/r.out"
    start_line writer length=1 end=1
    t_tells h ready
    t_start_io /dev/null /dev/null r ./posix_shm/stream_reader -s "$NAME"
    sleep 0.2
    ! t_ended "$(t_pid r)" || t_fail "it ends"
    end_line
    t_within 9 t_ended "$(t_pid r)" || t_fail "it goes on for ever"
    t_reap r
    line_works
}
has() {
    [ "$(wc -c <"$T/r.out")" = "$1" ]
}
# A reader that goes before it has the memory is none: the next one is served. One that
# goes with it in its hands was one. One that says nothing is waited for.
strange_readers() {
    helper line
    head -c $((3 * ring)) /dev/urandom >"$T/in"
    t_start_io "$T/in" "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
    waits w
    kill -STOP "$(t_pid w)"
    n=0
    while [ $((n += 1)) -le 5 ]; do
        t_run "$t_tmp/line" reader "$pair" "$NAME" go=1
    done
    kill -CONT "$(t_pid w)"
    t_run "./posix_shm/${pair}_reader" -s "$NAME"
    [ "$status" = 0 ]
    cmp "$T/in" "$T/out"
    t_ends w 0

    t_start_io "$T/in" "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
    waits w
    t_run "$t_tmp/line" reader "$pair" "$NAME" take=1
    t_ends w 1
    t_says w.err 'the reader is gone'

    t_start_io "$T/in" "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
    waits w
    start_line reader
    t_tells h 'has it'
    t_start r "./posix_shm/${pair}_reader" -s "$NAME"
    before=$(ticks r)
    sleep 0.5
    [ $(($(ticks r) - before)) -le 10 ] || t_fail "who waits in the queue computes"
    ! t_ended "$(t_pid w)" || t_fail "the writer does not wait"
    end_line
    t_ends w 1
    line_works_for_r
}
# r, that was in the queue of a writer that is gone, waits for the next one.
line_works_for_r() {
    ! t_ended "$(t_pid r)" || t_fail "the next reader did not wait"
    t_start_io "$T/in" "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
    t_ends r 0
    t_ends w 0
    cmp "$T/in" "$T/r.out"
}
# More readers than the queue of the socket has places: each is served by some writer.
many_readers() {
    n=0
    while [ $((n += 1)) -le 15 ]; do
        t_start "r$n" "./posix_shm/${pair}_reader" -s "$NAME"
    done
    n=0
    while [ $((n += 1)) -le 15 ]; do
        t_start_io data/english.txt "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
        t_ends w 0
    done
    n=0
    while [ $((n += 1)) -le 15 ]; do
        t_ends "r$n" 0
        cmp data/english.txt "$T/r$n.out"
    done
}
# A reader that rings too often gives back slots that it does not have: it spoils what
# it would have read, and nothing else. The writer ends.
rings_too_often() {
    head -c $((9 * ring)) /dev/urandom >"$T/in"
    for rings in 3 100 100000; do
        t_start_io "$T/in" "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
        waits w
        start_line reader rings="$rings"
        case $pair.$rings in
        stream.3) # it waits for more of them
            t_tells h 'has it'
            sleep 0.1
            ! t_ended "$(t_pid w)" || t_fail "the writer does not wait"
            end_line
            t_ends w 1
            t_says w.err 'the reader is gone'
            ;;
        *)
            t_ends w 0
            t_tells h 'the end'
            t_ends h 0
            ;;
        esac
        line_works
    done
    t_start_io "$T/in" "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
    waits w
    start_line reader end=1
    t_ends w 0
    t_within 2 t_ended "$(t_pid h)"
    t_reap h
    line_works
}
# What the reader has it cannot change, nor can who has its descriptor.
cannot_be_changed() {
    t_start_io data/english.txt "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
    waits w
    start_line reader change=1
    t_tells h 'has it'
    if grep can "$T/h.err"; then t_fail "it can be changed"; fi
    end_line
    t_ends w 1
}
# Another user has the address, or comes to ours: it is named, and gets nothing.
another_user_was_first() {
    [ "$(id -u)" = 0 ] || t_skip "only root can be another user"
    start_line writer uid=65534
    t_tells h ready
    t_refused 1 "@shm_$pair\\.0\\..* belongs to user 65534" \
        "./posix_shm/${pair}_reader" -s "$NAME"
    t_refused 1 "bind @shm_$pair\\.0\\..*in use" "./posix_shm/${pair}_writer" -s "$NAME"
    end_line
    t_start_io data/english.txt "$T/w.out" w "./posix_shm/${pair}_writer" -s "$NAME"
    waits w
    n=0
    while [ $((n += 1)) -le 3 ]; do
        t_run "$t_tmp/line" reader "$pair" "$NAME" take=1 uid=65534
    done
    t_within 2 refused_3 || t_fail "$(cat "$T/w.err")"
    t_run "./posix_shm/${pair}_reader" -s "$NAME"
    cmp data/english.txt "$T/out"
    t_ends w 0
}
refused_3() {
    [ "$(grep -c 'refused: a reader of user 65534' "$T/w.err")" = 3 ]
}
# memfd_create(2) adds a seal by itself where vm.memfd_noexec is not 0.
memfd_noexec() {
    [ "$(id -u)" = 0 ] || t_skip "only root can set vm.memfd_noexec"
    [ -e /proc/sys/vm/memfd_noexec ] || t_skip "this kernel has no vm.memfd_noexec"
    for value in 1 2; do
        # shellcheck disable=SC2016 # for the shell in there
        timeout -k 1 $((9 * T_PATIENCE)) unshare --pid --fork --kill-child --mount-proc \
            sh -ec 'echo "$1" >/proc/sys/vm/memfd_noexec || exit 77
                ./posix_shm/${2}_writer -s "$NAME" <data/english.txt 2>"$3.w" &
                ./posix_shm/${2}_reader -s "$NAME" >"$3" 2>"$3.r"
                wait $!' sh "$value" "$pair" "$T/out" ||
            { [ $? = 77 ] && t_skip "it cannot be set here"; } ||
            t_fail "vm.memfd_noexec=$value: $(cat "$T/out.r" "$T/out.w")"
        cmp data/english.txt "$T/out"
    done
}
stream_fill() {
    fill line "$NAME" ./posix_shm/stream_reader -s "$NAME"
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
    t_start w ./sysv_shm/writer -k "$KEY" works 1
    t_tells w 'waiting for a reader'
    t_run ./sysv_shm/reader -k "$KEY"
    [ "$status" = 0 ]
    t_same out 'student name: works, age: 1'
    t_ends w 0
    [ "$(left)" = 0 ]
}

# The number or the size is wrong: neither uses it, and no writer clears it away. The
# set, if nobody has it and it is right, is as good as one that a dead writer left.
sysv_sizes() {
    make_both size=0
    t_refused 1 'segment of key' ./sysv_shm/reader -k "$KEY"
    remove_both
    for sems in 1 3 5 250; do
        make_both sems="$sems" owner=0
        t_refused 1 'set .*key .*see ipcs -s' ./sysv_shm/reader -k "$KEY"
        t_refused 1 'set .*key .*see ipcs -s' ./sysv_shm/writer -k "$KEY"
        [ "$(left)" = 2 ]
        remove_both
    done
    for size in 1 35 37 $TiB; do
        make_both size="$size" || {
            remove_both
            t_skip "no segment of $size bytes here"
        }
        t_refused 1 'another writer' ./sysv_shm/writer -k "$KEY"
        if [ "$size" -lt 36 ]; then
            t_refused 1 'segment of key' ./sysv_shm/reader -k "$KEY"
        else
            t_run ./sysv_shm/reader -k "$KEY"
            t_same out 'student name: hello, age: 20'
        fi
        [ "$(left)" = 2 ]
        remove_both
        for sems in 0 4; do
            make_both sems="$sems" size="$size" owner=0
            t_refused 1 'segment.* of key\|segment .*is not ours' \
                ./sysv_shm/writer -k "$KEY"
            [ "$(left)" = 1 ]
            remove_both
        done
    done
}

# A segment of just the size of a student that another program has attached, with a
# set or without. It stays as it is.
sysv_in_use() {
    helper sysv
    for fields in sems=0 'owner=0 ready=0 unread=0'; do
        # shellcheck disable=SC2086 # words
        t_start o "$t_tmp/sysv" "$KEY" stay=1 bytes=7 $fields
        t_tells o attached
        t_refused 1 'segment [0-9]*, key .* is not ours' ./sysv_shm/writer -k "$KEY" new 1
        t_refused 1 'segment [0-9]*, key .* is not ours' ./sysv_shm/writer -k "$KEY" new 1
        [ "$(left)" = 1 ]
        kill "$(t_pid o)"
        t_ends o 0
        remove_both
    done
    sysv_works
}

sysv_mode_0() {
    helper sysv
    t_for_everyone sysv_shm/writer sysv_shm/reader
    # shellcheck disable=SC2086 # words
    $t_not_root "$t_tmp/sysv" "$KEY" mode=0 owner=0
    for p in writer reader; do
        # shellcheck disable=SC2086 # words
        t_refused 1 'Permission denied' $t_not_root "$T/$p" -k "$KEY"
    done
    [ "$(left)" = 2 ]
    remove_both
}

# What another user has made for all to read and write is refused, also by root.
sysv_of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can act as another user"
    helper sysv
    t_for_everyone sysv_shm/writer sysv_shm/reader
    other='setpriv --reuid=65533 --regid=65533 --clear-groups'
    for user in "$t_not_root" env; do
        # shellcheck disable=SC2086 # words
        for owner in 0 1; do
            $other "$t_tmp/sysv" "$KEY" mode=0666 owner=$owner
            for p in writer reader; do
                t_refused 1 'set .* is not of this pair' $user "$T/$p" -k "$KEY"
            done
            [ "$(left)" = 2 ]
            remove_both
        done
        # shellcheck disable=SC2086
        {
            $other "$t_tmp/sysv" "$KEY" mode=0666 sems=0 bytes=7
            t_refused 1 'segment .* is not ours' $user "$T/writer" -k "$KEY"
            [ "$(left)" = 1 ]
            remove_both
            $other "$t_tmp/sysv" "$KEY" mode=0666 sems=0 size=100
            t_refused 1 'segment .* is not ours' $user "$T/writer" -k "$KEY"
            [ "$(left)" = 1 ]
            remove_both
        }
    done
}

# prints NAME-BYTES AGE FIELD...: so it does, with such a student.
prints() {
    printf 'student name: %s, age: %s\n' "$1" "$2" >"$T/right"
    shift 2
    make_both "$@"
    t_run ./sysv_shm/reader -k "$KEY"
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

sysv_values() {
    most=32767 # of a semaphore
    prints hello 20 ready="$most" unread="$most" busy=$((most - 1))
    for owner in 0 2 "$most"; do
        make_both owner="$owner"
        t_refused 1 'the writer of key .* has died' ./sysv_shm/reader -k "$KEY"
        remove_both
    done
    make_both busy="$most"
    t_refused 1 'semop on set .*: \(Numerical result\|Result\)' ./sysv_shm/reader -k "$KEY"
    remove_both
    make_both unread=0
    t_run ./sysv_shm/reader -k "$KEY"
    [ "$status" = 1 ]
    t_same out 'student name: hello, age: 20'
    t_says err 'has died'
    remove_both
    for fields in owner=1 owner="$most" 'owner=0 busy=1' "owner=0 busy=$most"; do
        # shellcheck disable=SC2086 # words
        make_both ready=0 unread=0 $fields
        t_refused 1 'in use by another writer' ./sysv_shm/writer -k "$KEY"
        [ "$(left)" = 2 ]
        remove_both
    done
    # Nobody's, but too high to be raised: it is cleared away. And what others have
    # raised for ever keeps the writer waiting, until it is told to end.
    for fields in "ready=$most unread=0" "ready=0 unread=$most"; do
        # shellcheck disable=SC2086 # words
        make_both owner=0 $fields
        t_refused 1 'semop on set .*: \(Numerical result\|Result\)' \
            ./sysv_shm/writer -k "$KEY"
        sysv_works
    done
    make_both owner=0 ready=2 unread=0
    t_start w env --default-signal ./sysv_shm/writer -k "$KEY" works 1
    t_tells w 'waiting for a reader'
    t_run ./sysv_shm/reader -k "$KEY"
    t_same out 'student name: works, age: 1'
    ! t_ended "$(t_pid w)" || t_fail "2 more students were there to take"
    kill "$(t_pid w)"
    t_ends w 143
    sysv_works
    for fields in bytes=0 bytes=255; do
        make_both owner=0 ready=0 unread=0 "$fields"
        sysv_works
    done
}

sysv_fill() {
    fill sysv "$KEY" ./sysv_shm/reader -k "$KEY"
    [ "$(left)" = 0 ]
}

# Removed with ipcrm(1) while one waits, or while the reader prints.
sysv_removed() {
    # A reader that waits in a set without a student.
    make_both owner=0 ready=0 unread=0
    t_start r ./sysv_shm/reader -k "$KEY"
    t_tells r 'waiting for'
    remove_both
    t_start w ./sysv_shm/writer -k "$KEY" next 1
    t_ends r 0
    t_ends w 0
    t_same r.out 'student name: next, age: 1'
    # A writer that waits: for its set it ends, for its segment only a reader does.
    t_start w ./sysv_shm/writer -k "$KEY"
    t_tells w 'waiting for a reader'
    ipcrm -S "$KEY"
    t_ends w 1
    t_says w.err 'was it removed'
    [ "$(left)" = 0 ]
    for what in nothing another; do
        t_start w ./sysv_shm/writer -k "$KEY"
        t_tells w 'waiting for a reader'
        ipcrm -M "$KEY"
        [ "$what" = nothing ] || make_both sems=0 size=35
        t_refused 1 'segment of key .*see ipcs -m' ./sysv_shm/reader -k "$KEY"
        t_ends w 1
        t_says w.err 'the reader has died before it had read'
        if [ "$what" = another ]; then
            [ "$(left)" = 1 ] || t_fail "another's segment was removed"
            remove_both
        fi
        sysv_works
    done
    # A reader that stands where it prints.
    for what in -M -S; do
        t_hold
        t_start w ./sysv_shm/writer -k "$KEY"
        t_tells w 'waiting for a reader'
        t_start_held_out r ./sysv_shm/reader -k "$KEY"
        t_stands r
        ipcrm "$what" "$KEY"
        if [ "$what" = -S ]; then t_ends w 1; fi
        t_release r.out
        case $what in
        -M) t_ends r 0 && t_ends w 0 ;;
        -S) t_ends r 1 && t_says r.err 'has died' ;;
        esac
        t_says r.out 'name: hello, age: 20'
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
t_it "writer and reader: our mark, and another size" posix_sizes
t_it "writer and reader: empty, zeros, 0xff, 0 and something, random" posix_contents
t_it "writer and reader: a link to nothing" posix_link
t_it "writer and reader: mode 0" posix_mode_0
t_it "writer and reader: another user's object" posix_of_another_user
t_it "writer and reader: a lock of others on it" posix_foreign_lock
t_it "writer and reader: of another C library, another word size" others
t_it "reader: a text without a NUL, and more posts than messages" posix_messages
t_it "reader: $FILLINGS random objects, SEED=$SEED" posix_fill
t_it "writer: a reader that gives back what it has not had" posix_strange_reader
t_it "writer and reader: shrunk while a writer waits" posix_shrunk
t_it "writer and reader: unlinked while in use" posix_unlinked
t_it "writer and reader: two containers that share /dev/shm" two_containers
t_it "counter: what is no object of counters, a link" counter_contents
t_it "counter: another user's object" counter_of_another_user
t_it "counter: a lock of others on it" counter_foreign_lock
t_it "counter: told to end while it waits for its turn" counter_told_in_flock
t_it "counter: of another C library, another word size" counter_of_others
t_it "counter: unlinked while in use" counter_unlinked
t_it "counter: more counters than rows" counter_rows
t_it "counter: mode 0600, whatever the umask" counter_umask
t_it "sealed, stream: of another C library, another word size" others_at_a_socket
t_it "sealed, stream: two containers" two_containers_at_a_socket
t_it "all: no descriptor goes to a program that they start" close_on_exec
for pair in sealed stream; do
    t_it "$pair reader: sent what is not sealed memory" not_a_memory
    t_it "$pair reader: sent two descriptors" sent_twice
    t_it "$pair reader: sent no descriptor" no_descriptor
    t_it "$pair writer: readers that go, or say nothing" strange_readers
    t_it "$pair writer: a reader that rings too often" rings_too_often
    t_it "$pair: more readers than the queue has places" many_readers
    t_it "$pair: what was sent cannot be changed" cannot_be_changed
    t_it "$pair: another user was there first" another_user_was_first
    t_it "$pair: with vm.memfd_noexec" memfd_noexec
done
pair=sealed
t_it "sealed reader: sizes, also 0" sealed_sizes
pair=stream
t_it "stream writer: the memory of the ring is reserved" reserved
t_it "stream reader: lengths beyond a slot, bytes without end" stream_lengths
t_it "stream reader: $FILLINGS random rings, SEED=$SEED" stream_fill
t_it "sysv: too small, too big, 1 TiB, too many, too few" sysv_sizes
t_it "sysv writer: a segment of its size that others have attached" sysv_in_use
t_it "sysv: mode 0" sysv_mode_0
t_it "sysv: another user's set or segment, open to all" sysv_of_another_user
t_it "sysv reader: a name without a NUL, any age" sysv_students
t_it "sysv: semaphores beyond 1" sysv_values
t_it "sysv reader: $FILLINGS random students, SEED=$SEED" sysv_fill
t_it "sysv: removed while one waits or prints" sysv_removed
t_finish
