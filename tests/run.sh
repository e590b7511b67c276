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
# shellcheck disable=SC2046,SC2154 # a list
trap 'kill $(echo "$suites " | sed "s/[^ ]*://g") 2>/dev/null; rm -rf "$here"' EXIT
trap 'exit 1' HUP INT TERM
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

# new WHAT: what is there now and was not before. What another run made just
# now goes away again, so look for some seconds before you say it stays.
new() {
    tries=0
    while :; do
        "$1" >"$here/now"
        sort "$here/$1" "$here/$1" "$here/now" | uniq -u >"$here/new"
        [ -s "$here/new" ] || return 1
        tries=$((tries + 1))
        [ "$tries" -lt "${LEFT_TRIES:-50}" ] || return 0
        sleep 0.1
    done
}

[ $# -gt 0 ] || set -- mmap tutorial posix_shm stream sysv_shm faults hostile house
for what in objects ipc tree; do "$what" >"$here/$what"; done
: >"$here/processes"
passed=0 failed=0 skipped=0

# Suites run side by side, TEST_JOBS (3) at a time, for they wait more than they
# work. What they say comes in their order.
start_suite() {
    started=$((started + 1))
    case $1 in
    */*) file=$1 ;;
    *) file=tests/$1.sh ;;
    esac
    # shellcheck disable=SC2086 # busybox sh
    TEST_SUITE=$started $TEST_SH "$file" >"$here/log.$started" 2>&1 &
    suites="$suites $1:$!"
}
# end_suite SUITE:PID: wait for it, print what it said, and add up.
end_suite() {
    ended=$((ended + 1))
    wait "${1##*:}"
    cat "$here/log.$ended"
    counts=$(tail -n 1 "$here/log.$ended" |
        sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed\(, \([0-9]*\) skipped\)*$/\1 \2 \4/p')
    if [ -z "$counts" ]; then
        echo "not ok - ${1%:*}: did not run to its end"
        failed=$((failed + 1))
        return
    fi
    # shellcheck disable=SC2086 # three words
    set -- $counts
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + ${3:-0}))
}
started=0 ended=0
for suite; do
    start_suite "$suite"
    [ $((started - ended)) -ge "${TEST_JOBS:-3}" ] || continue
    # shellcheck disable=SC2086 # a list
    end_suite "$(set -- $suites && shift "$ended" && echo "$1")"
done
while [ "$ended" -lt "$started" ]; do
    # shellcheck disable=SC2086 # a list
    end_suite "$(set -- $suites && shift "$ended" && echo "$1")"
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
