#!/bin/sh
# tests/house/places.sh - make and the tests, wherever a checkout lies and
# whoever it belongs to
. "$(dirname "$0")/../lib/lib.sh"

# Some of the suites, and where paths matter most, each kind of them.
some='mmap sysv_shm labs'

# copy FOLDER: the checkout as cloned, there.
copy() {
    mkdir -p "$1"
    tar -cf - --exclude=./data/work --exclude=./.build --exclude=./.git . |
        tar -xf - -C "$1"
    make -s -C "$1" clean
}
# works COMMAND...: the first lesson, and some tests.
works() {
    [ "$status" = 0 ] || { tail -n 30 "$T/out" "$T/err" && t_fail "$1: status $status"; }
}
tests_pass() {
    t_run "$@" make -j8
    works make
    t_run "$@" ./mmap/parent_child
    t_same out '你是我儿子吗？'
    status=0
    timeout 600 "$@" env -u ONLY RUNS=1 KILLS=1 TEST_JOBS=2 make -s test SUITE="$some" \
        >"$T/out" 2>"$T/err" || status=$?
    grep -q '^not ok' "$T/out" && grep '^not ok\|^#' "$T/out"
    works 'make test'
}

a_strange_path() {
    place="$T/a b/it's \$HOME; 共享"
    copy "$place"
    cd "$place"
    some="$some text_sysv_shm benchmark runner"
    tests_pass env
    t_run make labs LAB=stale_read
    t_says out '^\[[ -]\] stale_read'
}

# A private umask, and tests that act as another user.
a_private_umask() {
    copy "$T/tree"
    cd "$T/tree"
    umask 077
    tests_pass env
}

# git says "dubious ownership" there, and make must not ask it.
of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can give a checkout away"
    copy "$T/tree"
    chown -R 65534 "$T/tree"
    cd "$T/tree"
    tests_pass env
}

# Built once, and used by all from then on; their work is elsewhere.
read_only() {
    [ "$(id -u)" = 0 ] || t_skip "only root can act as another user"
    copy "$T/tree"
    cd "$T/tree"
    make >"$T/make" 2>&1
    chmod 755 "$T" "$t_tmp"
    chmod -R a+rX .
    # shellcheck disable=SC2086 # words
    t_run $t_not_root make -q
    works 'make -q'
    # shellcheck disable=SC2016,SC2086 # for the shell in there; words
    $t_not_root sh -c 'cd "$(mktemp -d)" && cp "$0"/data/*.txt . &&
        "$0/mmap/parent_child" english.txt 2>err && "$0/mmap/file_writer" test.txt 2>err &&
        rm -r "$PWD"' "$T/tree" >"$T/out"
    t_says out '^你是我儿子吗？$' '^buf = '
    # shellcheck disable=SC2086 # words
    $t_not_root env RUNS=1 KILLS=1 make -s test SUITE="mmap posix_shm" >"$T/out" 2>&1 ||
        { grep '^not ok\|^#' "$T/out" && t_fail "make test"; }
}

one_core() {
    copy "$T/tree"
    cd "$T/tree"
    tests_pass taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')"
}

# Nothing that a terminal or a locale would bring.
a_bare_environment() {
    copy "$T/tree"
    cd "$T/tree"
    tests_pass env -i PATH="$PATH" LANG=C
    t_run make -s help <&-
    t_run make -s -C "$T/tree" <&-
    works 'make -C'
}

t_it "a path with blanks, quotes, \$ and Chinese letters" a_strange_path
t_it "umask 077" a_private_umask
t_it "a checkout of another user" of_another_user
t_it "a checkout that one may only read" read_only
t_it "one core" one_core
t_it "no TERM, LANG=C, stdin closed" a_bare_environment
t_finish
