#!/bin/sh
# tests/lint.sh - format and static checks. A tool that is not installed is
# skipped aloud.

cd "$(dirname "$0")/.." || exit 1
failed=0

# lint TOOL COMMAND...
lint() {
    tool=$1
    if ! command -v "${tool%%_*}" >/dev/null; then
        echo "skipped: $tool is not installed"
    elif "$@"; then
        echo "ok: $tool"
    else
        echo "FAILED: $tool"
        failed=1
    fi
}

lint clang-format --dry-run -Werror ./*/*.c ./*/*.h tests/*/*.[ch]
lint shellcheck -s sh tests/*.sh tests/*/*.sh .ci/run
lint cppcheck --quiet --std=c11 --enable=warning,performance,portability \
    --inline-suppr --error-exitcode=1 mmap posix_shm sysv_shm tests
# The compilers' own analyzers, a file at a time.
gcc_analyzer() {
    for file in mmap/*.c posix_shm/*.c sysv_shm/*.c tests/bench/*.c; do
        gcc -std=c11 -O2 -fanalyzer -Werror -c "$file" -o /dev/null || return 1
    done
}
clang_analyzer() {
    for file in mmap/*.c posix_shm/*.c sysv_shm/*.c tests/bench/*.c; do
        clang -std=c11 --analyze -Xclang -analyzer-werror "$file" -o /dev/null ||
            return 1
    done
}
lint gcc_analyzer
lint clang_analyzer
# It counts warnings aloud, on stderr.
lint clang-tidy --quiet ./*/*.c tests/bench/*.c tests/checks/*.c \
    tests/hostile/*.c -- -std=c11 2>/dev/null
# The labs, broken and mended, as students write them.
gcc_labs() {
    labs gcc
}
clang_labs() {
    labs clang
}
labs() {
    for file in */lab/*.c tests/labs/*.c; do
        [ ! -e "$file" ] ||
            "$1" -std=gnu11 -O2 -Wall -Wextra -Werror -c "$file" -o /dev/null ||
            return 1
    done
}
lint gcc_labs
lint clang_labs
exit $failed
