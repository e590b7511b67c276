#!/bin/sh
# tests/lessons/mmap.sh - chapter 1: the file pair, parent and child, unrelated,
# questions
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/questions.sh"
: "${LOOKS:=30000}"

letters=yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyaaaaa
question='你是我儿子吗？'
hello='hello parent, i am your 朋友！！！'

# --- file_writer and file_reader --------------------------------------------

file_pair_prints_as_the_text() {
    cp data/test.txt "$T/f"
    t_run ./mmap/file_writer "$T/f"
    [ "$status" = 0 ]
    { printf 'buf = ' && cat data/test.txt && echo; } | cmp - "$T/out"
    t_says err '^file_writer\[[0-9]*\]: mapped '
    { printf %s "$letters" && tail -c +56 data/test.txt; } >"$T/new"
    cmp "$T/new" "$T/f"
    t_run ./mmap/file_reader "$T/f"
    [ "$status" = 0 ]
    cmp "$T/new" "$T/out"
}

file_pair_carries_any_bytes() {
    head -c 100000 /dev/urandom >"$T/f"
    cp "$T/f" "$T/old"
    t_run ./mmap/file_writer -m "$question" "$T/f"
    { printf 'buf = ' && cat "$T/old" && echo; } | cmp - "$T/out"
    { printf %s "$question" && tail -c +22 "$T/old"; } | cmp - "$T/f"
    t_run ./mmap/file_reader "$T/f"
    cmp "$T/f" "$T/out"
}

file_writer_text_that_fits_exactly() {
    printf 12345 >"$T/f"
    t_run ./mmap/file_writer -m abcde "$T/f"
    t_same out 'buf = 12345'
    [ "$(cat "$T/f")" = abcde ]
}

file_writer_text_too_long() {
    printf 12345 >"$T/f"
    t_refused 1 'TEXT has 6 bytes, .*/f only 5: a mapping cannot grow' \
        ./mmap/file_writer -m abcdef "$T/f"
    [ "$(cat "$T/f")" = 12345 ]
}

# file_refusals PROGRAM: what the three programs on a FILE say of bad ones.
file_refusals() {
    : >"$T/empty"
    t_refused 1 "empty is empty, and mmap(2) maps no 0 bytes" "$1" "$T/empty"
    t_refused 1 "missing: No such file or directory" "$1" "$T/missing"
    mkdir "$T/folder"
    t_refused 1 "folder.* a \(regular file\|directory\)" "$1" "$T/folder"
    mkfifo "$T/fifo"
    t_refused 1 "fifo is not a regular file" "$1" "$T/fifo"
    t_refused 1 "/dev/zero is not a regular file" "$1" /dev/zero
    t_refused 2 "usage: " "$1" a b
    t_refused 2 "usage: " "$1" -x
}

file_without_permission() {
    printf %0100d 0 >"$T/f"
    chmod 0 "$T/f"
    t_for_everyone "./mmap/$1"
    # shellcheck disable=SC2086 # words
    t_refused 1 "f: Permission denied" $t_not_root "$T/$1" "$T/f"
}

file_of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can give a file away"
    printf %0100d 0 >"$T/f"
    chown 65534 "$T/f"
    t_refused 1 "belongs to user 65534, not to you" "./mmap/$1" "$T/f"
}

file_link_is_not_written_through() {
    printf %0100d 0 >"$T/f"
    ln -s f "$T/link"
    t_refused 1 "link.*: .*ymbolic link" "./mmap/$1" "$T/link"
    [ "$(cat "$T/f")" = "$(printf %0100d 0)" ]
}

file_writer_loses_no_text() {
    printf 12345 >"$T/f"
    status=0
    ./mmap/file_writer -m abc "$T/f" >/dev/full 2>"$T/err" || status=$?
    [ "$status" = 1 ]
    t_says err 'nothing was changed: No space left on device'
    ./mmap/file_writer -m abc "$T/f" >&- 2>"$T/err" && t_fail "stdout closed"
    t_says err 'stdout or stderr is closed'
    ./mmap/file_writer -m abc "$T/f" 2>&- && t_fail "stderr closed"
    [ "$(cat "$T/f")" = 12345 ]
}

file_pair_at_once() {
    { printf %s "$letters" && tail -c +56 data/test.txt; } >"$T/new"
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        cp data/test.txt "$T/f"
        t_start w ./mmap/file_writer "$T/f"
        t_start r ./mmap/file_reader "$T/f"
        t_start v ./mmap/file_writer "$T/f"
        t_ends w 0 && t_ends r 0 && t_ends v 0
        cmp "$T/r.out" data/test.txt || cmp "$T/r.out" "$T/new"
        cmp "$T/new" "$T/f"
    done
}

file_pair_waits_for_the_lock() {
    cp data/test.txt "$T/f"
    # An OFD lock as a mapped file's owner has it: unrelated_writer's.
    t_start owner ./mmap/unrelated_writer "$T/locked"
    t_tells owner 'writing to'
    t_start r ./mmap/file_reader "$T/locked"
    t_start w ./mmap/file_writer "$T/locked"
    t_start p ./mmap/parent_child "$T/locked"
    t_tells r 'waiting for the lock on'
    t_tells w 'waiting for the lock on'
    t_tells p 'waiting for the lock on'
    t_same r.out "" && t_same w.out "" && t_same p.out ""
    kill "$(t_pid owner)"
    t_ends owner 0
    t_ends r 0
    t_ends w 0
    t_ends p 0
    t_same p.out "$question"
}

# --- parent_child -----------------------------------------------------------

parent_child_prints_as_the_text() {
    cp data/english.txt "$T/f"
    n=0
    while [ $((n += 1)) -le $((RUNS * 10)) ]; do
        t_run ./mmap/parent_child "$T/f"
        [ "$status" = 0 ]
        t_same out "$question"
    done
    { printf %s "$question" && tail -c +22 data/english.txt; } | cmp - "$T/f"
}

parent_child_text() {
    printf 12345 >"$T/f"
    t_run ./mmap/parent_child -m abcde "$T/f"
    t_same out abcde
    t_refused 1 'TEXT has 6 bytes, .*/f only 5: a mapping cannot grow' \
        ./mmap/parent_child -m abcdef "$T/f"
    [ "$(cat "$T/f")" = abcde ]
}

parent_child_reports_its_child() {
    cp data/english.txt "$T/f"
    status=0
    ./mmap/parent_child "$T/f" >/dev/full 2>"$T/err" || status=$?
    [ "$status" = 1 ]
    t_says err 'child: write to stdout: No space' 'child [0-9]* failed'
}

child_of() {
    cat "/proc/$1/task/$1/children" 2>/dev/null || :
}

has_child() {
    [ -n "$(child_of "$(t_pid p)")" ]
}

# The parent tells its story after fork(2) and before it writes: held there,
# it has a child that waits for the bell.
parent_child_child_killed() {
    cp data/english.txt "$T/f"
    t_hold
    t_start_held p ./mmap/parent_child "$T/f"
    t_stands p
    t_within 2 has_child || t_skip "/proc/PID/task/PID/children does not tell"
    child=$(child_of "$(t_pid p)")
    kill -KILL "${child% }"
    t_release p.err
    t_ends p 1
    t_tells p 'child [0-9]* was killed: Killed'
    t_same p.out ""
    t_run ./mmap/parent_child "$T/f"
    t_same out "$question"
}

parent_child_parent_killed() {
    cp data/english.txt "$T/f"
    t_hold
    t_start_held p ./mmap/parent_child "$T/f"
    t_stands p
    t_within 2 has_child || t_skip "/proc/PID/task/PID/children does not tell"
    child=$(child_of "$(t_pid p)")
    kill -KILL "$(t_pid p)"
    t_release p.err
    t_within 2 t_ended "${child% }" || t_fail "the child stays behind"
    t_tells p 'child: the parent died before it had written'
    t_same p.out ""
    cmp "$T/f" data/english.txt
    t_run ./mmap/parent_child "$T/f"
    t_same out "$question"
}

parent_child_child_does_not_read_early() {
    cp data/english.txt "$T/f"
    t_hold
    t_start_held p ./mmap/parent_child "$T/f"
    t_stands p
    sleep 0.2 # time enough for a child that does not wait
    t_same p.out ""
    t_release p.err
    t_ends p 0
    t_same p.out "$question"
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
        0) t_same p.out "$question" ;;                   # it was too late
        1) t_says p.err 'was killed: Killed' ;;          # the child
        137) [ ! -s "$T/p.out" ] || t_same p.out "$question" ;; # the parent
        *) t_fail "status $status" ;;
        esac
        if [ -n "$child" ]; then
            t_within 2 t_ended "${child% }" || t_fail "the child stays behind"
        fi
        t_run ./mmap/parent_child "$T/f"
        [ "$status" = 0 ]
        t_same out "$question"
    done
}

# --- unrelated_writer and unrelated_reader ------------------------------------

lines() {
    n=0
    while [ $((n += 1)) -le "$1" ]; do echo "$hello"; done
}

unrelated_reader_first() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        rm -f "$T/f"
        t_start r ./mmap/unrelated_reader -i 0.01 -n 3 -t 9 "$T/f"
        t_tells r 'waiting for a writer'
        t_start w ./mmap/unrelated_writer -i 0.01 "$T/f"
        t_ends r 0
        kill "$(t_pid w)"
        t_ends w 0
        t_same r.out "$(lines 3)"
    done
}

unrelated_writer_first() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        rm -f "$T/f"
        t_start w ./mmap/unrelated_writer -i 0.01 "$T/f"
        t_tells w 'writing to'
        t_run ./mmap/unrelated_reader -i 0.01 -n 3 -t 9 "$T/f"
        [ "$status" = 0 ]
        kill -INT "$(t_pid w)"
        t_ends w 0
        t_same out "$(lines 3)"
    done
}

unrelated_both_at_once() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        rm -f "$T/f"
        t_start r ./mmap/unrelated_reader -i 0.01 -n 3 -t 9 "$T/f"
        t_start w ./mmap/unrelated_writer -i 0.01 "$T/f"
        t_start s ./mmap/unrelated_reader -i 0.01 -n 2 -t 9 "$T/f"
        t_ends r 0
        t_ends s 0
        kill "$(t_pid w)"
        t_ends w 0
        t_same r.out "$(lines 3)"
        t_same s.out "$(lines 2)"
    done
}

# What any program sees that maps the file and prints the string at 1024, the
# tutorial's own mmap_r_ipc.c among them.
unrelated_layout() {
    t_run ./mmap/unrelated_writer -n 1 "$T/f"
    [ "$status" = 0 ]
    [ "$(stat -c '%s %a' "$T/f")" = '4096 600' ]
    tail -c +1025 "$T/f" | tr '\0' '\n' | sed 1q >"$T/out"
    t_same out "$hello"
    cat >"$T/plain.c" <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
int main(int argc, char **argv)
{
    int fd = argc == 2 ? open(argv[1], O_RDWR) : -1;
    char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return p == MAP_FAILED ? 1 : printf("%s\n", p + 1024) < 0;
}
C
    ${CC:-cc} "$T/plain.c" -o "$T/plain"
    t_run "$T/plain" "$T/f"
    t_same out "$hello"
}

unrelated_texts_are_whole() {
    long=$(head -c 3000 /dev/zero | tr '\0' a)
    t_start w ./mmap/unrelated_writer -i 0 -m "$long" -m b -m "$hello" "$T/f"
    for r in 1 2 3; do
        t_start "r$r" ./mmap/unrelated_reader -i 0 -n $((LOOKS / 3)) -t 9 "$T/f"
    done
    printf '%s\n' "$long" b "$hello" | sort >"$T/texts"
    for r in 1 2 3; do
        t_ends "r$r" 0 120
        [ "$(wc -l <"$T/r$r.out")" = $((LOOKS / 3)) ]
        sort -u "$T/r$r.out" >"$T/seen"
        [ -z "$(comm -23 "$T/seen" "$T/texts")" ] || t_fail "a torn text"
    done
    kill "$(t_pid w)"
    t_ends w 0
}

unrelated_second_writer() {
    t_start w ./mmap/unrelated_writer -i 0.01 "$T/f"
    t_tells w 'writing to'
    t_refused 1 'another writer is at work on' ./mmap/unrelated_writer -m x "$T/f"
    t_run ./mmap/unrelated_reader -n 1 "$T/f"
    t_same out "$hello"
    kill "$(t_pid w)"
    t_ends w 0
    t_run ./mmap/unrelated_writer -n 1 -m x "$T/f"
    [ "$status" = 0 ]
}

unrelated_writer_killed() {
    t_start w ./mmap/unrelated_writer -i 0.01 "$T/f"
    t_start r ./mmap/unrelated_reader -i 0.01 "$T/f"
    t_tells r 'a writer is at work'
    kill -KILL "$(t_pid w)"
    t_tells r 'the writer is gone, its last text stays'
    t_start w ./mmap/unrelated_writer -i 0.01 -m next "$T/f"
    t_within 2 grep -qx next "$T/r.out" || t_fail "the next text does not come"
    kill "$(t_pid r)" "$(t_pid w)"
    t_ends r 0
    t_ends w 0
    [ "$(sort -u "$T/r.out")" = "$(printf '%s\nnext' "$hello" | sort)" ]
}

# killed_in_the_middle: what a writer leaves that dies in an update: the
# sequence, the second word of the file, is odd, and the text is half a text.
killed_in_the_middle() {
    printf '\001' | dd of="$T/f" bs=1 seek=4 conv=notrunc 2>/dev/null
    printf 'half' | dd of="$T/f" bs=1 seek=1024 conv=notrunc 2>/dev/null
}

unrelated_killed_in_an_update() {
    t_run ./mmap/unrelated_writer -n 1 "$T/f"
    t_start r ./mmap/unrelated_reader -i 0.01 "$T/f"
    t_tells r 'the writer is gone, its last text stays'
    t_within 2 test -s "$T/r.out"
    killed_in_the_middle
    t_refused 1 'no text in time' ./mmap/unrelated_reader -t 0.2 "$T/f"
    t_run ./mmap/unrelated_writer -n 1 -m next "$T/f"
    [ "$status" = 0 ]
    t_within 2 grep -qx next "$T/r.out" || t_fail "the next text does not come"
    kill "$(t_pid r)"
    t_ends r 0
    if grep half "$T/r.out"; then t_fail "half a text"; fi
    # The lock word is right again: even.
    [ $(($(od -An -tu1 -j4 -N1 "$T/f") % 2)) = 0 ]
}

unrelated_kills() {
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        t_start w ./mmap/unrelated_writer -i 0 -m aaaaaaaaaaaaaaaa -m b "$T/f"
        t_start r ./mmap/unrelated_reader -i 0.005 -t 9 "$T/f"
        t_pause 30
        if [ "$(t_random 2)" = 0 ]; then
            kill -KILL "$(t_pid w)"
            t_within 2 t_ended "$(t_pid w)" # and with it the lock
            # It stays, says so, and serves the next that comes.
            t_tells r 'waiting for a writer\|the writer is gone'
            t_start w ./mmap/unrelated_writer -i 0.01 -m next "$T/f"
            t_within 2 grep -qx next "$T/r.out" || t_fail "no text after a kill"
            kill "$(t_pid r)"
            t_ends r 0
            kill "$(t_pid w)"
            t_ends w 0
        else
            kill -KILL "$(t_pid r)"
            t_tells w 'writing to' # from then on it asks for signals
            kill "$(t_pid w)"
            t_ends w 0
        fi
        if grep -vx "aaaaaaaaaaaaaaaa\|b\|next\|$hello" "$T/r.out"; then
            t_fail "a torn text"
        fi
        t_start w ./mmap/unrelated_writer -i 0.01 "$T/f"
        t_tells w 'writing to'
        t_run ./mmap/unrelated_reader -i 0.03 -n 3 -t 9 "$T/f"
        [ "$status" = 0 ]
        [ "$(tail -n 1 "$T/out")" = "$hello" ]
        kill "$(t_pid w)"
        t_ends w 0
    done
}

unrelated_file_made_anew() {
    t_start w ./mmap/unrelated_writer -i 0.01 -m old "$T/f"
    t_start r ./mmap/unrelated_reader -i 0.01 "$T/f"
    t_tells r 'a writer is at work'
    rm "$T/f"
    t_start v ./mmap/unrelated_writer -i 0.01 -m new "$T/f"
    t_tells v 'writing to'
    kill "$(t_pid w)"
    t_ends w 0
    t_within 2 grep -qx new "$T/r.out" || t_fail "the reader stays with the old file"
    kill "$(t_pid r)" "$(t_pid v)"
    t_ends r 0
    t_ends v 0
}

unrelated_ends_by_signal() {
    for signal in INT TERM; do
        t_start w ./mmap/unrelated_writer -i 100 "$T/f"
        t_tells w 'writing to'
        t_start r ./mmap/unrelated_reader -i 100 "$T/f"
        t_tells r 'a writer is at work'
        kill "-$signal" "$(t_pid r)" "$(t_pid w)"
        t_ends r 0
        t_ends w 0
        t_start r ./mmap/unrelated_reader "$T/none"
        t_tells r 'waiting for a writer'
        kill "-$signal" "$(t_pid r)"
        t_ends r 0
        # A reader that stands in write(2) ends too.
        t_hold
        t_start_held_out r ./mmap/unrelated_reader -i 0 "$T/f"
        t_stands r
        kill "-$signal" "$(t_pid r)"
        t_ends r 0
    done
}

unrelated_refusals() {
    for n in 0 -1 0x 1.5 99999999999999999999 ''; do
        t_refused 2 'COUNT is a whole number' ./mmap/unrelated_writer -n "$n" "$T/f"
        t_refused 2 'COUNT is a whole number' ./mmap/unrelated_reader -n "$n" "$T/f"
    done
    for i in -1 nan inf 0x 1s ''; do
        t_refused 2 'SECONDS is a number' ./mmap/unrelated_writer -i "$i" "$T/f"
        t_refused 2 'SECONDS is a number' ./mmap/unrelated_reader -i "$i" "$T/f"
        t_refused 2 'SECONDS is a number' ./mmap/unrelated_reader -t "$i" "$T/f"
    done
    long=$(head -c 3072 /dev/zero | tr '\0' a)
    t_refused 2 'TEXT has 3072 bytes, and 3071 are the most' \
        ./mmap/unrelated_writer -m "$long" "$T/f"
    [ ! -e "$T/f" ] || t_fail "it made the file before it refused"
    for p in ./mmap/unrelated_writer ./mmap/unrelated_reader; do
        t_refused 2 'usage: ' "$p" a b
        t_refused 2 'usage: ' "$p" -x
        t_refused 1 'is not a regular file of your own' "$p" /dev/zero
        cp data/test.txt "$T/other"
        t_refused 1 'holds something else' "$p" "$T/other"
        cmp data/test.txt "$T/other"
    done
    # A page of others, also one that starts with zeros.
    head -c 4096 mmap/unrelated_reader.c >"$T/page"
    { head -c 1024 /dev/zero && head -c 3072 "$T/page"; } >"$T/zeros.first"
    for page in page zeros.first; do
        cp "$T/$page" "$T/old"
        t_refused 1 'holds something else' ./mmap/unrelated_writer "$T/$page"
        t_refused 1 'holds something else\|no text in time' \
            ./mmap/unrelated_reader -t 0.1 "$T/$page"
        cmp "$T/$page" "$T/old"
    done
    : >"$T/empty"
    t_refused 1 'no text in time' ./mmap/unrelated_reader -t 0.1 "$T/empty"
    head -c 4096 /dev/zero >"$T/zeros"
    t_refused 1 'no text in time' ./mmap/unrelated_reader -t 0.1 "$T/zeros"
    ln -s zeros "$T/link"
    t_refused 1 'link: .*ymbolic link' ./mmap/unrelated_reader -t 0.1 "$T/link"
    t_refused 1 'link: .*ymbolic link' ./mmap/unrelated_writer "$T/link"
    t_run ./mmap/unrelated_writer -n 1 "$T/zeros"
    [ "$status" = 0 ]
}

# The sequence comes round: 0 stays what it means.
unrelated_sequence_comes_round() {
    t_run ./mmap/unrelated_writer -n 1 "$T/f"
    printf '\376\377\377\377' | dd of="$T/f" bs=1 seek=4 conv=notrunc 2>/dev/null
    t_run ./mmap/unrelated_writer -n 1 -m round "$T/f"
    t_run ./mmap/unrelated_reader -n 1 -t 1 "$T/f"
    t_same out round
}

# A long text next to a writer that never rests.
unrelated_long_text() {
    long=$(printf %03071d 0)
    t_start w ./mmap/unrelated_writer -i 0 -m "$long" "$T/f"
    t_tells w 'writing to'
    n=0
    while [ $((n += 1)) -le 10 ]; do
        t_run ./mmap/unrelated_reader -n 1 -t 2 "$T/f"
        t_same out "$long"
    done
    kill "$(t_pid w)"
    t_ends w 0
}

unrelated_of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can give a file away"
    head -c 4096 /dev/zero >"$T/f"
    chown 65534 "$T/f"
    t_refused 1 'is not a regular file of your own' ./mmap/unrelated_writer "$T/f"
    t_refused 1 'is not a regular file of your own' ./mmap/unrelated_reader "$T/f"
}

# stdout_that_fails PROGRAM ARGUMENT...: it says so and ends with 1.
stdout_that_fails() {
    for to in '>/dev/full' '>&-'; do
        status=0
        eval '"$@"' "$to" 2>"$T/err" || status=$?
        [ "$status" = 1 ]
        t_says err "write to stdout\|stdout or stderr"
    done
}

each_stdout_that_fails() {
    printf 12345 >"$T/f"
    stdout_that_fails ./mmap/file_writer -m a "$T/f"
    stdout_that_fails ./mmap/file_reader "$T/f"
    t_run ./mmap/unrelated_writer -n 1 "$T/u"
    stdout_that_fails ./mmap/unrelated_reader -n 1 "$T/u"
    for p in file_writer file_reader parent_child unrelated_writer \
        unrelated_reader; do
        t_run "./mmap/$p" -h
        [ "$status" = 0 ]
        t_says out "^usage: $p"
        t_same err ""
        stdout_that_fails "./mmap/$p" -h
    done
}

t_it "file pair: prints what the text prints" file_pair_prints_as_the_text
t_it "file pair: any bytes, no byte more" file_pair_carries_any_bytes
t_it "file_writer: a TEXT as long as the file" file_writer_text_that_fits_exactly
t_it "file_writer: a TEXT too long changes nothing" file_writer_text_too_long
t_it "file_writer: an old text not printed is not lost" file_writer_loses_no_text
for p in file_writer file_reader parent_child; do
    t_it "$p: refuses what cannot be mapped" file_refusals ./mmap/$p
    t_it "$p: says what it may not open" file_without_permission $p
    t_it "$p: refuses another user's file" file_of_another_user $p
done
for p in file_writer parent_child; do
    t_it "$p: writes through no link" file_link_is_not_written_through $p
done
t_it "file pair: at once, old or new and no mixture" file_pair_at_once
t_it "file pair, parent_child: wait for the lock" file_pair_waits_for_the_lock
t_it "parent_child: prints what the text prints" parent_child_prints_as_the_text
t_it "parent_child: its TEXT, up to the file's size" parent_child_text
t_it "parent_child: reports a child that failed" parent_child_reports_its_child
t_it "parent_child: no child reads early" parent_child_child_does_not_read_early
t_it "parent_child: a killed child is reported" parent_child_child_killed
t_it "parent_child: a killed parent leaves no child" parent_child_parent_killed
t_it "parent_child: kill -9 at any instant" parent_child_kills
t_it "unrelated: the reader first" unrelated_reader_first
t_it "unrelated: the writer first" unrelated_writer_first
t_it "unrelated: both at once, two readers" unrelated_both_at_once
t_it "unrelated: the text stands at 1024 for anyone" unrelated_layout
t_it "unrelated: flat out, three readers, no torn text" unrelated_texts_are_whole
t_it "unrelated: a second writer is refused" unrelated_second_writer
t_it "unrelated: the reader stays when the writer dies" unrelated_writer_killed
t_it "unrelated: a death in an update is put right" unrelated_killed_in_an_update
t_it "unrelated: kill -9 at any instant" unrelated_kills
t_it "unrelated: a file removed and made anew is found" unrelated_file_made_anew
t_it "unrelated: Ctrl-C and SIGTERM end with 0" unrelated_ends_by_signal
t_it "unrelated: the sequence comes round" unrelated_sequence_comes_round
t_it "unrelated: a long text, flat out" unrelated_long_text
t_it "unrelated: refuses what makes no sense" unrelated_refusals
t_it "unrelated: refuses another user's file" unrelated_of_another_user
t_it "all: -h, and a stdout that fails" each_stdout_that_fails
t_questions mmap 14
t_finish
