#!/bin/sh
# tests/labs/checks/run.sh - build the labs, check them, say how far they are: `make
# labs`. tests/labs/README.md is the manual: variables, verdicts, exit status.
#
#     0   each lab is done         1   one is not done
#     77  one could not be checked (verdict `skipped` or `error`)
#     2   it was called wrong, or the checks cannot be built
#
# Names come in the environment and are never pasted into a command. Whatever was
# handed in, source or program, is touched in box.sh alone.
#
# For our own scripts: CHECKS is a folder of checks that are built already, LABS_UNTIL
# an uptime in seconds after which no lab is begun, LABS_BOX a level of box.sh.

# One lab may take so many seconds in all. Whoever waits forever is found out by the
# check itself, which counts steps; this is for a check that hangs.
bound=600 compile_bound=60
# What `cc -O2` and a careful student would say.
flags='-std=gnu11 -O2 -g -Wall -Wextra'

usage() {
    printf 'labs: %s\n' "$1" >&2
    exit 2
}

# place FOLDER: $place is its full name. One that is relative is so to where the
# teacher stands: with `make -C` that is the PWD from before.
place() {
    place=$1
    case $place in
    /*) ;;
    *)
        place=$PWD/$1
        if [ -n "${LABS_PWD:-}" ] && [ "$LABS_PWD" != "$PWD" ] && [ -d "$LABS_PWD/$1" ]; then
            place=$LABS_PWD/$1
        fi
        ;;
    esac
}

# centiseconds since the machine has started: a clock may be set, this is not.
now() {
    read -r now rest </proc/uptime
    now=${now%.*}${now#*.}
}

options() {
    top=$(cd "$(dirname "$0")/../../.." && pwd) || exit 2
    here=$top/tests/labs/checks
    : "${CC:=cc}" "${LAB:=}" "${FORMAT:=text}" "${LABS_FROM:=}" "${LABS_WORK:=}" "${LABS_BOX:=}"
    from=
    if [ -n "$LABS_FROM" ]; then
        place "$LABS_FROM"
        from=$place
        [ -d "$from" ] || usage "there is no folder $LABS_FROM"
    fi
    case $FORMAT in
    text | tsv | tap | json | junit | gradescope) ;;
    *) usage "FORMAT is text, tsv, tap, json, junit or gradescope" ;;
    esac
    # CHAPTER/NAME and points, a line each.
    labs=$(LAB=$LAB awk -F '\t' '!/^#/ && NF {
        lab = ENVIRON["LAB"]
        split($1, part, "/")
        if (lab == "" || lab == $1 || lab == part[2]) print $1 ":" ($3 == "" ? 1 : $3)
    }' "$top/tests/labs/list")
    if [ -z "$labs" ]; then
        printf 'labs: there is no lab %s. There are:\n' "$LAB" >&2
        awk -F '[/\t]' '!/^#/ { print "    " $2 }' "$top/tests/labs/list" >&2
        exit 2
    fi
}

# The checks, made by make from their sources; with LABS_WORK in a copy there.
build_checks() {
    [ -z "${CHECKS:-}" ] || return 0
    tree=$top
    if [ -n "$LABS_WORK" ]; then
        LABS_PWD=${LABS_PWD:-$PWD}
        case $LABS_WORK in
        /*) ;;
        *) LABS_WORK=$LABS_PWD/$LABS_WORK ;;
        esac
        tree=$LABS_WORK/tree
        copy_tree "$tree" || usage "LABS_WORK: cannot write to $LABS_WORK"
    elif ! mkdir -p "$top/data/work/checks" 2>/dev/null || [ ! -w "$top/data/work/checks" ]; then
        usage "$top/data/work cannot be written to: give LABS_WORK=FOLDER"
    fi
    # The first time this takes a while: it is not to look as if nothing happened.
    if [ -t 1 ] && [ "$FORMAT" = text ]; then printf 'building the checks ...'; fi
    make_checks "$tree" || exit 2
    if [ -t 1 ] && [ "$FORMAT" = text ]; then printf '\r\033[K'; fi
    CHECKS=$tree/data/work/checks
}
# copy_tree FOLDER: what the checks are built from.
copy_tree() {
    mkdir -p "$1/tests/labs" && cp -fp "$top/Makefile" "$1" || return 1
    for part in "$top"/tests/labs/*; do
        case $part in
        */mends | */*.md | */labs.sh) ;;
        *) cp -Rfp "$part" "$1/tests/labs" || return 1 ;;
        esac
    done
    chmod -R u+w "$1" # and not read-only, as its source may be
}
# make_checks FOLDER: what a make above us has told its children is not for this one.
make_checks() (
    unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS CFLAGS CPPFLAGS LDFLAGS LDLIBS
    cd "$1" && exec make -s -j"$(nproc)" CC="$CC" labs-checks </dev/null >&2
)

# --- where the work is done -------------------------------------------------------

begin() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/labs.XXXXXX") || exit 2
    checking=
    trap 'end' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    trap 'exit 141' PIPE # nobody reads on: `| head`
    if [ "$(id -u)" = 0 ]; then chmod 711 "$work"; fi
    # A few more processes than there are, for who has the same user.
    BOX_PROCESSES=$(cat /proc/[0-9]*/status 2>/dev/null | awk -v uid="$(id -u)" '
        /^Uid:/ { own = $2 == uid } /^Threads:/ && own { n += $2 } END { print n + 512 }')
    export BOX_PROCESSES
    compiler=$(command -v "${CC%% *}" 2>/dev/null) && compiler=$(readlink -f "$compiler")
    case ${BOX_TOOLS:-}:$compiler in
    [!:]* | :/usr/* | :/bin/* | :/opt/* | :/nix/* | :/gnu/* | :) ;;
    */bin/*) export BOX_TOOLS="${compiler%/bin/*}" ;;
    esac
    mkdir "$work/lab" "$work/lab/in"
    for level in ${LABS_BOX:-namespaces user none} ''; do
        [ -n "$level" ] || usage "there is no box of level $LABS_BOX here, see tests/labs/README.md"
        box sh -c 'exit 0' >"$work/probe" 2>&1 && break
    done
    if [ "$level" = none ] && [ -n "$from" ] && [ -z "$LABS_BOX" ]; then
        echo "labs: no namespaces here, so what was handed in runs as you, and could change" >&2
        echo "labs: your files and other verdicts: tests/labs/README.md says what to do" >&2
    fi
}
end() {
    trap '' INT TERM HUP
    [ -z "$checking" ] || { kill "$checking" && wait "$checking"; } 2>/dev/null
    rm -rf "$work" 2>/dev/null || { chmod -R u+rwx "$work" && rm -rf "$work"; }
}

# box COMMAND...: in a fresh copy of what it may see.
box() {
    timeout -k 5 "${most:-20}" sh "$here/box.sh" "$level" "$work" "$@" </dev/null &
    checking=$!
    wait $checking
    status=$?
    checking=
    return $status
}
empty_box() {
    rm -rf "$work/lab" 2>/dev/null || { chmod -R u+rwx "$work/lab" && rm -rf "$work/lab"; }
    mkdir "$work/lab" "$work/lab/in"
}

# --- what is said ----------------------------------------------------------------

prepare_report() {
    # shellcheck disable=SC2086 # a list
    set -- $labs
    many=$# number=0 done=0 unknown=0
    bold='' plain='' green='' red='' terminal=no
    if [ -t 1 ] && [ "$FORMAT" = text ]; then
        terminal=yes
        if [ -z "${NO_COLOR:-}" ]; then
            green=$(printf '\033[32m') red=$(printf '\033[31m') plain=$(printf '\033[m')
            bold=$(printf '\033[1m')
        fi
    fi
}
# bar DONE: a bar of 27 places.
bar() {
    awk -v n="$1" -v of="$many" 'BEGIN {
        for (i = 0; i < 27; i++)
            s = s (i < 27 * n / of ? "#" : ".")
        print "[" s "]" }'
}
report() {
    LC_ALL=C awk -v format="$FORMAT" -v many="$many" -v number="$number" -v bold="$bold" \
        -v plain="$plain" -v green="$green" -v red="$red" -f "$here/report.awk" "$@"
}

# verdict VERDICT: what $work/said and $work/compiler have to say is noted, and said.
verdict() {
    now
    got=0
    case $1 in
    pass) done=$((done + 1)) got=$points ;;
    skipped | error) unknown=$((unknown + 1)) ;;
    esac
    record=$work/record.$number
    {
        printf '%s\t%s\t%s\t%s\t%s\t' "$name" "${lab%/*}" "$1" "$got" "$points"
        awk -v t=$((now - since)) 'BEGIN { printf "%.2f\n", t / 100 }'
        head -c 10000 "$work/said" | tr -d '\0' | awk '{ print "E " $0 }'
        [ "$1" != no_compile ] ||
            head -c 20000 "$work/compiler" | tr -d '\0' | awk '{ print "D " $0 }'
    } >"$record"
    # A table has no place for it.
    [ "$1$FORMAT" != no_compiletsv ] || head -c 20000 "$work/compiler" >&2
    [ $terminal = no ] || printf '\r\033[K'
    case $FORMAT in
    text | tsv | tap) report "$record" ;;
    esac
}
# no_verdict VERDICT TEXT...
no_verdict() {
    kind=$1
    shift
    printf '%s\n' "$*" >"$work/said"
    verdict "$kind"
}

# --- one lab ------------------------------------------------------------------------

# checksum FILE: of what is in it.
checksum() {
    cksum <"$1"
}

one_lab() {
    name=${lab#*/} folder=${lab%/*}/lab
    number=$((number + 1))
    now
    since=$now
    : >"$work/compiler"
    source=$top/$folder/$name.c shown=$folder/$name.c
    if [ -n "$from" ]; then source=$from/$name.c shown=$name.c; fi
    if [ $terminal = yes ]; then
        printf '\r\033[K%s %s' "$(bar "$((number - 1))")" "$name"
    fi
    if [ -n "${LABS_UNTIL:-}" ] && [ "$now" -gt "${LABS_UNTIL}00" ]; then
        no_verdict error "not checked: no time was left"
    elif [ ! -x "$CHECKS/$name" ]; then
        no_verdict error "there is no tests/labs/checks/$name.c"
    elif [ ! -e "$source" ] && [ ! -L "$source" ]; then
        if [ -n "$from" ]; then
            no_verdict missing "not handed in"
        else
            no_verdict missing "$shown is not there"
        fi
    elif [ -L "$source" ] || [ ! -f "$source" ] || [ ! -r "$source" ]; then
        # A link could lead to anything that we may read and the student may not.
        no_verdict no_compile "$shown is no file that can be read"
    elif [ "$(wc -c <"$source")" -gt 1000000 ]; then
        no_verdict no_compile "$shown has more than 1,000,000 bytes"
    elif build; then
        check
    fi
}

# The compiler reads what was handed in, too: what it includes, or assembles in, can be
# no more than the box shows.
build() {
    empty_box
    mkdir -p "$work/lab/in/$(dirname "$shown")"
    cp "$source" "$work/lab/in/$shown"
    # shellcheck disable=SC2086 # words
    most=$compile_bound BOX_IN=keep BOX_CPU=60 box $CC $flags "$shown" -o program \
        -lrt -lpthread >"$work/compiler" 2>&1
    : >"$work/said"
    case $status in
    0)
        if [ -L "$work/lab/in/program" ] || [ ! -f "$work/lab/in/program" ]; then
            no_verdict error "the compiler has made no program"
            return 1
        fi
        ;;
    124 | 137)
        no_verdict no_compile "does not compile: not in $compile_bound seconds"
        return 1
        ;;
    125 | 126 | 127)
        cat "$work/compiler" >&2
        no_verdict error "cannot start $CC here: see BOX_TOOLS in tests/labs/README.md"
        return 1
        ;;
    *)
        echo "does not compile" >"$work/said"
        verdict no_compile
        return 1
        ;;
    esac
    if [ -s "$work/compiler" ]; then # warnings
        [ $terminal = no ] || printf '\r\033[K'
        head -c 20000 "$work/compiler" >&2
    fi
    mv "$work/lab/in/program" "$work/program"
    chmod 755 "$work/program"
    if [ -n "$LABS_WORK" ]; then # for the student to run, too
        cp "$work/program" "$LABS_WORK/$name.new" && mv -f "$LABS_WORK/$name.new" "$LABS_WORK/$name"
    elif [ -z "$from" ]; then
        cp "$work/program" "$work/copy" && mv -f "$work/copy" "$top/$folder/$name"
    fi 2>/dev/null
}

check() {
    for _ in first last; do
        empty_box
        # What the tasks need is copied: nothing leads out of the box.
        mkdir "$work/lab/checks" "$work/lab/in/data" "$work/lab/in/data/work"
        for file in "$top"/data/*.txt; do
            cp "$file" "$work/lab/in/data"
            cp "$file" "$work/lab/in/data/work"
        done
        cp "$work/program" "$work/lab/$name"
        cp "$CHECKS/$name" "$work/lab/checks/$name"
        sum=$(checksum "$CHECKS/$name")
        now
        begun=$now
        most=$bound box "../checks/$name" "../$name" >"$work/said" 2>"$work/trouble"
        now
        if [ "$sum" != "$(checksum "$CHECKS/$name")" ] ||
            [ "$sum" != "$(checksum "$work/lab/checks/$name")" ]; then
            rm -f "$CHECKS/$name" # it is built anew the next time
            no_verdict error "the check was changed while it ran: no verdict"
            return
        fi
        [ $status = 75 ] || break
    done
    case $status in
    0 | 1)
        if [ ! -s "$work/said" ]; then
            no_verdict error "the check itself fails: it ended with status $status, without a word"
        elif [ $status = 0 ]; then
            verdict pass
        else
            verdict fail
        fi
        ;;
    75)
        busy=$(head -n 1 "$work/said")
        no_verdict error "${busy:-busy: try again}"
        ;;
    77)
        case $(cat "$work/said") in
        *cap-add*) ;;
        *ptrace* | *process_vm_readv*)
            echo "(in a container: --cap-add=SYS_PTRACE, see tests/labs/README.md)" >>"$work/said"
            ;;
        esac
        verdict skipped
        ;;
    *)
        if [ $((now - begun)) -ge $((bound * 100)) ]; then
            echo "no verdict in $bound seconds" >"$work/said"
        elif [ $status -gt 128 ] && [ $status -lt 193 ]; then
            signal=$((status - 128))
            echo "the check was killed by signal $signal, maybe by what it checks: no verdict" \
                >"$work/said"
        else
            echo "the check itself fails, with status $status" >>"$work/said"
            cat "$work/trouble" >>"$work/said"
        fi
        verdict error
        ;;
    esac
}

# The whole file is read before anything is done.
main() {
    options
    build_checks
    begin
    prepare_report
    for lab in $labs; do
        points=${lab#*:} lab=${lab%:*}
        one_lab
    done
    case $FORMAT in
    text)
        if [ $terminal = yes ]; then printf '%s ' "$(bar $done)"; fi
        echo "$done of $many done"
        ;;
    json | junit | gradescope)
        set --
        number=0
        while [ $((number += 1)) -le "$many" ]; do set -- "$@" "$work/record.$number"; done
        number=1
        report "$@"
        ;;
    esac
    if [ $unknown -gt 0 ]; then exit 77; fi
    [ $done = "$many" ]
    exit
}
main
