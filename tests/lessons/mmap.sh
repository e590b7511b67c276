#!/bin/sh
# tests/lessons/mmap.sh - chapter 1: the file pair, parent and child, the unrelated
# and the seqlock pair, their naive twins, and the questions
# shellcheck disable=SC2016,SC2086 # for shells that we start; words
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/ask.sh"
: "${LOOKS:=30000}"

letters=yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyaaaaa
question='你是我儿子吗？'
hello='hello parent, i am your 朋友！！！'

# slow PROGRAM [SED]: $T/PROGRAM, in which memcpy(3) takes 1 ms for each 8 bytes,
# changed by SED if it is given.
slow() {
    cat >"$T/slow.h" <<'C'
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>
static inline void *slow_memcpy(void *to, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i % 8 == 0)
            usleep(1000);
        ((volatile char *)to)[i] = ((const char *)from)[i];
    }
    return to;
}
#define memcpy slow_memcpy
C
    sed "${2:-}" "mmap/$1.c" >"$T/$1.c"
    ${CC:-cc} -w -include "$T/slow.h" -Immap "$T/$1.c" -o "$T/$1" -lrt -pthread
}
# A lock on FILE is held, or was asked for: flock(1) and fcntl(2) show in here.
locks() {
    grep -c ":$(stat -c %i "$1") " /proc/locks
}
is_locked() {
    [ "$(locks "$1")" -ge "${2:-1}" ]
}

# --- file_writer and file_reader --------------------------------------------

file_pair_prints_as_the_text() {
    cp data/test.txt "$T/f"
    t_run ./mmap/file_writer "$T/f"
    [ "$status" = 0 ]
    { printf 'buf = ' && cat data/test.txt && echo; } | cmp - "$T/out"
    t_same err "wrote 55 of $(wc -c <"$T/f") bytes of $T/f"
    { printf %s "$letters" && tail -c +56 data/test.txt; } >"$T/new"
    cmp "$T/new" "$T/f"
    t_run ./mmap/file_reader "$T/f"
    [ "$status" = 0 ]
    cmp "$T/new" "$T/out"
    t_same err ''
}
file_pair_carries_any_bytes() {
    head -c 100000 /dev/urandom >"$T/f"
    cp "$T/f" "$T/old"
    t_run ./mmap/file_writer -m "$question" "$T/f"
    { printf 'buf = ' && cat "$T/old" && echo; } | cmp - "$T/out"
    { printf %s "$question" && tail -c +22 "$T/old"; } | cmp - "$T/f"
    t_run ./mmap/file_reader "$T/f"
    cmp "$T/f" "$T/out"
    printf 1 >"$T/f"
    t_run ./mmap/file_writer -m x "$T/f"
    t_same out 'buf = 1'
    t_same err "wrote 1 of 1 byte of $T/f"
    [ "$(cat "$T/f")" = x ]
}
# refuses_files PROGRAM: what the three programs on a FILE say of bad ones.
refuses_files() {
    t_refused 1 "open and lock .*/missing: No such file" "$1" "$T/missing"
    : >"$T/empty"
    if [ "$1" = ./mmap/file_reader ]; then
        t_refused 1 'mmap .*/empty, size 0: Invalid argument' "$1" "$T/empty"
        t_refused 1 'size 0: \(No such device\|Invalid argument\)' "$1" /dev/null
    else
        t_refused 1 "empty (size 0) is too small for TEXT" "$1" "$T/empty"
        t_refused 1 'open and lock .*: Is a directory' "$1" "$T"
        printf 12345 >"$T/f"
        t_refused 1 '/f (size 5) is too small for TEXT' "$1" -m abcdef "$T/f"
        [ "$(cat "$T/f")" = 12345 ]
    fi
    t_refused 2 "usage: " "$1" a b
    for option in -x -h -m; do t_refused 2 "usage: " "$1" $option; done
    # Started elsewhere, it says which file it does not find.
    program=$top/$1
    cd "$T"
    t_refused 1 'open and lock data/work/.*: No such file' "$program"
}
file_without_permission() {
    cp data/test.txt "$T/f"
    chmod 0 "$T/f"
    t_for_everyone "./mmap/$1"
    # shellcheck disable=SC2086 # words
    t_refused 1 "f: Permission denied" $t_not_root "$T/$1" "$T/f"
}
# As in a container, whose checkout belongs to a user of the host.
root_and_a_file_of_others() {
    [ "$(id -u)" = 0 ] || t_skip "only root can give a file away"
    cp data/english.txt "$T/f"
    chown 65534 "$T/f"
    for p in file_writer file_reader parent_child; do
        t_run "./mmap/$p" "$T/f"
        [ "$status" = 0 ] || t_fail "$p: $(cat "$T/err")"
    done
    : >"$T/u" && : >"$T/s" && chown 65534 "$T/u" "$T/s"
    for p in unrelated seqlock; do
        t_run "./mmap/${p}_writer" -n 1 "$T/$p"
        t_run "./mmap/${p}_reader" -n 1 "$T/$p"
        t_same out "$hello
"
    done
}
file_writer_loses_no_text() {
    printf 12345 >"$T/f"
    status=0
    ./mmap/file_writer -m abc "$T/f" >/dev/full 2>"$T/err" || status=$?
    [ "$status" = 1 ]
    t_says err 'cannot print .*/f, so it stays as it was: No space left'
    [ "$(cat "$T/f")" = 12345 ]
}
file_pair_at_once() {
    old=$(printf %04000d 0) new=$(printf %04000d 0 | tr 0 1)
    slow file_writer
    printf %s "$old" >"$T/f"
    t_start w "$T/file_writer" -m "$new" "$T/f"
    t_within 5 is_locked "$T/f"
    t_start r ./mmap/file_reader "$T/f"
    t_start v ./mmap/file_writer -m "$old" "$T/f"
    t_ends w 0 && t_ends r 0 && t_ends v 0
    if grep -q '01\|10' "$T/r.out" "$T/f"; then t_fail "a mixture"; fi
    # Without the lock a reader sees one.
    slow file_writer 's/|| flock(fd, LOCK_EX) == -1//'
    printf %s "$old" >"$T/f"
    t_start w "$T/file_writer" -m "$new" "$T/f"
    t_within 5 mixture || t_fail "the control does not fail"
    t_ends w 0
}
mixture() {
    t_run ./mmap/file_reader "$T/f"
    grep -q '10' "$T/out"
}
# The writer stands in write(2), and has the lock.
file_pair_waits_for_a_lock_that_a_kill_drops() {
    cp data/test.txt "$T/f"
    for signal in 9 1 2 3 15; do
        t_hold
        t_start_held_out w env --default-signal ./mmap/file_writer "$T/f"
        t_stands w
        t_start r ./mmap/file_reader "$T/f"
        t_start p ./mmap/parent_child "$T/f"
        t_within 5 is_locked "$T/f" 3
        t_same r.out '' && t_same p.out ''
        kill -$signal "$(t_pid w)"
        t_ends w $((128 + signal))
        t_ends r 0
        t_ends p 0
        t_same p.out "$question"
    done
}

# --- parent_child -----------------------------------------------------------

parent_child_prints_as_the_text() {
    cp data/english.txt "$T/f"
    n=0
    while [ $((n += 1)) -le $((RUNS * 10)) ]; do
        t_run ./mmap/parent_child "$T/f"
        [ "$status" = 0 ]
        t_same out "$question"
        t_same err ''
    done
    { printf %s "$question" && tail -c +22 data/english.txt; } | cmp - "$T/f"
    t_run ./mmap/parent_child -m abcde "$T/f"
    t_same out abcde
    # SIGCHLD ignored, as some shells start it: waitpid(2) still knows.
    t_run sh -c 'trap "" CHLD; exec ./mmap/parent_child "$1"' sh "$T/f"
    [ "$status" = 0 ]
}
parent_child_does_not_read_early() {
    old=$(printf %04000d 0) new=$(printf %04000d 0 | tr 0 1)
    printf %s "$old" >"$T/f"
    slow parent_child
    t_run "$T/parent_child" -m "$new" "$T/f"
    t_same out "$new"
    # Without the semaphore it does.
    slow parent_child 's/sem_wait(written) == -1/0/'
    printf %s "$old" >"$T/f"
    t_run "$T/parent_child" -m "$new" "$T/f"
    grep -q 0 "$T/out" || t_fail "the control does not fail"
}
parent_child_reports_its_child() {
    cp data/english.txt "$T/f"
    status=0
    ./mmap/parent_child "$T/f" >/dev/full 2>"$T/err" || status=$?
    [ "$status" = 1 ]
    t_says err 'child: cannot print the text: No space'
}
child_of() {
    cat "/proc/$1/task/$1/children" 2>/dev/null || :
}
has_child() {
    child=$(child_of "$(t_pid p)")
    [ -n "$child" ]
}
sleeps() {
    grep -q '^State:.S' "/proc/$1/status"
}
parent_child_one_of_them_killed() {
    long=$(printf %04000d 0)
    printf %s "$long" >"$T/f"
    slow parent_child
    for victim in child parent; do
        t_start p "$T/parent_child" -m "$long" "$T/f"
        t_within 2 has_child || t_skip "/proc/PID/task/PID/children does not tell"
        if [ $victim = child ]; then
            kill -KILL "${child% }"
            t_ends p 1
            t_tells p 'the child [0-9]* died: Killed'
        else
            kill -KILL "$(t_pid p)"
            t_within 2 t_ended "${child% }" || t_fail "the child stays behind"
            t_reap p
            [ "$status" = 137 ]
        fi
        t_same p.out ''
        t_run ./mmap/parent_child "$T/f"
        t_same out "$question"
    done
    # Without prctl(2) it does stay.
    slow parent_child 's/prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || //'
    t_start p "$T/parent_child" -m "$long" "$T/f"
    t_within 2 has_child
    t_within 2 sleeps "${child% }" # it has looked for its parent
    kill -KILL "$(t_pid p)"
    t_reap p
    if t_soon t_ended "${child% }"; then t_fail "the control does not fail"; fi
    kill -KILL "${child% }"
}
parent_child_kills() {
    # LeakSanitizer looks on from a child of its own: that one is no victim.
    export ASAN_OPTIONS=detect_leaks=0
    cp data/english.txt "$T/f"
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        t_start p ./mmap/parent_child "$T/f"
        t_pause 4
        parent=$(t_pid p)
        child=$(child_of "$parent")
        victim=$parent
        if [ "$(t_random 2)" = 0 ]; then victim=${child:-$parent}; fi
        # shellcheck disable=SC2086 # a number and a blank
        kill -KILL $victim 2>/dev/null || :
        t_within 2 t_ended "$parent" || t_fail "the parent does not end"
        t_reap p
        case $status in
        0) t_same p.out "$question" ;;                     # it was too late
        1) t_says p.err 'died: Killed' ;;                  # the child
        137) [ ! -s "$T/p.out" ] || t_same p.out "$question" ;; # the parent
        *) t_fail "status $status" ;;
        esac
        [ -z "$child" ] || t_within 2 t_ended "${child% }" || t_fail "an orphan"
        t_run ./mmap/parent_child "$T/f"
        [ "$status" = 0 ]
        t_same out "$question"
    done
}

# --- unrelated_* and seqlock_*: what both promise ------------------------------

# lines N: what a reader prints in N looks: the text ends with a newline.
lines() {
    n=0
    while [ $((n += 1)) -le "$1" ]; do printf '%s\n\n' "$hello"; done >"$T/lines"
}
in_any_order() {
    lines 3
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        for order in 'r s w' 'w r s' 'r w s'; do
            rm -f "$T/f"
            for who in $order; do
                case $who in
                w) t_start w "./mmap/$1_writer" -i 0.01 "$T/f" ;;
                *) t_start $who "./mmap/$1_reader" -i 0.01 -n 3 "$T/f" ;;
                esac
                [ $((n % 2)) = 0 ] || t_pause 20
            done
            t_ends r 0
            t_ends s 0
            kill "$(t_pid w)"
            t_ends w 143
            cmp "$T/lines" "$T/r.out" && cmp "$T/lines" "$T/s.out"
        done
    done
}
# What any program sees that maps the file and prints the string at 1024.
layout() {
    t_run "./mmap/$1_writer" -n 1 "$T/f"
    [ "$status" = 0 ]
    [ "$(stat -c '%s %a' "$T/f")" = '4096 600' ]
    tail -c +1025 "$T/f" | tr -d '\0' >"$T/out"
    t_same out "$hello"
}
flat_out() {
    long=$(printf %03000d 0)
    t_start w "./mmap/$1_writer" -i 0 -m "$long" -m b -m "$hello" "$T/f"
    for r in 1 2 3; do
        t_start "r$r" "./mmap/$1_reader" -i 0 -n $((LOOKS / 3)) "$T/f"
    done
    printf '%s\n' "$long" b "$hello" | sort >"$T/texts"
    for r in 1 2 3; do
        t_ends "r$r" 0 120
        [ "$(wc -l <"$T/r$r.out")" = $((LOOKS / 3)) ]
        sort -u "$T/r$r.out" >"$T/seen"
        [ -z "$(comm -23 "$T/seen" "$T/texts")" ] || t_fail "a torn text"
    done
    kill "$(t_pid w)"
    t_ends w 143
}
# The signal ends them as a shell expects; one that is ignored stays so.
signals() {
    for signal in 1 2 3 15; do
        for who in writer reader; do
            t_start p env --default-signal "./mmap/$1_$who" "$T/f.$who"
            t_within 5 test -s "$T/p.err" || t_fail "it does not begin"
            kill -$signal "$(t_pid p)"
            t_ends p $((128 + signal))
            t_start p sh -c 'trap "" $1; shift; exec "$@"' sh $signal \
                "./mmap/$1_$who" -i 0.05 -n 4 "$T/f.writer"
            t_within 5 test -s "$T/p.err"
            kill -$signal "$(t_pid p)" 2>/dev/null || : # it was faster
            t_ends p 0
        done
    done
}
refusals() {
    writer=./mmap/$1_writer reader=./mmap/$1_reader
    for p in $writer $reader; do
        for n in 0 -1 0x 1.5 1x '' 99999999999999999999; do
            t_refused 2 'usage: ' $p -n "$n" "$T/f"
        done
        for i in -1 nan inf 0x 1s '' 1e9; do t_refused 2 'usage: ' $p -i "$i" "$T/f"; done
        t_refused 2 'usage: ' $p a b
        for option in -x -h -t; do t_refused 2 'usage: ' $p $option 1; done
        cp data/test.txt "$T/other"
        t_refused 1 'other holds something else: name another FILE' $p "$T/other"
        cmp data/test.txt "$T/other"
        t_refused 1 'open .*/missing/f: No such file' $p "$T/missing/f"
    done
    long=$(printf %03072d 0)
    t_refused 2 'TEXT has 3072 bytes, at most 3071 fit' $writer -m "$long" "$T/f"
    [ ! -e "$T/f" ] || t_fail "it made the file before it refused"
    # A page of others stays as it is.
    head -c 4096 mmap/README.md >"$T/page"
    cp "$T/page" "$T/old"
    t_refused 1 'page holds something else' $writer "$T/page"
    cmp "$T/page" "$T/old"
    # One of zeros holds nothing.
    head -c 4096 /dev/zero >"$T/zeros"
    t_run $writer -n 1 "$T/zeros"
    [ "$status" = 0 ]
    # Elsewhere than in the top folder.
    cd "$T"
    for p in $writer $reader; do
        t_refused 1 'open data/work/[a-z]*: No such file' "$top/$p"
    done
}

# --- unrelated_* alone -----------------------------------------------------------

writers_take_turns() {
    a=$(printf %0500d 0) b=$(printf %0500d 0 | tr 0 1)
    slow unrelated_writer
    t_start v "$T/unrelated_writer" -i 0.05 -m "$a" "$T/f"
    t_start w "$T/unrelated_writer" -i 0.05 -m "$b" "$T/f"
    t_within 5 is_locked "$T/f"
    t_start r ./mmap/unrelated_reader -i 0.002 "$T/f"
    t_within 9 grep -qx "$a" "$T/r.out"
    t_within 9 grep -qx "$b" "$T/r.out"
    if grep -vx "$a\|$b" "$T/r.out"; then t_fail "a torn text"; fi
}
# left FILE: the text that a killed writer has left, for one who locks.
left() {
    flock -s "$1" tail -c +1025 "$1" | tr '\0' '\n' | head -n 1
}
# kills PROGRAM: half texts that KILLS * 2 killed writers have left, as $half.
kills_at_every_instant() {
    long=$(printf %0200d 0) other=$(printf %0200d 0 | tr 0 1)
    # And on until one has hit the middle.
    half=0 none=0 n=0
    while [ $((n += 1)) -le $((KILLS * 2)) ] ||
        { [ $((half + none)) = 0 ] && [ "$n" -le 200 ]; }; do
        t_start w "$T/unrelated_writer" -i 0 -m "$long" -m "$other" "$T/f"
        t_within 5 is_locked "$T/f"
        t_pause 60
        kill -KILL "$(t_pid w)"
        t_reap w
        case $(left "$T/f") in
        "$long" | "$other") ;;
        '') none=$((none + 1)) ;;
        *) half=$((half + 1)) ;;
        esac
    done
}
unrelated_killed() {
    slow unrelated_writer
    kills_at_every_instant
    [ "$half" = 0 ] || t_fail "$half of $((n - 1)) left half a text"
    [ "$none" -gt 0 ] || t_fail "no kill hit the middle"
    echo "# $((n - 1)) kills: $none left no text, none left half a text"
    t_run ./mmap/unrelated_writer -n 1 "$T/f"
    t_run ./mmap/unrelated_reader -n 1 "$T/f"
    t_same out "$hello
"
    # With the first byte in its place from the start, some do.
    slow unrelated_writer "s/shown\\[0\\] = '.0';/shown[0] = text[0];/"
    kills_at_every_instant
    [ "$half" -gt 0 ] || t_fail "the control does not fail"
}
# Without a change nothing is stored: no reader of any kind sees one.
unrelated_unchanged() {
    slow unrelated_writer
    t_run ./mmap/unrelated_writer -n 1 "$T/f"
    t_start w "$T/unrelated_writer" -i 0 "$T/f"
    n=0
    while [ $((n += 1)) -le 100 ]; do
        [ "$(tail -c +1025 "$T/f" | head -c 5)" = hello ]
    done
}
unrelated_stopped() {
    slow unrelated_writer
    t_start w "$T/unrelated_writer" -i 0 -m "$(printf %01000d 0)" -m b "$T/f"
    t_within 5 is_locked "$T/f"
    kill -STOP "$(t_pid w)"
    # It may stand between two texts.
    while ! is_locked "$T/f"; do
        kill -CONT "$(t_pid w)"
        t_pause 5
        kill -STOP "$(t_pid w)"
    done
    t_start r ./mmap/unrelated_reader -i 0 -n 1 "$T/f"
    t_within 5 is_locked "$T/f" 2
    t_same r.out ''
    kill -CONT "$(t_pid w)"
    t_ends r 0
    # A dead one has no lock.
    kill -STOP "$(t_pid w)"
    t_start r ./mmap/unrelated_reader -i 0 -n 1 "$T/f"
    kill -KILL "$(t_pid w)"
    t_reap w
    [ -s "$T/r.out" ] || t_run ./mmap/unrelated_writer -n 1 "$T/f"
    t_ends r 0
}

# --- seqlock_* alone ---------------------------------------------------------------

seqlock_second_writer() {
    t_start w ./mmap/seqlock_writer -i 0.01 "$T/f"
    t_tells w 'writing to'
    t_refused 1 'lock .*/f (another writer is at work): Resource temp' \
        ./mmap/seqlock_writer -m x "$T/f"
    t_run ./mmap/seqlock_reader -n 1 "$T/f"
    t_same out "$hello
"
    kill "$(t_pid w)"
    t_reap w
    # Neither a reader of the file nor another lock is taken for a writer.
    t_start f flock --no-fork "$T/f" sleep 99
    t_start r ./mmap/seqlock_reader -i 99 "$T/f"
    t_tells r 'the writer is gone'
    t_run ./mmap/seqlock_writer -n 1 -m x "$T/f"
    [ "$status" = 0 ]
}
# A writer stands still in the middle of a text, and no reader waits for it.
seqlock_stopped_and_killed() {
    sed 's/for (size_t i = 0; i <= strlen(text)/for (size_t i = usleep(300); i <= strlen(text)/' \
        mmap/seqlock.h >"$T/seqlock.h"
    cp mmap/seqlock_writer.c "$T" && ${CC:-cc} -w "$T/seqlock_writer.c" -o "$T/seqlock_writer"
    half=0 n=0
    while [ $((n += 1)) -le $((KILLS * 2)) ] || { [ "$half" = 0 ] && [ "$n" -le 200 ]; }; do
        rm -f "$T/r.out"
        t_start w "$T/seqlock_writer" -i 0 -m aaaaaaaaaaaaaaaaaaaaaaaa -m b "$T/f"
        t_tells w 'writing to'
        t_start r ./mmap/seqlock_reader -i 0.001 "$T/f"
        t_within 5 test -s "$T/r.out"
        t_pause 5
        kill -STOP "$(t_pid w)"
        seen=$(wc -l <"$T/r.out")
        t_within 5 more_lines "$seen" || t_fail "the reader waits for a stopped writer"
        kill -KILL "$(t_pid w)"
        t_reap w
        t_tells r 'the writer is gone'
        [ $(($(od -An -tu1 -j4 -N1 "$T/f") % 2)) = 0 ] || half=$((half + 1))
        kill "$(t_pid r)"
        t_reap r
        if grep -vx 'aaaaaaaaaaaaaaaaaaaaaaaa\|b\|next' "$T/r.out"; then t_fail "a torn text"; fi
        t_run ./mmap/seqlock_writer -n 1 -m next "$T/f"
        t_run ./mmap/seqlock_reader -n 1 "$T/f"
        t_same out next
    done
    [ "$half" -gt 0 ] || t_fail "no kill hit the middle"
    echo "# $((n - 1)) kills, $half in the middle of a text"
}
more_lines() {
    [ "$(wc -l <"$T/r.out")" -gt "$1" ]
}
# The sequence comes round: 0 stays what it means.
seqlock_comes_round() {
    t_run ./mmap/seqlock_writer -n 1 "$T/f"
    printf '\376\377\377\377' | dd of="$T/f" bs=1 seek=4 conv=notrunc 2>/dev/null
    t_run ./mmap/seqlock_writer -n 1 -m round "$T/f"
    t_run ./mmap/seqlock_reader -n 1 "$T/f"
    t_same out round
}

# --- the naive ways ------------------------------------------------------------------

naive_file() {
    cp data/test.txt "$T/f"
    t_run ./mmap/naive/file "$T/f"
    t_run ./mmap/naive/file "$T/f"
    t_same out "buf = $letters" # the rest is lost behind a NUL
    printf 12345 >"$T/f"
    t_run ./mmap/naive/file "$T/f"
    [ "$status" = 0 ]
    [ "$(cat "$T/f")" = yyyyy ]
    : >"$T/empty"
    t_refused 1 'mmap .*/empty, size 0: Invalid argument' ./mmap/naive/file "$T/empty"
}
naive_parent_child() {
    cp data/english.txt "$T/f"
    t_run ./mmap/naive/parent_child "$T/f" slow
    { cat data/english.txt && echo; } | cmp - "$T/out"
}
naive_unrelated() {
    # A SIGBUS ends the program as without a sanitizer.
    export ASAN_OPTIONS=handle_sigbus=0
    t_start w ./mmap/naive/unrelated_writer "$T/f"
    t_ends w 135 # SIGBUS: the file is empty
    rm "$T/f"
    t_start w ./mmap/naive/unrelated_writer "$T/long" "$(printf %03000d 0)" \
        "$(printf %03000d 0 | tr 0 1)"
    t_reap w # the same
    head -c 8192 /dev/zero >"$T/f"
    t_start r ./mmap/naive/unrelated_reader "$T/f"
    t_within 5 test -s "$T/r.out"
    [ "$(stat -c %s "$T/f")" = 4096 ] # it has cut the file
    t_start w ./mmap/naive/unrelated_writer "$T/f" "$(printf %03000d 0)" \
        "$(printf %03000d 0 | tr 0 1)"
    t_within 30 grep -q '01\|10' "$T/r.out" || t_fail "no torn text in many looks"
}

stdout_that_fails() {
    cp data/english.txt "$T/f"
    ./mmap/unrelated_writer -n 1 "$T/u" 2>"$T/err"
    ./mmap/seqlock_writer -n 1 "$T/s" 2>"$T/err"
    for p in "file_writer $T/f" "file_reader $T/f" "parent_child $T/f" \
        "unrelated_reader -n 1 $T/u" "seqlock_reader -n 1 $T/s"; do
        status=0
        # shellcheck disable=SC2086 # words
        ./mmap/$p >/dev/full 2>"$T/err" || status=$?
        [ "$status" = 1 ] || t_fail "$p: status $status"
        t_says err "cannot print\|write to stdout"
    done
}

t_it "file pair: prints what the text prints" file_pair_prints_as_the_text
t_it "file pair: any bytes, no byte more" file_pair_carries_any_bytes
t_it "file_writer: an old text not printed is not lost" file_writer_loses_no_text
for p in file_writer file_reader parent_child; do
    t_it "$p: refuses what cannot be mapped, and wrong use" refuses_files ./mmap/$p
    t_it "$p: says what it may not open" file_without_permission $p
done
t_it "root and files of others" root_and_a_file_of_others
t_it "file pair: at once, old or new and no mixture" file_pair_at_once
t_it "file pair: waits for the lock, which goes with its holder" \
    file_pair_waits_for_a_lock_that_a_kill_drops
t_it "parent_child: prints what the text prints" parent_child_prints_as_the_text
t_it "parent_child: no child reads early" parent_child_does_not_read_early
t_it "parent_child: reports a child that failed" parent_child_reports_its_child
t_it "parent_child: either one killed" parent_child_one_of_them_killed
t_it "parent_child: kill -9 at any instant" parent_child_kills
for p in unrelated seqlock; do
    t_it "$p: in any order, two readers" in_any_order $p
    t_it "$p: the text stands at 1024 for anyone" layout $p
    t_it "$p: flat out, three readers, no torn text" flat_out $p
    t_it "$p: signals end both, ignored ones do not" signals $p
    t_it "$p: refuses what makes no sense, and files of others" refusals $p
done
t_it "unrelated: writers take turns" writers_take_turns
t_it "unrelated: a killed writer leaves the old text, the new one or none" unrelated_killed
t_it "unrelated: the same text again is no change" unrelated_unchanged
t_it "unrelated: a stopped writer makes all wait, a dead one nobody" unrelated_stopped
t_it "seqlock: a second writer is refused, and nobody mistaken for one" \
    seqlock_second_writer
t_it "seqlock: a writer stopped or killed in the middle" seqlock_stopped_and_killed
t_it "seqlock: the sequence comes round" seqlock_comes_round
t_it "naive/file: loses text" naive_file
t_it "naive/parent_child: the child reads too early" naive_parent_child
t_it "naive/unrelated: SIGBUS, a cut file, torn texts" naive_unrelated
t_ask mmap
t_it "all: a stdout that fails" stdout_that_fails
t_finish
