#!/bin/sh
# tests/house/lint.sh - format and static checks, a test for each tool
. "$(dirname "$0")/../lib/lib.sh"

programs='mmap/*.c posix_shm/*.c sysv_shm/*.c'
naive=$(echo ./*/naive/*.c) questions=$(echo ./*/questions/*.c)
helpers='tests/bench/*.c tests/labs/checks/*.c tests/labs/engine/*.c tests/deep/hostile/*.c'

# lint TOOL COMMAND...
lint() {
    command -v "$1" >/dev/null || t_skip "$1 is not installed"
    "$@"
}
each() {
    files=$1
    shift
    command -v "$1" >/dev/null || t_skip "$1 is not installed"
    for file in $files; do
        [ ! -e "$file" ] || "$@" "$file" || t_fail "$file"
    done
}
# shellcheck disable=SC2046 # a list
scripts() {
    lint shellcheck -s sh $(find tests .ci -name '*.sh' -o -name run)
}
# tidy FILES [EXCEPTION]: it counts warnings aloud, on stderr.
tidy() {
    # shellcheck disable=SC2086 # lists
    lint clang-tidy --quiet ${2:+--checks="$2"} $1 -- -std=c11 2>"$T/count" ||
        t_fail "$(cat "$T/count")"
}

# shellcheck disable=SC2086 # lists
t_it "clang-format" lint clang-format --dry-run -Werror ./*/*.c ./*/*.h \
    $naive $questions ./*/questions/*.h \
    tests/bench/*.[ch] tests/labs/checks/*.[ch] tests/labs/engine/*.[ch] tests/labs/engine/test/*.[ch] \
    tests/deep/hostile/*.[ch] tests/lib/*.[ch]
t_it "shellcheck" scripts
t_it "cppcheck" lint cppcheck --quiet --std=c11 \
    --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
    mmap posix_shm sysv_shm tests
# A file at a time. clang's own analyzer is a part of clang-tidy.
t_it "gcc -fanalyzer" each "$programs $naive $questions tests/bench/*.c" \
    gcc -std=c11 -O2 -fanalyzer -Werror -o /dev/null -c
t_it "clang-tidy" tidy "$programs $helpers"
# The strcpy(3) of the text is what these are there to show.
t_it "clang-tidy: naive" tidy "$naive" -clang-analyzer-security.insecureAPI.strcpy
# `2 * page` is as a reader would write it, and CODE prints it: no casts in there.
t_it "clang-tidy: questions" tidy "$questions" \
    -bugprone-implicit-widening-of-multiplication-result
# The labs, broken and mended, as students write them.
for cc in gcc clang; do
    t_it "labs and mends with $cc" each '*/lab/*.c tests/labs/mends/*.c' \
        $cc -std=gnu11 -O2 -Wall -Wextra -Werror -o /dev/null -c
done
t_finish
