#!/bin/sh
# tests/labs/checks/all.sh - the labs of a whole class: `make labs-all FROM=handed_in`
#
# In FROM is a folder for each student, with their NAME.c in it. On stdout comes a table
# with tabs between: a row for each student and lab, after one that names the columns.
# A folder's name may have any bytes: %, tab, newline and the like, what is no UTF-8, and
# a first character that a spreadsheet would take for a formula are written as %XX.
#
# The checks are built anew, from the sources. The work goes side by side on all
# processors (JOBS); a lab that has not begun after LABS_MINUTES (240) is an `error`.
# What differs in blanks alone from another student's, or from a right solution in mends,
# is named in the last column. Exit status: 0, each has a verdict; 77, one could not be checked; 2, called wrong.
export LC_ALL=C
here=$(dirname "$0")

# encode: stdin, all of it, as a name in the table.
encode() {
    od -An -v -tu1 | awk '
        { for (i = 1; i <= NF; i++) byte[n++] = $i }
        function continues(i) { return i < n && byte[i] >= 128 && byte[i] < 192 }
        END {
            for (i = 0; i < n; i += size) {
                b = byte[i]; next_one = byte[i + 1]
                size = b < 194 ? 1 : b < 224 ? 2 : b < 240 ? 3 : b < 245 ? 4 : 1
                good = b > 31 && b < 127 && b != 37 || b >= 194 && b < 245
                for (k = 1; k < size; k++)
                    if (!continues(i + k)) good = 0
                if (b == 224 && next_one < 160 || b == 237 && next_one > 159 ||
                    b == 240 && next_one < 144 || b == 244 && next_one > 143 ||
                    b == 194 && next_one < 160)
                    good = 0
                if (i == 0 && (b == 61 || b == 43 || b == 45 || b == 64)) good = 0
                if (!good) size = 1
                for (k = 0; k < size; k++)
                    printf good ? "%c" : "%%%02X", byte[i + k]
            }
        }'
}

# --- one folder, in a process of its own ------------------------------------------------

one_folder() {
    student=$(printf %s "${1##*/}" | encode)
    mine=$(mktemp "$ALL_WORK/rows.XXXXXX") || exit 1
    trap 'kill $! 2>/dev/null; wait; exit 143' TERM INT HUP
    FORMAT=tsv LABS_FROM=$1 LABS_WORK='' TMPDIR=$ALL_WORK "$ALL_SHELL" "$here/run.sh" \
        </dev/null >"$mine.tsv" 2>"$mine.err" &
    wait $!
    status=$?
    find "$1" -mindepth 1 -name '*.[cC]' >"$mine.files"
    awk -F '[/\t]' 'FNR == NR { if (!/^#/ && NF) known[$2 ".c"]; next }
        !($NF in known)' "$here/../list" "$mine.files" >"$mine.unknown"
    find "$1" -mindepth 2 -name '*.[cC]' >>"$mine.unknown"
    [ ! -s "$mine.unknown" ] ||
        printf 'labs: %s: %s more .c files, in a subfolder or with no name of a lab\n' \
            "$student" "$(sort -u "$mine.unknown" | wc -l)" >>"$mine.err"
    # What its labs have in common with others' is found in the end: a sum for each.
    awk -F '[/\t]' '!/^#/ && NF { print $1 "/lab/" $2 ".c" }' "$here/../list" |
        while read -r lab; do
            file=$1/${lab##*/} name=${lab##*/}
            sum=-
            if [ -f "$file" ] && [ ! -L "$file" ] && [ -r "$file" ]; then
                sum=$(normal <"$file")
                if grep -q -x "$sum" "$ALL_WORK/starters"; then sum=-; fi
            fi
            printf '%s\t%s\t%s\n' "${name%.c}" "$sum" "$student"
        done >"$mine.sums"
    [ -s "$mine.tsv" ] ||
        printf '*\terror\tstatus %s: %s\t0\t0\t0\n' "$status" \
            "$(tr -s '\n\t' '  ' <"$mine.err")" >"$mine.tsv"
    student=$student awk '{ print ENVIRON["student"] "\t" $0 }' "$mine.tsv" >"$mine.ready"
    if [ -t 2 ]; then progress; fi
}
# A file that differs in its blanks and line ends alone is the same.
normal() {
    head -c 1000000 | tr -d '[:space:]' | sha256sum | cut -d ' ' -f 1
}
progress() {
    find "$ALL_WORK" -maxdepth 1 -name '*.ready' | awk -v of="$ALL_MANY" -v since="$ALL_SINCE" '
        END {
            n = NR
            getline now <"/proc/uptime"
            for (i = 0; i < 27; i++) bar = bar (i < 27 * n / of ? "#" : ".")
            printf "\r\033[K[%s] %d of %d folders, %d s", bar, n, of, now - since
        }' >&2
}

# --- all folders ----------------------------------------------------------------------

end() {
    trap '' INT TERM HUP
    if [ -n "$workers" ]; then
        while kill -TERM -- "-$workers"; do sleep 0.05; done
        wait
    fi 2>/dev/null
    rm -rf "$ALL_WORK"
}

main() {
    if [ "${1:-}" = --one ]; then
        one_folder "$2"
        exit 0
    fi
    top=$(cd "$here/../../.." && pwd) || exit 2
    : "${FROM:=}" "${CC:=cc}" "${LABS_MINUTES:=240}" "${JOBS:=$(nproc)}"
    [ -n "$FROM" ] || {
        echo "labs-all: which folder? make labs-all FROM=handed_in >results.tsv" >&2
        exit 2
    }
    case ${FORMAT:-tsv} in
    tsv) ;;
    *)
        echo "labs-all: FORMAT=$FORMAT is for one student: make labs FORMAT=$FORMAT LABS_FROM=" >&2
        exit 2
        ;;
    esac
    awk -F '[/\t]' 'ENVIRON["LAB"] == "" || !/^#/ && $2 == ENVIRON["LAB"] { found = 1 }
        END { exit !found }' "$here/../list" || {
        printf 'labs-all: there is no lab %s\n' "$LAB" >&2
        exit 2
    }
    case $FROM in
    /*) from=$FROM ;;
    *)
        from=$PWD/$FROM
        [ -z "${LABS_PWD:-}" ] || [ ! -d "$LABS_PWD/$FROM" ] || from=$LABS_PWD/$FROM
        ;;
    esac
    [ -d "$from" ] || {
        printf 'labs-all: there is no folder %s\n' "$FROM" >&2
        exit 2
    }

    workers=
    ALL_WORK=$(mktemp -d "${TMPDIR:-/tmp}/labs-all.XXXXXX") || exit 2
    trap end EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    trap 'exit 141' PIPE # nobody reads on: `| head`
    if [ "$(id -u)" = 0 ]; then chmod 711 "$ALL_WORK"; fi
    ALL_SHELL=$ALL_WORK/sh
    printf '#!/bin/sh\nexec %s "$@"\n' "${SH:-sh}" >"$ALL_SHELL"
    chmod 700 "$ALL_SHELL"
    find -H "$from" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -print0 |
        sort -z >"$ALL_WORK/folders"
    ALL_MANY=$(tr -cd '\0' <"$ALL_WORK/folders" | wc -c)
    [ "$ALL_MANY" -gt 0 ] || {
        printf 'labs-all: in %s is no folder\n' "$FROM" >&2
        exit 2
    }
    links=$(find -H "$from" -mindepth 1 -maxdepth 1 -type l -print0 | tr -cd '\0' | wc -c)
    [ "$links" = 0 ] || echo "labs-all: $links links in $FROM are left out" >&2
    if [ -z "${CHECKS:-}" ]; then
        mkdir -p "$ALL_WORK/tree/tests/labs"
        cp "$top/Makefile" "$ALL_WORK/tree"
        for part in "$top"/tests/labs/*; do
            [ "${part##*/}" = mends ] || cp -R "$part" "$ALL_WORK/tree/tests/labs"
        done
        CHECKS=$ALL_WORK/tree/data/work/checks
        (
            unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS
            unset CFLAGS CPPFLAGS LDFLAGS LDLIBS
            cd "$ALL_WORK/tree" && make -s -j"$JOBS" CC="$CC" labs-checks </dev/null >&2
        ) || exit 2
    fi
    # As it was handed out a lab is nobody's.
    awk -F '[/\t]' '!/^#/ && NF { print $1 "/lab/" $2 ".c" }' "$here/../list" |
        while read -r lab; do
            [ ! -f "$top/$lab" ] || normal <"$top/$lab"
            [ ! -f "$top/data/work/labs/${lab##*/}" ] || normal <"$top/data/work/labs/${lab##*/}"
            git -C "$top" show "HEAD:$lab" 2>/dev/null | normal
        done >"$ALL_WORK/starters"
    for mend in "$top"/tests/labs/mends/*.c; do
        [ ! -f "$mend" ] || printf '%s\t%s\ttests/labs/mends/%s\n' \
            "$(expr "${mend##*/}" : '\([a-z_]*\)')" "$(normal <"$mend")" "${mend##*/}"
    done >"$ALL_WORK/mends"
    read -r ALL_SINCE rest </proc/uptime
    LABS_UNTIL=$((${ALL_SINCE%.*} + LABS_MINUTES * 60))
    export ALL_WORK ALL_SHELL ALL_MANY ALL_SINCE LABS_UNTIL CHECKS CC
    # In a group of their own, so that all can be ended.
    setsid xargs -0 -n 1 -P "$JOBS" "$ALL_SHELL" "$0" --one <"$ALL_WORK/folders" &
    workers=$!
    wait $workers
    workers=
    if [ -t 2 ]; then printf '\r\033[K' >&2; fi
    # What went wrong with the machine, or with this, is said once.
    cat "$ALL_WORK"/rows.*.err | grep '^labs: ' | sort -u >&2

    table >"$ALL_WORK/table"
    printf 'student\tlab\tverdict\tevidence\tpoints\tof\tseconds\tsame_as\n'
    cat "$ALL_WORK/table"
    awk -F '\t' '
        $8 != "" {
            if (!(($8, $2) in who)) order[n++] = $8 SUBSEP $2
            who[$8, $2] = who[$8, $2] ", " $1
        }
        END {
            for (i = 0; i < n; i++) {
                split(order[i], part, SUBSEP)
                print "labs-all: the same " part[2] (part[1] ~ "/" ? " as " part[1] : "") \
                    ": " substr(who[order[i]], 3)
            }
        }' "$ALL_WORK/table" >&2
    if cut -f 3 "$ALL_WORK/table" | grep -q -x 'error\|skipped'; then exit 77; fi
    exit 0
}
# The rows, in the order of the folders and of the labs; at the end of each the right
# solution or the first student with the same file, if there is one.
table() {
    {
        cat "$ALL_WORK/mends"
        cat "$ALL_WORK"/rows.*.sums | sort
    } >"$ALL_WORK/sums"
    cat "$ALL_WORK"/rows.*.ready | sort -s -t "$(printf '\t')" -k 1,1 |
        awk -F '\t' '
            FNR == NR {
                sum[$3, $1] = $2
                many[$1, $2]++
                if (!(($1, $2) in first)) first[$1, $2] = $3
                next
            }
            {
                s = sum[$1, $2]
                print $0 "\t" (s != "-" && many[$2, s] > 1 ? first[$2, s] : "")
            }' "$ALL_WORK/sums" -
}
main "$@"
