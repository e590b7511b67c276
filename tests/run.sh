#!/bin/sh
# tests/run.sh [NAME...] - run suites side by side, and add up what they say
#
# A NAME is a suite (mmap), a folder of suites (lessons), one of its suites
# (house/house) or a file. Without one: labs, texts and lessons, which is
# `make test`; those that compute most come first. `all` is every suite.
#
# A suite prints TAP, and `prove -e sh tests/lessons` runs it too. This does what
# prove(1) does, on a machine that has no perl; and it looks whether the
# checkout is as it was. RUNS (5) and KILLS (10) say how often the repeated tests
# repeat; ONLY=N runs test N alone; TEST_JOBS (5) suites run at a time, for they
# wait more than they work.

cd "$(dirname "$0")/.." || exit 1
export TEST_SH="${TEST_SH:-sh}"

here=${TMPDIR:-/tmp}/shm-run.$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
suites='' over=
trap 'ended' EXIT
trap 'exit 1' HUP INT TERM
ended() {
    trap '' HUP INT TERM
    if [ -z "$over" ]; then
        for suite in $suites ${!:-}; do end "$suite"; done
    fi
    rm -rf "$here"
}
# end PID: as t_end in lib.sh, which says why.
end() {
    while kill "$1"; do sleep 0.05; done 2>/dev/null
}
mkdir -m 700 "$here" || exit 1
head -c 1000000 /dev/zero >"$here/space" || {
    echo "$here: no room for the tests, see TMPDIR"
    exit 1
}
rm "$here/space"

# What is tracked, or would be: programs have no dot in their name.
checkout() {
    find Makefile README.md data mmap posix_shm sysv_shm tests \
        -path data/work -prune -o -type f \
        \( -name "*.*" -o -name Makefile \) -printf '%p, %s bytes, %t\n' | sort
}

# files NAME: the suites of that name.
files() {
    case $1 in
    all) ls tests/lessons/*.sh tests/texts/*.sh tests/labs/*.sh tests/*/*.sh ;;
    *.sh) echo "$1" ;;
    */*) ls "tests/$1.sh" ;;
    *)
        case $1 in bench | lib) return 1 ;; esac # no suites
        if [ -d "tests/$1" ]; then ls "tests/$1"/*.sh; else ls tests/*/"$1.sh"; fi
        ;;
    esac
}

# start FILE: in the background. One that has ended leaves its number in the pipe
# that is descriptor 8; where one ends the next one starts.
start() {
    started=$((started + 1)) running=$((running + 1))
    echo "$1" >"$here/name.$started"
    (
        trap 'trap "" TERM; end $!; exit 1' TERM
        # shellcheck disable=SC2086 # busybox sh
        $TEST_SH "$1" >"$here/log.$started" 2>&1 8>&- &
        wait $!
        echo "$started" >&8
    ) 2>/dev/null &
    suites="$suites $!"
}
# await: one of them, whichever; show those whose turn it is. Another process
# reads: a signal that comes just before a read(2) does not end it, but a wait.
await() {
    (read -r number <&8 && : >"$here/ended.$number") &
    suites="$suites $!"
    wait $!
    running=$((running - 1))
    while [ -e "$here/ended.$((shown + 1))" ]; do
        shown=$((shown + 1))
        show
    done
}
show() {
    read -r name <"$here/name.$shown"
    grep -q '^1\.\.[0-9]' "$here/log.$shown" ||
        echo "not ok - $name did not run to its end" >>"$here/log.$shown"
    tee -a "$here/log" <"$here/log.$shown"
}

[ $# -gt 0 ] || set -- labs texts lessons
list=
for name; do
    found=$(files "$name" 2>/dev/null) || {
        echo "run.sh: there is no suite or folder $name in tests/. There are:" >&2
        for file in tests/*/*.sh; do
            case $file in
            tests/lib/* | tests/bench/*) ;;
            *) echo "$file" ;;
            esac
        done | sed 's,^tests/\(.*\)/\(.*\)\.sh,    \2 (\1),' >&2
        exit 2
    }
    for file in $found; do
        case $file:" $list " in
        tests/lib/* | tests/bench/* | *" $file "*) ;; # no suite, or had already
        *) list="$list $file" ;;
        esac
    done
done
mkfifo "$here/ended" && exec 8<>"$here/ended" || exit 1
checkout >"$here/before"
started=0 running=0 shown=0
# shellcheck disable=SC2086 # a list
set -- $list
for file; do
    start "$file"
    [ "$running" -lt "${TEST_JOBS:-5}" ] || await
done
while [ "$running" -gt 0 ]; do await; done
over=yes

checkout >"$here/after"
if cmp -s "$here/before" "$here/after"; then
    echo "ok - the checkout is as it was"
else
    echo "not ok - the checkout is as it was (or did you change it meanwhile?)"
    diff "$here/before" "$here/after" | sed -n 's/^[<>]/# &/p'
fi | tee -a "$here/log"

# count PATTERN: of lines in all that was said.
count() {
    grep -c "$1" "$here/log"
}
failed=$(count '^not ok') skipped=$(count '^ok .*# SKIP')
passed=$(($(count '^ok') - skipped))
echo
grep '^not ok' "$here/log"
sed -n 's/^ok [0-9]* - \(.*\) # SKIP \(.*\)/skipped: \1: \2/p' "$here/log"
sed -n 's/^# \(.*\): not run: \(it needs .*\)/skipped: \1: \2/p' "$here/log"
if [ "$skipped" = 0 ]; then
    echo "$passed passed, $failed failed"
else
    echo "$passed passed, $failed failed, $skipped skipped"
fi
[ "$failed" = 0 ]
