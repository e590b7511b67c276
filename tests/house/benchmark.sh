#!/bin/sh
# tests/house/benchmark.sh - make bench: it comes to its end, and leaves nothing
. "$(dirname "$0")/../lib/lib.sh"

# bench MIB FORMAT: in the background. Its programs are in $T/tmp, its objects
# are /dev/shm/bench.PID.*
bench() {
    mkdir "$T/tmp"
    # shellcheck disable=SC2086 # busybox sh
    t_start bench env TMPDIR="$T/tmp" BENCH_MIB="$1" BENCH_RUNS=1 FORMAT="$2" \
        $TEST_SH tests/bench/run.sh
}
bench_left() {
    find "$T/tmp" /dev/shm -path "$T/tmp/*" -o -name "bench.$1.*" >"$T/out"
    t_same out ""
}

bench_ends() {
    bench 1 tsv
    bench=$(t_pid bench)
    t_within 30 t_ended "$bench" || t_fail "it does not end"
    t_ends bench 0
    for table in throughput meeting roundtrip-two roundtrip-one mechanism life \
        slots bytes seqlock; do
        t_says bench.out "^\(# \)*${table}[:	]"
    done
    grep -v '^#' "$T/bench.out" | awk -F '\t' 'NF != 8 || $4 == 0' >"$T/out"
    t_same out ""
    t_same bench.err ""
    bench_left "$bench"
}

bench_fits() {
    bench 1 text
    bench=$(t_pid bench)
    t_within 30 t_ended "$bench" || t_fail "it does not end"
    t_ends bench 0
    [ "$(grep -c ' median .* ratio' "$T/bench.out")" = 9 ]
    # The chart is in the first screen: a title, two heads and a bar for each line.
    head -n 20 "$T/bench.out" | sed -n '/^What do I gain over a pipe/,/^$/p' >"$T/chart"
    [ "$(grep -c . "$T/chart")" -le 12 ]
    [ "$(grep -c '^  .* [0-9][0-9.]*  #*$' "$T/chart")" = 9 ]
    t_says chart '^  dd bs=64K | dd bs=64K  *1\.0  #*$' '^  pipe  *1\.0  #*$'
    # The better, the longer; the longest of each part has all columns.
    [ "$(grep -c "  $(printf '%039d' 0 | tr 0 '#')$" "$T/chart")" -ge 2 ]
    awk 'length($0) > 80 { print length($0) ": " $0 }' "$T/bench.out" >"$T/out"
    t_same out ""
    bench_left "$bench"
}

# A picture, and nothing else: XML, with a bar for each line of the chart.
bench_svg() {
    bench 1 svg
    bench=$(t_pid bench)
    t_within 30 t_ended "$bench" || t_fail "it does not end"
    t_ends bench 0
    t_same bench.err ""
    head -n 1 "$T/bench.out" | grep -q '^<svg xmlns="http://www.w3.org/2000/svg" .*>$'
    [ "$(tail -n 1 "$T/bench.out")" = '</svg>' ]
    [ "$(grep -c '^<rect .*height="14"' "$T/bench.out")" = 9 ]
    t_says bench.out '^<title>.*pipe' '>dd bs=64K | dd bs=64K</text>$'
    # No bar is outside of the picture.
    tr '"' ' ' <"$T/bench.out" |
        awk '/^<rect .*height= 14/ { if ($3 + $7 > 680 || $7 < 0) print }' >"$T/out"
    t_same out ""
    bench_left "$bench"
    command -v python3 >/dev/null || t_skip "python3 is not installed: is it XML?"
    python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' \
        "$T/bench.out"
}

bench_interrupted() {
    bench 8 text
    bench=$(t_pid bench)
    t_within 10 grep -q 'Throughput' "$T/bench.out" || t_fail "it does not begin"
    t_pause 300
    kill "$bench"
    t_ends bench 143 5
    bench_left "$bench"
}

# The reader of its output may go away: `make bench | head`.
bench_unread() {
    mkfifo "$T/fifo"
    head -n 4 <"$T/fifo" >"$T/head" &
    mkdir "$T/tmp"
    # shellcheck disable=SC2086 # busybox sh
    env TMPDIR="$T/tmp" BENCH_MIB=1 BENCH_RUNS=1 $TEST_SH tests/bench/run.sh \
        >"$T/fifo" 2>"$T/bench.err" &
    bench=$!
    t_remember bench "$bench"
    t_within 20 t_ended "$bench" || t_fail "it does not end"
    [ "$(wc -l <"$T/head")" = 4 ]
    bench_left "$bench"
}

t_it "make bench: runs to its end, prints all tables, leaves nothing" bench_ends
t_it "make bench: every table fits 80 columns" bench_fits
t_it "make bench: FORMAT=svg is a picture" bench_svg
t_it "make bench: ended by a signal, leaves nothing" bench_interrupted
t_it "make bench: nobody reads it to its end, leaves nothing" bench_unread
t_finish
