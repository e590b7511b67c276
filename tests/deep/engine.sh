#!/bin/sh
# tests/deep/engine.sh - the engine of the labs' checks, on tiny programs: what it
# finds, what it lets be, and what ends it (tests/labs/engine/README.md)
# shellcheck disable=SC2086 # busybox sh
. "$(dirname "$0")/../lib/lib.sh"
from=tests/labs/engine/test

compile() {
    make -s -j2 data/work/checks/torn_read # and so the engine
}

# verdict PROGRAM [OPTION]: what the check says of it; $status, $T/out.
verdict() {
    compile # with ONLY=, too
    ${CC:-cc} -std=gnu11 -O2 -g "$from/$1.c" -o "$T/program" -pthread
    ${CC:-cc} -std=gnu11 -O1 ${2-} "$from/check.c" data/work/checks/engine/*.o -o "$T/check"
    mkdir "$T/in"
    status=0
    (cd "$T/in" && exec ../check ../program) >"$T/out" 2>"$T/err" </dev/null || status=$?
    [ "$status" != 77 ] || t_skip "$(cat "$T/out")"
    t_same err ''
}

red() {
    verdict "$1" "$3"
    [ "$status" = 1 ] || t_fail "status $status: $(cat "$T/out")"
    t_says out "$2"
}

green() {
    verdict "$1" "${2-}"
    [ "$status" = 0 ] || t_fail "status $status: $(cat "$T/out")"
    t_says out '^the count is 2, at [0-9]* instants$'
}

# Nothing has happened for longer than the check waits, which is no time at all: it
# waits for who burns a processor.
busy() {
    export CHECK_SECONDS=0
    verdict forever
    [ "$status" = 75 ]
    t_same out 'busy: try again'
}

t_it "the engine compiles" compile
t_it "a race is found, and the line" red race 'count is 1$' ''
t_it "an atomic step is none" green atomic
t_it "a spin that ends is let be" green spin
t_it "a spin that does not is found" red forever 'burns a processor forever' ''
t_it "attempts without end are let be" green sleeps
t_it "5,000 attempts are not enough" red tries 'count is 1' ''
t_it "an hour by the clock is not enough" red deadline 'count is 1' ''
t_it "an hour by alarm(2) is not enough" red alarms 'count is 1' ''
t_it "threads one after the other are let be" green threads
t_it "one late initialisation alone is not seen" green late
t_it "two that are late: it is" red late 'count is 1' -DTWO
t_it "two that are late: attempts without end are let be" green sleeps -DTWO
t_it "a lock of the kernel's survives its holder" green locks -DKILL
t_it "a lock in memory does not" red sleeps 'waits forever' -DKILL
t_it "a signal to the check is caught" red signals 'not its own' ''
t_it "a busy machine is no verdict" busy
t_finish
