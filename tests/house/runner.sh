#!/bin/sh
# tests/house/runner.sh - run.sh and lib.sh: what they see, and that they clean up
. "$(dirname "$0")/../lib/lib.sh"

# In $T/tree is a checkout with nothing but suites that we make.
tree() {
    mkdir -p "$T/tmp" "$T/tree/tests/lib" "$T/tree/tests/own" "$T/tree/data"
    (cd "$T/tree" && mkdir mmap posix_shm sysv_shm && : >Makefile && : >README.md)
    cp tests/run.sh "$T/tree/tests"
    cp tests/lib/lib.sh "$T/tree/tests/lib"
}
# suite NAME TEXT...: a suite with one test, in which each TEXT is a line.
suite() {
    [ -d "$T/tree" ] || tree
    file=$T/tree/tests/own/$1.sh
    shift
    # shellcheck disable=SC2016 # for the suite to expand
    printf '%s\n' '. "$(dirname "$0")/../lib/lib.sh"' 'the_test() {' "$@" '}' \
        't_it "ends" the_test' t_finish >"$file"
}
# runner [NAME=VALUE]...: all of them. $status, $T/out, $T/err.
runner() {
    # shellcheck disable=SC2086 # busybox sh
    t_run env -u ONLY T_PATIENCE=1 TMPDIR="$T/tmp" "$@" $TEST_SH "$T/tree/tests/run.sh" own
    find "$T/tmp" -mindepth 1 >"$T/left"
    t_same left ""
}
# Each of these twice: in namespaces, and where there are none.
with_and_without() {
    "$@"
    rm -rf "$T/tree" "$T/tmp"
    # A second process of ours is then our neighbour.
    T_NAMESPACES=no
    export T_NAMESPACES
    "$@"
}

passes() {
    suite one : && suite two 't_skip "it is too late"' && suite three 't_skip "a moon"'
    runner
    [ "$status" = 0 ]
    tail -n 3 "$T/out" >"$T/last"
    t_same last 'skipped: three: ends: a moon
skipped: two: ends: it is too late
5 passed, 0 failed, 2 skipped'
}
sees_failures() {
    suite bad 'echo why; false; true'
    suite late 't_start w sleep 99; t_ends w 0 0'
    printf 'exit 0\n' >"$T/tree/tests/own/short.sh"
    runner
    [ "$status" = 1 ]
    t_says out '^not ok 1 - bad: ends$' '^# why$' '^not ok 1 - late: ends$' \
        '^# w does not end$' '^not ok - tests/own/short.sh did not run to its end'
    tail -n 6 "$T/out" >"$T/last"
    t_same last 'not ok 1 - bad: ends
not ok 1 - late: ends
not ok - tests/own/short.sh did not run to its end
skipped: bad: nothing is left behind: a test has failed
skipped: late: nothing is left behind: a test has failed
1 passed, 3 failed, 2 skipped'
    # shellcheck disable=SC2086 # busybox sh
    t_refused 2 'no suite or folder nonsense' $TEST_SH "$T/tree/tests/run.sh" nonsense
}

sees_what_is_left() {
    # Without namespaces a test cannot but use its own name and key.
    # shellcheck disable=SC2016 # for the suite to expand
    for what in ': >"/dev/shm$NAME"' './make -m "$KEY"' './make -s "$KEY"' \
        'sh -c "sleep 99 >/dev/null 2>&1 &"'; do
        suite one "$what"
        cp "$t_tmp/make" "$T/tree"
        runner
        [ "$status" = 1 ] || t_fail "$what: not seen"
        t_says out '^not ok 2 - one: nothing is left behind' \
            '^# /dev/shm/shm_test\.\|^# \(Shared\|Semaphore\) .* 0x4\|^# process .*sleep 99'
        # It is told, and in namespaces it is gone. Elsewhere we remove it.
        rm -f /dev/shm/shm_test.*.one.1
        sed -n 's/^# process \([0-9]*\): sleep 99.*/\1/p' "$T/out" >"$T/pids"
        [ -z "${T_NAMESPACES:-}" ] || [ ! -s "$T/pids" ] || kill "$(cat "$T/pids")"
        ipcs -m | awk '/^0x4/ { print $2 }' | while read -r id; do ipcrm -m "$id"; done
        ipcs -s | awk '/^0x4/ { print $2 }' | while read -r id; do ipcrm -s "$id"; done
    done
}
# A neighbour of the same user runs a lesson, and tests of its own.
sees_no_neighbour() {
    suite one "[ ! -e '$T/tree/go' ] || false" ": >'$T/tree/go'" \
        "t_within 9 [ -e '$T/tree/gone' ]"
    rm -f "$T/tree/go" "$T/tree/gone"
    # shellcheck disable=SC2016 # for the shell in there
    t_start neighbour sh -c 'until [ -e "$1/go" ]; do sleep 0.01; done
        : >/dev/shm/shm_tutorial.test; : >/dev/shm/shm_test.7.one.1
        ipcmk -M 9 >"$1/id"; touch "$1/gone"; exec sleep 99' sh "$T/tree"
    runner
    [ "$status" = 0 ] || t_fail "$(cat "$T/out")"
    kill "$(t_pid neighbour)"
    t_reap neighbour
    rm /dev/shm/shm_tutorial.test /dev/shm/shm_test.7.one.1
    ipcrm -m "$(sed 's/.*: //' "$T/tree/id")"
}
sees_a_change() {
    for what in 'echo >>Makefile' ': >mmap/new.c' 'rm README.md'; do
        rm -rf "$T/tree"
        suite one "$what"
        runner
        [ "$status" = 1 ]
        t_says out '^not ok - the checkout is as it was' '^# [<>]'
    done
}

# Of two turns the first suite keeps one until the third suite has run in the
# other.
takes_turns() {
    suite one "t_within 5 [ -e '$T/three' ]"
    suite two "t_within 5 [ -e '$T/three' ]"
    suite aaa ": >'$T/three'"
    runner TEST_JOBS=2
    grep -o '^ok.*: ends$' "$T/out" >"$T/order"
    t_same order 'ok 1 - aaa: ends
ok 1 - one: ends
ok 1 - two: ends'
    [ "$status" = 0 ]
}

# At any instant, with all that a test can have under way: a program, an object,
# a segment, a folder.
ended_by_a_signal() {
    # shellcheck disable=SC2016 # for the suite to expand
    suite one ': >"/dev/shm$NAME"' './make -m "$KEY"' 't_start w sleep 99' \
        ": >'$T/now'" 't_within 9 false'
    suite two 't_start w sleep 99' 't_within 9 false'
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        for signal in TERM INT HUP; do
            rm -f "$T/now"
            cp "$t_tmp/make" "$T/tree"
            # A shell ignores SIGINT in what it starts in the background.
            # shellcheck disable=SC2086 # busybox sh
            t_start runner env -u ONLY --default-signal=INT TMPDIR="$T/tmp" \
                $TEST_SH "$T/tree/tests/run.sh" own
            if [ $((n % 2)) = 0 ]; then t_pause 400; else t_within 8 [ -e "$T/now" ]; fi
            kill -"$signal" "$(t_pid runner)"
            t_within 5 t_ended "$(t_pid runner)" || t_fail "$(ps -ef --forest)"
            t_reap runner
            case $status in
            1 | 129 | 130 | 143) ;; # 128 and more: it had not begun
            *) t_fail "status $status" ;;
            esac
            {
                find "$T/tmp" /dev/shm -path "$T/tmp/*" -o -name 'shm_test.*.one.1'
                ipcs -m | grep '^0x4' || :
                # The shell's grep has it, too.
                grep -lsz "^TMPDIR=$T/tmp$" /proc/[0-9]*/environ || :
            } >"$T/out"
            t_same out ""
        done
    done
}
suite_ended_by_a_signal() {
    # shellcheck disable=SC2016 # for the suite to expand
    suite one ': >"/dev/shm$NAME"' 't_start w sleep 99' 't_within 9 false'
    n=0
    while [ $((n += 1)) -le $((RUNS * 4)) ]; do
        # shellcheck disable=SC2086 # busybox sh
        t_start suite env -u ONLY TMPDIR="$T/tmp" $TEST_SH "$T/tree/tests/own/one.sh"
        t_pause 100
        kill "$(t_pid suite)"
        t_within 5 t_ended "$(t_pid suite)" || t_fail "it does not end"
        t_reap suite
        case $status in
        1 | 143) ;; # 143: it had not begun
        *) t_fail "status $status" ;;
        esac
        find "$T/tmp" /dev/shm -path "$T/tmp/*" -o -name 'shm_test.*.one.1' >"$T/out"
        t_same out ""
    done
}

disk_is_full() {
    suite one :
    unshare --user --map-root-user --mount true 2>/dev/null || t_skip "no user namespaces"
    # shellcheck disable=SC2086 # busybox sh
    for command in "$T/tree/tests/own/one.sh" "$T/tree/tests/run.sh own"; do
        # shellcheck disable=SC2016 # for the shell in there
        t_run env -u ONLY TMPDIR="$T/tmp" unshare --user --map-root-user --mount sh -c '
            mount -t tmpfs -o size=64k tmpfs "$TMPDIR" && "$@"
            status=$?
            find "$TMPDIR" -mindepth 1
            exit $status' sh $TEST_SH $command
        [ "$status" = 1 ]
        t_says err 'No space left on device'
        t_says out 'no room for the tests, see TMPDIR'
        [ "$(wc -l <"$T/out")" = 1 ] || t_fail "$(cat "$T/out")"
    done
}

prove_runs_them() {
    command -v prove >/dev/null || t_skip "prove is not installed"
    suite one : && suite two 't_skip "no moon"'
    t_run env -u ONLY TMPDIR="$T/tmp" prove -e sh "$T"/tree/tests/own/*.sh
    [ "$status" = 0 ]
    t_says out '^Files=2, Tests=4,' '^Result: PASS'
    suite two false
    t_run env -u ONLY TMPDIR="$T/tmp" prove -e sh "$T"/tree/tests/own/*.sh
    [ "$status" = 1 ]
    t_says out '^Result: FAIL'
}

# A process that is gone, and another one that has its number.
takes_no_other_for_its_own() {
    sleep 99 &
    other=$!
    t_all=" $other:1 " # one that was started when the machine was
    t_ended "$other" || t_fail "takes process $other for one of its own"
    (t_stop_all 0)
    t_all=
    if t_ended "$other"; then t_fail "kills what is not its own"; fi
    kill "$other"
}

# What leaves a segment or a set of this key.
${CC:-cc} -x c -o "$t_tmp/make" - <<'C' || exit 1
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
int main(int argc, char **argv)
{
    key_t key = argc == 3 ? (key_t)strtol(argv[2], NULL, 0) : 0;
    if (argv[1][1] == 'm')
        return shmget(key, 1, IPC_CREAT | 0600) == -1;
    return semget(key, 1, IPC_CREAT | 0600) == -1;
}
C
t_it "adds up, names what was skipped" passes
t_it "sees tests that fail, and suites that do not end" sees_failures
t_it "sees what is left: object, segment, set, process" \
    with_and_without sees_what_is_left
t_it "does not see what a neighbour has" with_and_without sees_no_neighbour
t_it "sees a changed checkout" sees_a_change
t_it "a suite starts where another one ends" takes_turns
t_it "ended by a signal, leaves nothing" with_and_without ended_by_a_signal
t_it "a suite ended by a signal leaves nothing" with_and_without suite_ended_by_a_signal
t_it "says that the disk is full" disk_is_full
t_it "prove(1) runs the suites" prove_runs_them
t_it "kills no process but its own" takes_no_other_for_its_own
t_finish
