#!/bin/sh
# tests/run.sh [SUITE...] - run the suites, or those named (mmap, or a file),
# and see that they leave nothing behind: no object in /dev/shm, no System V
# segment or set, no change that git sees, no process.
#
# RUNS (5) and KILLS (10) say how often the repeated tests repeat; ONLY=N runs
# test N alone.

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
export TEST_TAG=$$
export TEST_SH="${TEST_SH:-sh}"
export LC_ALL=C.UTF-8
# A suite that calls make is not a part of the make that called us.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CFLAGS CPPFLAGS LDFLAGS LDLIBS

here=$(mktemp -d "${TMPDIR:-/tmp}/test-run.XXXXXX") || exit 1
suites=
trap 'rm -rf "$here"' EXIT
trap 'interrupted' HUP INT TERM
user=$(id -u)

# What is there of ours, on a line each. Others may run tests on this machine
# at the same time, also as the same user: the names and keys of their tests
# bear another tag than ours, and are left out.
objects() {
    find /dev/shm -maxdepth 1 -user "$user" |
        grep -v '/shm_test\.' | sort
    find /dev/shm -maxdepth 1 -name "shm_test.$TEST_TAG.*"
}
ours=$((0x40000000 + TEST_TAG % 262144 * 1024)) # lib.sh has the same
ipc() {
    ipcs -m -s | awk -v u="$user" -v n="$(id -un)" \
        '/^-/ { what = $2 } /^0x/ && ($3 == u || $3 == n) { print what, $2, $1 }' |
        while read -r what id key; do
            case $key in
            0x4???????) [ $((key - key % 1024)) = "$ours" ] || continue ;;
            esac
            echo "$what $id, key $key"
        done
}
tree() {
    if [ -e .git ]; then git status --porcelain; fi
}
# A process of a test has our tag in its environment, whoever its parent is.
processes() {
    for e in /proc/[0-9]*/environ; do
        if tr '\0' '\n' 2>/dev/null <"$e" | grep -qx "TEST_TAG=$TEST_TAG"; then
            p=${e%/environ}
            echo "process ${p#/proc/}: $(tr '\0' ' ' 2>/dev/null <"$p/cmdline")"
        fi
    done
}

# A signal ends the suites, and they the test that they are in. What that was
# about to remove bears our tag. Another signal: do not wait for them.
interrupted() {
    trap 'exit 1' HUP INT TERM
    # shellcheck disable=SC2086 # a list
    kill $suites 2>/dev/null
    wait
    rm -f /dev/shm/shm_test."$TEST_TAG".*
    ipc | sed -n 's/:* \([0-9]*\), key 0x4.*/ \1/p' | while read -r what id; do
        case $what in
        Shared) ipcrm -m "$id" ;;
        Semaphore) ipcrm -s "$id" ;;
        esac
    done
    exit 1
}

# new WHAT: what is there now and was not before. What another run made just now
# goes away again, though it may make more: what stays is there at each look, for
# some seconds.
new() {
    tries=0
    while :; do
        "$1" >"$here/now"
        sort "$here/$1" "$here/$1" "$here/now" | uniq -u >"$here/now.new"
        if [ "$tries" = 0 ]; then
            cp "$here/now.new" "$here/new"
        else # what is there all the time
            sort "$here/new" "$here/now.new" | uniq -d >"$here/stays"
            cp "$here/stays" "$here/new"
        fi
        [ -s "$here/new" ] || return 1
        tries=$((tries + 1))
        [ "$tries" -lt "${LEFT_TRIES:-50}" ] || return 0
        sleep 0.1
    done
}

# The long ones first: then none of them runs alone at the end.
[ $# -gt 0 ] ||
    set -- house tutorial labs lab_texts stream sysv_shm hostile faults mmap posix_shm
for what in objects ipc tree; do "$what" >"$here/$what"; done
: >"$here/processes"
passed=0 failed=0 skipped=0

# Suites run side by side, TEST_JOBS (3) at a time, for they wait more than they
# work: where one ends the next one starts. What they say comes in their order.
# Descriptor 8 is a pipe, in which each that has ended leaves its number.
mkfifo "$here/ended" || exit 1
exec 8<>"$here/ended"
start_suite() {
    started=$((started + 1)) running=$((running + 1))
    case $1 in
    */*) file=$1 ;;
    *) file=tests/$1.sh ;;
    esac
    echo "$1" >"$here/name.$started"
    (
        killed='' its=''
        trap 'killed=1; kill $its 2>/dev/null' TERM
        # shellcheck disable=SC2086 # busybox sh
        TEST_SUITE=$started $TEST_SH "$file" >"$here/log.$started" 2>&1 8>&- &
        its=$!
        [ -z "$killed" ] || kill $its
        wait $its
        [ -z "$killed" ] || wait $its # the signal has ended the first one
        echo "$started" >&8
    ) &
    suites="$suites $!"
}
# end_suite: wait for one, whichever; print what those said whose turn it is.
end_suite() {
    read -r number <&8 || exit 1
    running=$((running - 1))
    : >"$here/ended.$number"
    while [ -e "$here/ended.$((shown + 1))" ]; do
        shown=$((shown + 1))
        show_suite $shown
    done
}
# show_suite NUMBER: print what it said, and add up.
show_suite() {
    cat "$here/log.$1"
    counts=$(tail -n 1 "$here/log.$1" |
        sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed\(, \([0-9]*\) skipped\)*$/\1 \2 \4/p')
    if [ -z "$counts" ]; then
        echo "not ok - $(cat "$here/name.$1"): did not run to its end"
        failed=$((failed + 1))
        return
    fi
    # shellcheck disable=SC2086 # three words
    set -- $counts
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + ${3:-0}))
}
started=0 running=0 shown=0
for suite; do
    start_suite "$suite"
    [ "$running" -lt "${TEST_JOBS:-3}" ] || end_suite
done
while [ "$running" -gt 0 ]; do
    end_suite
done
suites=

for what in objects ipc tree processes; do
    case $what in
    objects) said='nothing is left in /dev/shm' ;;
    ipc) said='nothing is left in ipcs -m -s' ;;
    tree) said='nothing that git sees has changed' ;;
    processes) said='no process is left' ;;
    esac
    if [ "$what" = tree ] && [ ! -e .git ]; then
        echo "ok - $said # SKIP not a git checkout"
        skipped=$((skipped + 1))
    elif new "$what"; then
        echo "not ok - $said"
        sed 's/^/# /' "$here/new"
        failed=$((failed + 1))
    else
        echo "ok - $said"
        passed=$((passed + 1))
    fi
done

if [ "$skipped" = 0 ]; then
    echo "$passed passed, $failed failed"
else
    echo "$passed passed, $failed failed, $skipped skipped"
fi
[ "$failed" = 0 ]
