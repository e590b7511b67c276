#!/bin/sh
# tests/labs/checks/reset.sh - a fresh copy of a lab, after asking: `make labs-reset
# LAB=NAME`. What the student had goes to data/work/labs/NAME.c.old.
cd "$(dirname "$0")/../../.." || exit 2
: "${LAB:=}"
file=$(LAB=$LAB awk -F '[/\t]' '
    !/^#/ && $2 == ENVIRON["LAB"] { print $1 "/lab/" $2 ".c" }' tests/labs/list)
if [ -z "$file" ]; then
    if [ -z "$LAB" ]; then
        echo "labs-reset: which lab? make labs-reset LAB=torn_read" >&2
    else
        printf 'labs-reset: there is no lab %s\n' "$LAB" >&2
    fi
    echo "There are:" >&2
    awk -F '[/\t]' '!/^#/ { print "    " $2 }' tests/labs/list >&2
    exit 2
fi

# Where it comes from: the project's own version, as it was cloned; or the copy
# that the first `make` kept.
fresh=$(mktemp "${TMPDIR:-/tmp}/lab.XXXXXX") || exit 2
trap 'rm -f "$fresh"' EXIT
trap 'exit 1' HUP INT TERM
git show "origin/HEAD:$file" >"$fresh" 2>/dev/null ||
    cp "data/work/labs/$LAB.c" "$fresh" 2>/dev/null ||
    git show "HEAD:$file" >"$fresh" 2>/dev/null || {
    echo "labs-reset: there is no fresh copy of $file: neither git has one" >&2
    echo "nor data/work/labs, where the first make keeps it" >&2
    exit 1
}
if cmp -s "$fresh" "$file"; then
    echo "$file is as it was handed out"
    exit 0
fi
if [ -e "$file" ]; then
    lines=$(diff "$fresh" "$file" | grep -c '^[<>]')
    printf 'Replace %s, in which %s lines are yours or gone? [y/N] ' "$file" "$lines"
    read -r answer || echo
    case $answer in
    y | Y | yes) ;;
    *)
        echo "Nothing has changed."
        exit 0
        ;;
    esac
    mkdir -p data/work/labs && cp "$file" "data/work/labs/$LAB.c.old" || exit 1
    echo "Yours is kept in data/work/labs/$LAB.c.old"
fi
cat "$fresh" >"$file" || exit 1
rm -f "${file%.c}" # built from what was there before
echo "$file is as it was handed out"
