#!/bin/sh
# tests/mmap.sh - chapter 1: the file pair, parent and child, unrelated,
# questions
. "$(dirname "$0")/lib.sh"
: "${LOOKS:=30000}"

letters=yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyaaaaa
question='你是我儿子吗？'
hello='hello parent, i am your 朋友！！！'

# --- file_writer and file_reader --------------------------------------------

file_pair_prints_as_the_text() {
    cp data/test.txt "$T/f"
    run ./mmap/file_writer "$T/f"
    [ "$status" = 0 ]
    { printf 'buf = ' && cat data/test.txt && echo; } | cmp - "$T/out"
    says err '^file_writer\[[0-9]*\]: mapped '
    { printf %s "$letters" && tail -c +56 data/test.txt; } >"$T/new"
    cmp "$T/new" "$T/f"
    run ./mmap/file_reader "$T/f"
    [ "$status" = 0 ]
    cmp "$T/new" "$T/out"
}

file_pair_carries_any_bytes() {
    head -c 100000 /dev/urandom >"$T/f"
    cp "$T/f" "$T/old"
    run ./mmap/file_writer -m "$question" "$T/f"
    { printf 'buf = ' && cat "$T/old" && echo; } | cmp - "$T/out"
    { printf %s "$question" && tail -c +22 "$T/old"; } | cmp - "$T/f"
    run ./mmap/file_reader "$T/f"
    cmp "$T/f" "$T/out"
}

file_writer_text_that_fits_exactly() {
    printf 12345 >"$T/f"
    run ./mmap/file_writer -m abcde "$T/f"
    same out 'buf = 12345'
    [ "$(cat "$T/f")" = abcde ]
}

file_writer_text_too_long() {
    printf 12345 >"$T/f"
    refused 1 'TEXT has 6 bytes, .*/f only 5: a mapping cannot grow' \
        ./mmap/file_writer -m abcdef "$T/f"
    [ "$(cat "$T/f")" = 12345 ]
}

# file_refusals PROGRAM: what the three programs on a FILE say of bad ones.
file_refusals() {
    : >"$T/empty"
    refused 1 "empty is empty, and mmap(2) maps no 0 bytes" "$1" "$T/empty"
    refused 1 "missing: No such file or directory" "$1" "$T/missing"
    mkdir "$T/folder"
    refused 1 "folder.* a \(regular file\|directory\)" "$1" "$T/folder"
    mkfifo "$T/fifo"
    refused 1 "fifo is not a regular file" "$1" "$T/fifo"
    refused 1 "/dev/zero is not a regular file" "$1" /dev/zero
    refused 2 "usage: " "$1" a b
    refused 2 "usage: " "$1" -x
}

file_without_permission() {
    printf %0100d 0 >"$T/f"
    chmod 0 "$T/f"
    chmod 755 "$T" "$T/.."
    cp "./mmap/$1" "$T/program"
    # shellcheck disable=SC2086 # words
    refused 1 "f: Permission denied" $not_root "$T/program" "$T/f"
}

file_of_another_user() {
    [ "$(id -u)" = 0 ] || skip "only root can give a file away"
    printf %0100d 0 >"$T/f"
    chown 65534 "$T/f"
    refused 1 "belongs to user 65534, not to you" "./mmap/$1" "$T/f"
}

file_link_is_not_written_through() {
    printf %0100d 0 >"$T/f"
    ln -s f "$T/link"
    refused 1 "link.*: .*ymbolic link" "./mmap/$1" "$T/link"
    [ "$(cat "$T/f")" = "$(printf %0100d 0)" ]
}

file_writer_loses_no_text() {
    printf 12345 >"$T/f"
    status=0
    ./mmap/file_writer -m abc "$T/f" >/dev/full 2>"$T/err" || status=$?
    [ "$status" = 1 ]
    says err 'nothing was changed: No space left on device'
    ./mmap/file_writer -m abc "$T/f" >&- 2>"$T/err" && fail "stdout closed"
    says err 'stdout or stderr is closed'
    ./mmap/file_writer -m abc "$T/f" 2>&- && fail "stderr closed"
    [ "$(cat "$T/f")" = 12345 ]
}

file_pair_at_once() {
    { printf %s "$letters" && tail -c +56 data/test.txt; } >"$T/new"
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        cp data/test.txt "$T/f"
        start w ./mmap/file_writer "$T/f"
        start r ./mmap/file_reader "$T/f"
        start v ./mmap/file_writer "$T/f"
        ends w 0 && ends r 0 && ends v 0
        cmp "$T/r.out" data/test.txt || cmp "$T/r.out" "$T/new"
        cmp "$T/new" "$T/f"
    done
}

file_pair_waits_for_the_lock() {
    cp data/test.txt "$T/f"
    # An OFD lock as a mapped file's owner has it: unrelated_writer's.
    start owner ./mmap/unrelated_writer "$T/locked"
    tells owner 'writing to'
    start r ./mmap/file_reader "$T/locked"
    start w ./mmap/file_writer "$T/locked"
    start p ./mmap/parent_child "$T/locked"
    tells r 'waiting for the lock on'
    tells w 'waiting for the lock on'
    tells p 'waiting for the lock on'
    same r.out "" && same w.out "" && same p.out ""
    kill "$(pid owner)"
    ends owner 0
    ends r 0
    ends w 0
    ends p 0
    same p.out "$question"
}

# --- parent_child -----------------------------------------------------------

parent_child_prints_as_the_text() {
    cp data/english.txt "$T/f"
    n=0
    while [ $((n += 1)) -le $((RUNS * 10)) ]; do
        run ./mmap/parent_child "$T/f"
        [ "$status" = 0 ]
        same out "$question"
    done
    { printf %s "$question" && tail -c +22 data/english.txt; } | cmp - "$T/f"
}

parent_child_text() {
    printf 12345 >"$T/f"
    run ./mmap/parent_child -m abcde "$T/f"
    same out abcde
    refused 1 'TEXT has 6 bytes, .*/f only 5: a mapping cannot grow' \
        ./mmap/parent_child -m abcdef "$T/f"
    [ "$(cat "$T/f")" = abcde ]
}

parent_child_reports_its_child() {
    cp data/english.txt "$T/f"
    status=0
    ./mmap/parent_child "$T/f" >/dev/full 2>"$T/err" || status=$?
    [ "$status" = 1 ]
    says err 'child: write to stdout: No space' 'child [0-9]* failed'
}

child_of() {
    cat "/proc/$1/task/$1/children" 2>/dev/null || :
}

has_child() {
    [ -n "$(child_of "$(pid p)")" ]
}

# The parent tells its story after fork(2) and before it writes: held there,
# it has a child that waits for the bell.
parent_child_child_killed() {
    cp data/english.txt "$T/f"
    hold
    start_held p ./mmap/parent_child "$T/f"
    stands p
    within 2 has_child || skip "/proc/PID/task/PID/children does not tell"
    child=$(child_of "$(pid p)")
    kill -KILL "${child% }"
    release p.err
    ends p 1
    tells p 'child [0-9]* was killed: Killed'
    same p.out ""
    run ./mmap/parent_child "$T/f"
    same out "$question"
}

parent_child_parent_killed() {
    cp data/english.txt "$T/f"
    hold
    start_held p ./mmap/parent_child "$T/f"
    stands p
    within 2 has_child || skip "/proc/PID/task/PID/children does not tell"
    child=$(child_of "$(pid p)")
    kill -KILL "$(pid p)"
    release p.err
    within 2 ended "${child% }" || fail "the child stays behind"
    tells p 'child: the parent died before it had written'
    same p.out ""
    cmp "$T/f" data/english.txt
    run ./mmap/parent_child "$T/f"
    same out "$question"
}

parent_child_child_does_not_read_early() {
    cp data/english.txt "$T/f"
    hold
    start_held p ./mmap/parent_child "$T/f"
    stands p
    sleep 0.2 # time enough for a child that does not wait
    same p.out ""
    release p.err
    ends p 0
    same p.out "$question"
}

parent_child_kills() {
    # LeakSanitizer looks on from a child of its own: that one is no victim.
    export ASAN_OPTIONS=detect_leaks=0
    cp data/english.txt "$T/f"
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        start p ./mmap/parent_child "$T/f"
        pause 4
        parent=$(pid p)
        child=$(child_of "$parent")
        victim=$parent
        if [ "$(random 2)" = 0 ]; then victim=${child:-$parent}; fi
        # shellcheck disable=SC2086 # a number and a blank
        kill -KILL $victim 2>/dev/null || :
        within 2 ended "$parent" || fail "the parent does not end"
        reap p
        case $status in
        0) same p.out "$question" ;;                   # it was too late
        1) says p.err 'was killed: Killed' ;;          # the child
        137) [ ! -s "$T/p.out" ] || same p.out "$question" ;; # the parent
        *) fail "status $status" ;;
        esac
        if [ -n "$child" ]; then
            within 2 ended "${child% }" || fail "the child stays behind"
        fi
        run ./mmap/parent_child "$T/f"
        [ "$status" = 0 ]
        same out "$question"
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
        start r ./mmap/unrelated_reader -i 0.01 -n 3 -t 9 "$T/f"
        tells r 'waiting for a writer'
        start w ./mmap/unrelated_writer -i 0.01 "$T/f"
        ends r 0
        kill "$(pid w)"
        ends w 0
        same r.out "$(lines 3)"
    done
}

unrelated_writer_first() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        rm -f "$T/f"
        start w ./mmap/unrelated_writer -i 0.01 "$T/f"
        tells w 'writing to'
        run ./mmap/unrelated_reader -i 0.01 -n 3 -t 9 "$T/f"
        [ "$status" = 0 ]
        kill -INT "$(pid w)"
        ends w 0
        same out "$(lines 3)"
    done
}

unrelated_both_at_once() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        rm -f "$T/f"
        start r ./mmap/unrelated_reader -i 0.01 -n 3 -t 9 "$T/f"
        start w ./mmap/unrelated_writer -i 0.01 "$T/f"
        start s ./mmap/unrelated_reader -i 0.01 -n 2 -t 9 "$T/f"
        ends r 0
        ends s 0
        kill "$(pid w)"
        ends w 0
        same r.out "$(lines 3)"
        same s.out "$(lines 2)"
    done
}

# What any program sees that maps the file and prints the string at 1024, the
# tutorial's own mmap_r_ipc.c among them.
unrelated_layout() {
    run ./mmap/unrelated_writer -n 1 "$T/f"
    [ "$status" = 0 ]
    [ "$(stat -c '%s %a' "$T/f")" = '4096 600' ]
    tail -c +1025 "$T/f" | tr '\0' '\n' | sed 1q >"$T/out"
    same out "$hello"
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
    run "$T/plain" "$T/f"
    same out "$hello"
}

unrelated_texts_are_whole() {
    long=$(head -c 3000 /dev/zero | tr '\0' a)
    start w ./mmap/unrelated_writer -i 0 -m "$long" -m b -m "$hello" "$T/f"
    for r in 1 2 3; do
        start "r$r" ./mmap/unrelated_reader -i 0 -n $((LOOKS / 3)) -t 9 "$T/f"
    done
    printf '%s\n' "$long" b "$hello" | sort >"$T/texts"
    for r in 1 2 3; do
        ends "r$r" 0 120
        [ "$(wc -l <"$T/r$r.out")" = $((LOOKS / 3)) ]
        sort -u "$T/r$r.out" >"$T/seen"
        [ -z "$(comm -23 "$T/seen" "$T/texts")" ] || fail "a torn text"
    done
    kill "$(pid w)"
    ends w 0
}

unrelated_second_writer() {
    start w ./mmap/unrelated_writer -i 0.01 "$T/f"
    tells w 'writing to'
    refused 1 'another writer is at work on' ./mmap/unrelated_writer -m x "$T/f"
    run ./mmap/unrelated_reader -n 1 "$T/f"
    same out "$hello"
    kill "$(pid w)"
    ends w 0
    run ./mmap/unrelated_writer -n 1 -m x "$T/f"
    [ "$status" = 0 ]
}

unrelated_writer_killed() {
    start w ./mmap/unrelated_writer -i 0.01 "$T/f"
    start r ./mmap/unrelated_reader -i 0.01 "$T/f"
    tells r 'a writer is at work'
    kill -KILL "$(pid w)"
    tells r 'the writer is gone, its last text stays'
    start w ./mmap/unrelated_writer -i 0.01 -m next "$T/f"
    within 2 grep -qx next "$T/r.out" || fail "the next text does not come"
    kill "$(pid r)" "$(pid w)"
    ends r 0
    ends w 0
    [ "$(sort -u "$T/r.out")" = "$(printf '%s\nnext' "$hello" | sort)" ]
}

# killed_in_the_middle: what a writer leaves that dies in an update: the
# sequence, the second word of the file, is odd, and the text is half a text.
killed_in_the_middle() {
    printf '\001' | dd of="$T/f" bs=1 seek=4 conv=notrunc 2>/dev/null
    printf 'half' | dd of="$T/f" bs=1 seek=1024 conv=notrunc 2>/dev/null
}

unrelated_killed_in_an_update() {
    run ./mmap/unrelated_writer -n 1 "$T/f"
    start r ./mmap/unrelated_reader -i 0.01 "$T/f"
    tells r 'the writer is gone, its last text stays'
    within 2 test -s "$T/r.out"
    killed_in_the_middle
    refused 1 'no text in time' ./mmap/unrelated_reader -t 0.2 "$T/f"
    run ./mmap/unrelated_writer -n 1 -m next "$T/f"
    [ "$status" = 0 ]
    within 2 grep -qx next "$T/r.out" || fail "the next text does not come"
    kill "$(pid r)"
    ends r 0
    if grep half "$T/r.out"; then fail "half a text"; fi
    # The lock word is right again: even.
    [ $(($(od -An -tu1 -j4 -N1 "$T/f") % 2)) = 0 ]
}

unrelated_kills() {
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        start w ./mmap/unrelated_writer -i 0 -m aaaaaaaaaaaaaaaa -m b "$T/f"
        start r ./mmap/unrelated_reader -i 0.005 -t 9 "$T/f"
        pause 30
        if [ "$(random 2)" = 0 ]; then
            kill -KILL "$(pid w)"
            within 2 ended "$(pid w)" # and with it the lock
            # It stays, says so, and serves the next that comes.
            tells r 'waiting for a writer\|the writer is gone'
            start w ./mmap/unrelated_writer -i 0.01 -m next "$T/f"
            within 2 grep -qx next "$T/r.out" || fail "no text after a kill"
            kill "$(pid r)"
            ends r 0
            kill "$(pid w)"
            ends w 0
        else
            kill -KILL "$(pid r)"
            tells w 'writing to' # from then on it asks for signals
            kill "$(pid w)"
            ends w 0
        fi
        if grep -vx "aaaaaaaaaaaaaaaa\|b\|next\|$hello" "$T/r.out"; then
            fail "a torn text"
        fi
        start w ./mmap/unrelated_writer -i 0.01 "$T/f"
        tells w 'writing to'
        run ./mmap/unrelated_reader -i 0.03 -n 3 -t 9 "$T/f"
        [ "$status" = 0 ]
        [ "$(tail -n 1 "$T/out")" = "$hello" ]
        kill "$(pid w)"
        ends w 0
    done
}

unrelated_file_made_anew() {
    start w ./mmap/unrelated_writer -i 0.01 -m old "$T/f"
    start r ./mmap/unrelated_reader -i 0.01 "$T/f"
    tells r 'a writer is at work'
    rm "$T/f"
    start v ./mmap/unrelated_writer -i 0.01 -m new "$T/f"
    tells v 'writing to'
    kill "$(pid w)"
    ends w 0
    within 2 grep -qx new "$T/r.out" || fail "the reader stays with the old file"
    kill "$(pid r)" "$(pid v)"
    ends r 0
    ends v 0
}

unrelated_ends_by_signal() {
    for signal in INT TERM; do
        start w ./mmap/unrelated_writer -i 100 "$T/f"
        tells w 'writing to'
        start r ./mmap/unrelated_reader -i 100 "$T/f"
        tells r 'a writer is at work'
        kill "-$signal" "$(pid r)" "$(pid w)"
        ends r 0
        ends w 0
        start r ./mmap/unrelated_reader "$T/none"
        tells r 'waiting for a writer'
        kill "-$signal" "$(pid r)"
        ends r 0
        # A reader that stands in write(2) ends too.
        hold
        start_held_out r ./mmap/unrelated_reader -i 0 "$T/f"
        stands r
        kill "-$signal" "$(pid r)"
        ends r 0
    done
}

unrelated_refusals() {
    for n in 0 -1 0x 1.5 99999999999999999999 ''; do
        refused 2 'COUNT is a whole number' ./mmap/unrelated_writer -n "$n" "$T/f"
        refused 2 'COUNT is a whole number' ./mmap/unrelated_reader -n "$n" "$T/f"
    done
    for i in -1 nan inf 0x 1s ''; do
        refused 2 'SECONDS is a number' ./mmap/unrelated_writer -i "$i" "$T/f"
        refused 2 'SECONDS is a number' ./mmap/unrelated_reader -i "$i" "$T/f"
        refused 2 'SECONDS is a number' ./mmap/unrelated_reader -t "$i" "$T/f"
    done
    long=$(head -c 3072 /dev/zero | tr '\0' a)
    refused 2 'TEXT has 3072 bytes, and 3071 are the most' \
        ./mmap/unrelated_writer -m "$long" "$T/f"
    [ ! -e "$T/f" ] || fail "it made the file before it refused"
    for p in ./mmap/unrelated_writer ./mmap/unrelated_reader; do
        refused 2 'usage: ' "$p" a b
        refused 2 'usage: ' "$p" -x
        refused 1 'is not a regular file of your own' "$p" /dev/zero
        cp data/test.txt "$T/other"
        refused 1 'holds something else' "$p" "$T/other"
        cmp data/test.txt "$T/other"
    done
    # A page of others, also one that starts with zeros.
    head -c 4096 mmap/unrelated_reader.c >"$T/page"
    { head -c 1024 /dev/zero && head -c 3072 "$T/page"; } >"$T/zeros.first"
    for page in page zeros.first; do
        cp "$T/$page" "$T/old"
        refused 1 'holds something else' ./mmap/unrelated_writer "$T/$page"
        refused 1 'holds something else\|no text in time' \
            ./mmap/unrelated_reader -t 0.1 "$T/$page"
        cmp "$T/$page" "$T/old"
    done
    : >"$T/empty"
    refused 1 'no text in time' ./mmap/unrelated_reader -t 0.1 "$T/empty"
    head -c 4096 /dev/zero >"$T/zeros"
    refused 1 'no text in time' ./mmap/unrelated_reader -t 0.1 "$T/zeros"
    ln -s zeros "$T/link"
    refused 1 'link: .*ymbolic link' ./mmap/unrelated_reader -t 0.1 "$T/link"
    refused 1 'link: .*ymbolic link' ./mmap/unrelated_writer "$T/link"
    run ./mmap/unrelated_writer -n 1 "$T/zeros"
    [ "$status" = 0 ]
}

# The sequence comes round: 0 stays what it means.
unrelated_sequence_comes_round() {
    run ./mmap/unrelated_writer -n 1 "$T/f"
    printf '\376\377\377\377' | dd of="$T/f" bs=1 seek=4 conv=notrunc 2>/dev/null
    run ./mmap/unrelated_writer -n 1 -m round "$T/f"
    run ./mmap/unrelated_reader -n 1 -t 1 "$T/f"
    same out round
}

# A long text next to a writer that never rests.
unrelated_long_text() {
    long=$(printf %03071d 0)
    start w ./mmap/unrelated_writer -i 0 -m "$long" "$T/f"
    tells w 'writing to'
    n=0
    while [ $((n += 1)) -le 10 ]; do
        run ./mmap/unrelated_reader -n 1 -t 2 "$T/f"
        same out "$long"
    done
    kill "$(pid w)"
    ends w 0
}

unrelated_of_another_user() {
    [ "$(id -u)" = 0 ] || skip "only root can give a file away"
    head -c 4096 /dev/zero >"$T/f"
    chown 65534 "$T/f"
    refused 1 'is not a regular file of your own' ./mmap/unrelated_writer "$T/f"
    refused 1 'is not a regular file of your own' ./mmap/unrelated_reader "$T/f"
}

# stdout_that_fails PROGRAM ARGUMENT...: it says so and ends with 1.
stdout_that_fails() {
    for to in '>/dev/full' '>&-'; do
        status=0
        eval '"$@"' "$to" 2>"$T/err" || status=$?
        [ "$status" = 1 ]
        says err "write to stdout\|stdout or stderr"
    done
}

each_stdout_that_fails() {
    printf 12345 >"$T/f"
    stdout_that_fails ./mmap/file_writer -m a "$T/f"
    stdout_that_fails ./mmap/file_reader "$T/f"
    run ./mmap/unrelated_writer -n 1 "$T/u"
    stdout_that_fails ./mmap/unrelated_reader -n 1 "$T/u"
    for p in file_writer file_reader parent_child unrelated_writer \
        unrelated_reader; do
        run "./mmap/$p" -h
        [ "$status" = 0 ]
        says out "^usage: $p"
        same err ""
        stdout_that_fails "./mmap/$p" -h
    done
}

it "file pair: prints what the text prints" file_pair_prints_as_the_text
it "file pair: any bytes, no byte more" file_pair_carries_any_bytes
it "file_writer: a TEXT as long as the file" file_writer_text_that_fits_exactly
it "file_writer: a TEXT too long changes nothing" file_writer_text_too_long
it "file_writer: an old text not printed is not lost" file_writer_loses_no_text
for p in file_writer file_reader parent_child; do
    it "$p: refuses what cannot be mapped" file_refusals ./mmap/$p
    it "$p: says what it may not open" file_without_permission $p
    it "$p: refuses another user's file" file_of_another_user $p
done
for p in file_writer parent_child; do
    it "$p: writes through no link" file_link_is_not_written_through $p
done
it "file pair: at once, old or new and no mixture" file_pair_at_once
it "file pair, parent_child: wait for the lock" file_pair_waits_for_the_lock
it "parent_child: prints what the text prints" parent_child_prints_as_the_text
it "parent_child: its TEXT, up to the file's size" parent_child_text
it "parent_child: reports a child that failed" parent_child_reports_its_child
it "parent_child: no child reads early" parent_child_child_does_not_read_early
it "parent_child: a killed child is reported" parent_child_child_killed
it "parent_child: a killed parent leaves no child" parent_child_parent_killed
it "parent_child: kill -9 at any instant" parent_child_kills
it "unrelated: the reader first" unrelated_reader_first
it "unrelated: the writer first" unrelated_writer_first
it "unrelated: both at once, two readers" unrelated_both_at_once
it "unrelated: the text stands at 1024 for anyone" unrelated_layout
it "unrelated: flat out, three readers, no torn text" unrelated_texts_are_whole
it "unrelated: a second writer is refused" unrelated_second_writer
it "unrelated: the reader stays when the writer dies" unrelated_writer_killed
it "unrelated: a death in an update is put right" unrelated_killed_in_an_update
it "unrelated: kill -9 at any instant" unrelated_kills
it "unrelated: a file removed and made anew is found" unrelated_file_made_anew
it "unrelated: Ctrl-C and SIGTERM end with 0" unrelated_ends_by_signal
it "unrelated: the sequence comes round" unrelated_sequence_comes_round
it "unrelated: a long text, flat out" unrelated_long_text
it "unrelated: refuses what makes no sense" unrelated_refusals
it "unrelated: refuses another user's file" unrelated_of_another_user
it "all: -h, and a stdout that fails" each_stdout_that_fails
questions mmap 14
finish
