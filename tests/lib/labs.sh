# tests/lib/labs.sh - a lab, a mend of it, and what its check says, for the suites
# labs.sh and mends.sh. LAB_RUNS and LAB_SECONDS: see mends.sh.
# shellcheck shell=sh disable=SC2086,SC2154 # busybox sh; lib.sh has set it
: "${LAB_RUNS:=0}" "${LAB_SECONDS:=0}"
# The names of all labs, as in the list of them, without their folders.
labs=$(awk -F '[/\t]' '!/^#/ { print $2 }' tests/labs/list)

# The checks, from the sources that are here; as for `make labs`.
checks=$top/data/work/checks
built() {
    # shellcheck disable=SC2046 # a list
    make -s -j2 $(for lab in $labs; do echo "data/work/checks/$lab"; done)
}

# The evidence that the starter is meant to give.
evidence() {
    awk -F '\t' -v lab="$1" '!/^#/ && $1 ~ "/" lab "$" { print $2 }' tests/labs/list
}

# starter NAME: it, in $T/NAME.c. Who mends a lab still has a green `make test`.
starter() {
    t_handed_out ./*/lab/"$1.c" >"$T/$1.c"
}

# mended NAME MEND: the mend, in $T/NAME.c
mended() {
    case $2 in
    *.c) cp "$2" "$T/$1.c" ;;
    *)
        from=$(sed -n '1s/^# from //p' "$2")
        if [ -n "$from" ]; then cp "tests/labs/mends/$from" "$T/$1.c"; else starter "$1"; fi
        mv "$T/$1.c" "$T/before.c"
        sed -f "$2" "$T/before.c" >"$T/$1.c"
        if cmp -s "$T/before.c" "$T/$1.c"; then t_fail "$2 changes nothing"; fi
        ;;
    esac
}

# verdict NAME: of $T/NAME.c, with its evidence in $T/evidence.
verdict() {
    env LAB="$1" LABS_FROM="$T" FORMAT=tsv CHECKS="$checks" CC="${CC:-cc}" \
        $TEST_SH tests/labs/checks/run.sh >"$T/tsv" 2>"$T/err" || :
    cut -f 3 "$T/tsv" >"$T/evidence"
    verdict=$(cut -f 2 "$T/tsv")
    [ "$verdict" != skipped ] || t_skip "$(cat "$T/evidence")"
}

# every MEND of a kind, or one by chance.
every() {
    ls tests/labs/mends/"$1".*."$2" >"$T/list" 2>/dev/null || t_fail "there is none"
    if [ "$LAB_RUNS" -gt 0 ]; then
        cat "$T/list"
    else
        sed -n "$(($(t_random "$(wc -l <"$T/list")") + 1))p" "$T/list"
    fi
}

# repeated NAME VERDICT WHAT: the same each time. The program that was built for
# the first one is good for all.
repeated() {
    verdict "$1"
    [ "$verdict" = "$2" ] || t_fail "$3: $verdict: $(cat "$T/evidence" "$T/err")"
    n=1 begun=$(date +%s)
    while [ $((n += 1)) -le "$LAB_RUNS" ]; do
        if [ "$2" = pass ] && [ "$LAB_SECONDS" != 0 ] &&
            [ $(($(date +%s) - begun)) -ge "$LAB_SECONDS" ]; then
            echo "# $3: $((n - 1)) of $LAB_RUNS runs, for want of time"
            break
        fi
        [ -x "$T/program" ] ||
            ${CC:-cc} -std=gnu11 -O2 -g "$T/$1.c" -o "$T/program" -lrt -lpthread
        rm -rf "$T/in"
        mkdir "$T/in"
        status=0
        (cd "$T/in" && "$checks/$1" "$T/program") >"$T/evidence" 2>"$T/err" || status=$?
        if [ $status = 75 ]; then # too busy: it may try again, once, as in run.sh
            status=0
            (cd "$T/in" && "$checks/$1" "$T/program") >"$T/evidence" 2>"$T/err" || status=$?
        fi
        case $status in
        0) verdict=pass ;;
        1) verdict=fail ;;
        *) verdict="status $status" ;;
        esac
        [ "$verdict" = "$2" ] ||
            t_fail "$3, run $n: $verdict: $(cat "$T/evidence" "$T/err")"
    done
    rm -f "$T/program"
}

starter_is_red() {
    starter "$1"
    repeated "$1" fail starter
    grep -q -e "$(evidence "$1")" "$T/evidence" || t_fail "$(cat "$T/evidence")"
}

# --- make labs ------------------------------------------------------------------

# labs [VARIABLE=VALUE]...: status, $T/out, $T/err.
labs() {
    t_run env CHECKS="$checks" CC="${CC:-cc}" "$@" $TEST_SH tests/labs/checks/run.sh
}

# In $T/in, where LABS_FROM leads, is what somebody has handed in.
hand_in() {
    mkdir -p "$T/in"
    cp "$1" "$T/in/$2.c"
}
