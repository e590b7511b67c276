#!/bin/sh
# tests/labs/checks/run.sh - build the labs, check them, say how far they are:
# `make labs`. LAB names one of them; FORMAT=tsv prints LAB, verdict (pass, fail,
# skipped, error) and evidence with tabs between; LABS_FROM is a folder with
# somebody else's NAME.c, as collected: what is not there is "not handed in".
#
# The student's code runs in a folder of its own, with the checkout's folders
# linked into it; nothing that it makes stays behind.
top=$(cd "$(dirname "$0")/../../.." && pwd) || exit 2
all=$(awk '!/^#/ { print $1 }' "$top/tests/labs/list")
: "${CC:=cc}" "${LAB:=}" "${FORMAT:=text}" "${LABS_FROM:=}"
# What `cc -O2` and a careful student would say.
flags='-std=gnu11 -O2 -g -Wall -Wextra'

# What a folder of the command line is called once we are elsewhere.
from=
if [ -n "$LABS_FROM" ]; then
    from=$(cd "$LABS_FROM" && pwd) || exit 2
fi
labs=
for lab in $all; do
    case $LAB in
    '' | "${lab#*/}" | "$lab") labs="$labs $lab" ;;
    esac
done
if [ -z "$labs" ]; then
    echo "labs: there is no lab $LAB. There are:" >&2
    for lab in $all; do echo "    ${lab#*/}" >&2; done
    exit 2
fi
case $FORMAT in
text | tsv) ;;
*)
    echo "labs: FORMAT is text or tsv" >&2
    exit 2
    ;;
esac

work=$(mktemp -d "${TMPDIR:-/tmp}/labs.XXXXXX") || exit 2
checking=
trap '[ -z "$checking" ] || { kill "$checking" && wait "$checking"; } 2>/dev/null
    rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
# shellcheck disable=SC2086 # a list
set -- $labs
many=$# number=0 done=0
bold='' plain='' green='' red=''
terminal=no
if [ -t 1 ] && [ "$FORMAT" = text ]; then
    terminal=yes
    if [ -z "${NO_COLOR:-}" ]; then
        green=$(printf '\033[32m') red=$(printf '\033[31m') plain=$(printf '\033[m')
        bold=$(printf '\033[1m')
    fi
fi

# bar DONE: a bar of 27 places.
bar() {
    awk -v n="$1" -v of="$many" 'BEGIN {
        for (i = 0; i < 27; i++)
            s = s (i < 27 * n / of ? "#" : ".")
        print "[" s "]" }'
}

# say VERDICT FILE: a line, and what else is to be said, below it.
say() {
    if [ "$FORMAT" = tsv ]; then
        printf '%s\t%s\t%s\n' "$name" "$1" "$(tr '\n\t' '  ' <"$2" | sed 's/ *$//')"
        return
    fi
    case $1 in
    pass) mark="${green}[x]$plain" ;;
    fail) mark="${red}[ ]$plain" ;;
    skipped) mark='[-]' ;;
    *) mark="${red}[!]$plain" ;;
    esac
    [ $terminal = no ] || printf '\r\033[K'
    printf '%s %s%-16s%s %s\n' "$mark" "$bold" "$name" "$plain" "$(head -n 1 "$2")"
    sed -n '2,$s/^/                     /p' "$2"
}

for lab; do
    name=${lab#*/} folder=${lab%/*}/lab
    number=$((number + 1))
    source=$top/$folder/$name.c
    shown=$folder/$name.c
    if [ -n "$from" ]; then
        source=$from/$name.c shown=$source
    fi
    if [ $terminal = yes ]; then
        printf '\r\033[K%s %s' "$(bar "$((number - 1))")" "$name"
    fi
    if [ ! -x "${CHECKS:-$top/data/work/checks}/$name" ]; then
        echo "there is no tests/labs/checks/$name.c" >"$work/said"
        say error "$work/said"
        continue
    fi
    if [ ! -f "$source" ]; then
        echo "$shown is not there" >"$work/said"
        [ -z "$from" ] || echo "not handed in" >"$work/said"
        say fail "$work/said"
        continue
    fi
    # The compiler sees the name as the student knows it.
    # shellcheck disable=SC2086 # words
    if ! (cd "${from:-$top}" && $CC $flags "${source#"${from:-$top}/"}" \
        -o "$work/$name" -lrt -lpthread) >"$work/compiler" 2>&1; then
        echo "does not compile" >"$work/said"
        say fail "$work/said"
        # As the compiler says it.
        if [ "$FORMAT" = tsv ]; then cat "$work/compiler" >&2; else cat "$work/compiler"; fi
        continue
    fi
    if [ -s "$work/compiler" ]; then # warnings
        [ $terminal = no ] || printf '\r\033[K'
        cat "$work/compiler" >&2
    fi
    if [ -z "$from" ]; then # for the student to run, too
        cp "$work/$name" "$work/copy" && mv -f "$work/copy" "$top/$folder/$name"
    fi 2>/dev/null
    mkdir "$work/in"
    ln -s "$top/data" "$top/mmap" "$top/posix_shm" "$top/sysv_shm" "$work/in"
    (cd "$work/in" && exec timeout -k 5 100 "${CHECKS:-$top/data/work/checks}/$name" \
        "$work/$name") >"$work/said" 2>"$work/trouble" </dev/null &
    checking=$!
    wait $checking
    status=$?
    checking=
    rm -rf "$work/in"
    case $status in
    0)
        verdict=pass
        done=$((done + 1))
        ;;
    1) verdict=fail ;;
    77) verdict=skipped ;;
    124 | 137)
        verdict=fail
        echo "there is no end to it" >"$work/said"
        ;;
    *)
        verdict=error
        {
            echo "the check itself fails, with status $status"
            cat "$work/trouble"
        } >>"$work/said"
        ;;
    esac
    say $verdict "$work/said"
done
if [ "$FORMAT" = text ]; then
    if [ $terminal = yes ]; then echo "$(bar $done) $done of $many done"; else echo "$done of $many done"; fi
fi
[ "$done" = "$many" ]
