#!/bin/sh
# tests/lint.sh - format and static checks. A tool that is not installed is
# skipped aloud.

cd "$(dirname "$0")/.." || exit 1
failed=0

# lint TOOL COMMAND...
lint() {
    tool=$1
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: $tool is not installed"
    elif "$@"; then
        echo "ok: $tool"
    else
        echo "FAILED: $tool"
        failed=1
    fi
}

lint clang-format --dry-run -Werror ./*/*.c ./*/*.h tests/hostile/*.[ch]
lint shellcheck -s sh tests/*.sh .ci/run
lint cppcheck --quiet --std=c11 --enable=warning,performance,portability \
    --inline-suppr --error-exitcode=1 mmap posix_shm sysv_shm tests
# It counts warnings aloud, on stderr.
lint clang-tidy --quiet ./*/*.c tests/hostile/*.c -- -std=c11 2>/dev/null
exit $failed
