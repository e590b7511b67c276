#!/bin/sh
# tests/deep/valgrind.sh - valgrind(1) finds nothing in any pair. Not part of `make
# test`: under valgrind a program takes a second to start.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/pairs.sh"

under() {
    under_io /dev/null "$T/$1.out" "$@"
}
under_io() {
    command -v valgrind >/dev/null || t_skip "valgrind is not installed"
    from=$1 to=$2 who=$3
    shift 3
    t_start_io "$from" "$to" "$who" \
        valgrind -q --error-exitcode=99 --leak-check=full "$@"
}
clean() {
    t_ends "$1" 0 30
    if grep '^==' "$T/$1.err"; then t_fail "valgrind finds something in $1"; fi
}

file_pair() {
    cp data/test.txt "$T/f"
    under w ./mmap/file_writer "$T/f"
    clean w
    under r ./mmap/file_reader "$T/f"
    clean r
    cmp "$T/f" "$T/r.out"
}
parent_child() {
    cp data/english.txt "$T/f"
    under p ./mmap/parent_child "$T/f"
    clean p
    t_same p.out '你是我儿子吗？'
}
text_pair() {
    under w "./mmap/$1_writer" -n 20 -i 0.1 -m text "$T/f"
    under r "./mmap/$1_reader" -n 3 -i 0.1 "$T/f"
    clean r
    clean w
    t_same r.out 'text
text
text'
}
posix_shm() {
    under w ./posix_shm/writer -s "$NAME" one two
    under r ./posix_shm/reader -s "$NAME"
    clean w
    clean r
    t_same r.out 'one
two'
}
# The ring twice, and a byte.
at_a_socket() {
    head -c $((2 * ring + 1)) /dev/urandom >"$T/in"
    under_io "$T/in" "$T/w.out" w "./posix_shm/$1_writer" -s "$NAME"
    under r "./posix_shm/$1_reader" -s "$NAME"
    clean w
    clean r
    cmp "$T/in" "$T/r.out"
}
# Three, and one that is killed.
counters() {
    mkdir "$T/c"
    counter_sources "$T/c"
    ${CC:-cc} -O1 -g "$T/c/counter.c" -o "$T/counter" -lrt
    export COUNTER="$NAME"
    under a "$T/counter" 1000000000000
    t_within 9 test -e "/dev/shm$NAME"
    under b "$T/counter" 300
    under d "$T/counter" 300
    clean b
    clean d
    kill -KILL "$(t_pid a)"
    t_ends a 137
    under e "$T/counter" 5
    clean e
    t_same e.out 'added 5, all rows 5, total 5'
    [ ! -e "/dev/shm$NAME" ]
}
sysv_shm() {
    under w ./sysv_shm/writer -k "$KEY"
    under r ./sysv_shm/reader -k "$KEY"
    clean w
    clean r
    t_same r.out 'student name: hello, age: 20'
}

sysv_parent_child() {
    under p ./sysv_shm/parent_child
    clean p
    t_same p.out '你是我儿子吗？'
}

t_it "file_writer and file_reader" file_pair
t_it "parent_child" parent_child
t_it "unrelated_writer and unrelated_reader" text_pair unrelated
t_it "seqlock_writer and seqlock_reader" text_pair seqlock
t_it "posix_shm/writer and reader" posix_shm
t_it "posix_shm/sealed_writer and sealed_reader" at_a_socket sealed
t_it "posix_shm/stream_writer and stream_reader" at_a_socket stream
t_it "posix_shm/counter" counters
t_it "sysv_shm/writer and reader" sysv_shm
t_it "sysv_shm/parent_child" sysv_parent_child
t_finish
