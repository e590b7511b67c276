#!/bin/sh
# tests/bench/run.sh - how fast is shared memory, on this machine? (make bench)
#
# Every line of a table is measured BENCH_RUNS times (7), and in turn: run 1 of
# all its lines, then run 2 of all. So what disturbs the machine for a while
# disturbs all lines, and the median leaves it out. BENCH_MIB (1024) is how much
# is sent. FORMAT=tsv prints a line for each figure, for a plotting tool, and
# FORMAT=svg the chart alone that is at the top otherwise: a picture for a page.
#
# This is no test: nothing here is too slow. It ends with a failure only when
# something does not work, as when bytes are lost.

cd "$(dirname "$0")/../.." || exit 1
top=$PWD
export LC_ALL=C
: "${BENCH_MIB:=1024}" "${BENCH_RUNS:=7}" "${FORMAT:=text}" "${CC:=cc}"

die() {
    echo "bench: $*" >&2
    exit 1
}
for number in "$BENCH_MIB" "$BENCH_RUNS"; do
    case $number in
    '' | 0* | *[!0-9]* | ????????*) die "$number is not a number from 1" ;;
    esac
done
case $FORMAT in
text | tsv | svg) ;;
*) die "FORMAT is text, tsv or svg" ;;
esac

# All that is made has one of these names, and is removed on every way out.
# What runs is in the background, for only then does a signal end a wait.
child=
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX") || exit 1
# The number of a process is not enough: two containers with the same numbers may
# share /dev/shm, or the network, whose abstract addresses are.
mine=bench.$$.${tmp##*.}
shm=/dev/shm/$mine
clean() {
    if [ -n "$child" ]; then
        kill "$child" 2>/dev/null
        wait "$child"
    fi
    rm -rf "$tmp" "$shm".*
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE # make bench | head
trap 'exit 143' TERM

run() {
    "$@" </dev/null &
    child=$!
    wait "$child"
    status=$?
    child=
    return "$status"
}

# --- tables -------------------------------------------------------------------

text() {
    [ "$FORMAT" != text ] || printf '%s\n' "$*"
}

# table NAME UNIT MORE-UNITS TITLE: one run of a line prints a figure in UNIT,
# and one in each of MORE-UNITS.
table() {
    table=$1 units="$2 $3"
    text
    text "$4"
    : >"$tmp/lines"
    : >"$tmp/samples"
}

# line NAME COMMAND...: the words have no blanks in them.
line() {
    name=$1
    shift
    printf '%s\t%s\n' "$name" "$*" >>"$tmp/lines"
}

# Each line BENCH_RUNS times, in turn; then the table.
measure() {
    turn=0
    while [ "$turn" -lt "$BENCH_RUNS" ]; do
        turn=$((turn + 1))
        while IFS='	' read -r name command <&3; do
            [ ! -t 2 ] || printf '\r\033[K%s, run %s of %s: %s\r' \
                "$table" "$turn" "$BENCH_RUNS" "$name" >&2
            # shellcheck disable=SC2086 # words
            run $command >"$tmp/out" 2>"$tmp/err" 3<&-
            case $status in
            0 | 77) ;;
            *)
                cat "$tmp/err" >&2
                die "$table, $name: status $status"
                ;;
            esac
            printf '%s\t%s\t%s\n' "$name" "$status" "$(cat "$tmp/out")" \
                >>"$tmp/samples"
        done 3<"$tmp/lines"
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
    awk -F '\t' -v table="$table" -v units="$units" -v format="$FORMAT" \
        -v medians="$tmp/medians" '
        # The middle of the n figures in list, sorted, and the two ends.
        function middle(list, n,    i, j, x) {
            for (i = 2; i <= n; i++) {
                x = list[i]
                for (j = i - 1; j > 0 && list[j] > x; j--)
                    list[j + 1] = list[j]
                list[j + 1] = x
            }
            least = list[1]
            most = list[n]
            return (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2
        }
        function show(x) {
            return sprintf(x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : \
                x >= 0.1 || x == 0 ? "%.2f" : "%.2g", x)
        }
        function hashes(n,    s) {
            while (n-- >= 1)
                s = s "#"
            return s
        }
        !($1 in runs) { order[++lines] = $1; runs[$1] = 0 }
        $2 == 77 { why[$1] = $3; next }
        {
            n = split($3, figures, " ")
            runs[$1]++
            for (f = 1; f <= n; f++)
                sample[$1, f, runs[$1]] = figures[f] + 0
        }
        END {
            count = split(units, unit, " ")
            for (l = 1; l <= lines; l++)
                for (f = 1; f <= count && !(order[l] in why); f++) {
                    name = order[l]
                    for (r = 1; r <= runs[name]; r++)
                        list[r] = sample[name, f, r]
                    median[l, f] = middle(list, runs[name])
                    low[l, f] = least
                    high[l, f] = most
                    if (f == 1 && median[l, 1] > top)
                        top = median[l, 1]
                    if (f == 1)
                        printf "%s\t%s\t%g\n", table, name, median[l, 1] >>medians
                }
            if (format == "svg")
                exit
            # The cells of a text; line 0 is the head.
            cell[0, 1] = unit[1]
            cell[0, 2] = "median"
            cell[0, 3] = "min"
            cell[0, 4] = "max"
            cell[0, 5] = "ratio"
            for (f = 2; f <= count; f++)
                cell[0, 4 + f] = unit[f]
            columns = 4 + count
            for (l = 1; l <= lines; l++) {
                name = order[l]
                cell[l, 1] = name
                if (name in why) {
                    if (format == "tsv")
                        printf "# %s: %s: skipped: %s\n", table, name, why[name]
                    continue
                }
                for (f = 1; f <= count; f++) {
                    ratio = median[1, f] > 0 ? median[l, f] / median[1, f] : 0
                    if (format == "tsv")
                        printf "%s\t%s\t%s\t%d\t%g\t%g\t%g\t%.4g\n", \
                            table, name, unit[f], runs[name], median[l, f], \
                            low[l, f], high[l, f], ratio
                    else if (f == 1) {
                        cell[l, 2] = show(median[l, 1])
                        cell[l, 3] = show(low[l, 1])
                        cell[l, 4] = show(high[l, 1])
                        cell[l, 5] = show(ratio)
                    } else
                        cell[l, 4 + f] = show(median[l, f])
                }
            }
            if (format == "tsv")
                exit
            # The bar is what is left of 80; where that is little there is none.
            rest = 80
            for (c = 1; c <= columns; c++) {
                width[c] = 6
                for (l = 0; l <= lines; l++)
                    if (length(cell[l, c]) > width[c])
                        width[c] = length(cell[l, c])
                rest -= width[c] + 1
            }
            bar = rest > 16 ? 16 : rest < 5 ? 0 : rest
            for (l = 0; l <= lines; l++) {
                if (l && order[l] in why) {
                    printf "%s\n    skipped: %s\n", order[l], why[order[l]]
                    continue
                }
                out = sprintf("%-" width[1] "s", cell[l, 1])
                for (c = 2; c <= columns; c++)
                    out = out sprintf(" %" width[c] "s", cell[l, c])
                if (l && top > 0) # a machine that is too busy measures 0
                    out = out " " hashes(bar * median[l, 1] / top + 0.5)
                sub(/ +$/, "", out)
                print out
            }
        }' "$tmp/samples"
}

# chart: from the medians of the tables throughput and roundtrip-two, as text or as
# a picture. Each of its two parts has a scale of its own.
chart() {
    awk -F '\t' -v format="$FORMAT" -v machine="$machine" '
        function part(title, table, names,    n, i, list, top) {
            n = split(names, list, "\t")
            print_title(title)
            for (i = 1; i <= n; i++)
                if (times(table, list[i]) > top)
                    top = times(table, list[i])
            for (i = 1; i <= n; i++)
                if (times(table, list[i]) > 0)
                    print_bar(list[i], times(table, list[i]), top)
        }
        # As many times as good as a pipe: bytes a second, but ns a trip.
        function times(table, name,    good, pipe) {
            good = median[table, name]
            pipe = median[table, table == "throughput" ? first : "pipe"]
            if (good == 0 || pipe == 0) # skipped, or the machine is too busy
                return 0
            return table == "throughput" ? good / pipe : pipe / good
        }
        function show(x) {
            return sprintf(x < 9.95 ? "%.1f" : "%.0f", x)
        }
        function print_title(title) {
            y += 28
            if (format == "svg")
                print_text(10, y, "font-weight=\"bold\"", title)
            else
                print title
        }
        function print_bar(name, x, top,    bar) {
            y += 22
            if (format == "svg") {
                print_text(240, y, "text-anchor=\"end\"", name)
                printf "<rect x=\"250\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>\n", \
                    y - 12, 390 * x / top, x == 1 ? "#888888" : "#2266aa"
                print_text(256 + 390 * x / top, y, "", show(x))
                return
            }
            bar = sprintf("%39s", "")
            gsub(/ /, "#", bar)
            printf "  %-29s %5s  %s\n", name, show(x), \
                substr(bar, 1, int(39 * x / top + 0.5))
        }
        function print_text(x, y, how, words) {
            gsub(/&/, "\\&amp;", words)
            gsub(/</, "\\&lt;", words)
            gsub(/>/, "\\&gt;", words)
            printf "<text x=\"%.1f\" y=\"%d\" %s>%s</text>\n", x, y, how, words
        }
        { median[$1, $2] = $3 }
        END {
            title = "What do I gain over a pipe? The pipe is 1, and more is better."
            if (format == "svg") {
                print "<svg xmlns=\"http://www.w3.org/2000/svg\"" \
                    " viewBox=\"0 0 720 312\" width=\"720\" height=\"312\"" \
                    " font-family=\"sans-serif\" font-size=\"13\" fill=\"#222222\">"
                print "<title>" title "</title>"
                # A ground of its own: it is read on light and on dark pages.
                print "<rect width=\"720\" height=\"312\" fill=\"#ffffff\"/>"
                print_text(10, y += 24, "font-size=\"17\"", title)
            } else
                print title
            first = "dd bs=64K | dd bs=64K"
            part("Bytes a second", "throughput", first "\tpipe of 1 MiB" \
                "\tUNIX socket\tSystem V lock-step, 64 KiB" \
                "\tstream_writer, stream_reader")
            part("Round trips of 8 bytes a second", "roundtrip-two", \
                "pipe\tPOSIX semaphores\tfutex(2)\tatomics, spinning")
            if (format == "svg") {
                print_text(10, 303, "font-size=\"10\"", machine)
                print "</svg>"
            }
        }' "$tmp/medians"
}

# --- the machine --------------------------------------------------------------

model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
libc=$(printf '#include <limits.h>\nlibc __GLIBC__ __GLIBC_MINOR__\n' |
    $CC -E - 2>/dev/null | tail -n 3 | tr -s '\n' ' ' |
    sed -n 's/.*libc .* \([0-9][0-9]*\) \([0-9][0-9]*\) *$/glibc \1.\2/p')
machine="${model:-$(uname -m)}, $(nproc) cores; Linux $(uname -r); \
${libc:-a libc that is not glibc}; load $(cut -d ' ' -f 1 /proc/loadavg)"

# The file in /dev/shm is four times BENCH_MIB; the memory of a sealed_writer
# beside it may be as large.
most=$(df -Pk /dev/shm | awk 'NR == 2 { print int($4 / 1024 / 5) }')
memory=$(awk '/^MemAvailable:/ { print int($2 / 1024 / 9) }' /proc/meminfo)
[ "$most" -le "$memory" ] || most=$memory
if [ "$BENCH_MIB" -gt "$most" ]; then
    echo "bench: memory and /dev/shm have room for BENCH_MIB=$most, not" \
        "$BENCH_MIB" >&2
    BENCH_MIB=$most
    [ "$BENCH_MIB" -gt 0 ] || die "that is too little"
fi

# build NAME SOURCE FLAG...: as an ordinary program, outside of the tree.
build() {
    program=$tmp/$1 source=$top/$2
    shift 2
    $CC -std=c11 -O2 "$@" "$source" -o "$program" -lrt || die "no $program"
}
for name in throughput meeting roundtrip mechanism seqlock; do
    build "$name" "tests/bench/$name.c"
done
cd "$tmp" || exit 1

# The bytes to send, again and again the same.
seed=$((BENCH_MIB < 16 ? BENCH_MIB : 16))
all=$((BENCH_MIB * 4))
dd if=/dev/urandom of=seed bs=1048576 count=$seed 2>/dev/null ||
    die "no room in $tmp"
left=$all
: >"$shm.file"
while [ "$left" -gt 0 ]; do
    run dd if=seed bs=1048576 count="$left" 2>/dev/null >>"$shm.file" ||
        die "no room in /dev/shm"
    left=$((left - seed))
done
totals=
total=1
while [ "$total" -le "$all" ]; do
    totals="$totals $total"
    total=$((total * 4))
done

case $FORMAT in
tsv)
    echo "# $machine; BENCH_MIB=$BENCH_MIB"
    printf 'table\tline\tunit\truns\tmedian\tmin\tmax\tratio\n'
    ;;
text)
    {
        echo "$machine"
        echo "Medians of $BENCH_RUNS interleaved runs, with the least and the" \
            "most; ratio: to the first line."
    } | fold -s -w 80 | sed 's, *$,,'
    # The chart comes first, and what it is made from has to be measured before.
    exec 5>&1 >"$tmp/first"
    ;;
esac

# --- 1. throughput ------------------------------------------------------------

# Words without blanks, whatever the path of the checkout is.
ln -s "$top/posix_shm" pair || exit 1
pair=/$mine.pair
throughput() {
    name=$1 method=$2 mib=$3
    shift 3
    # Once to a file: are they the same bytes? A line that is skipped (77) says
    # why when it is measured.
    run ./throughput "$method" $seed seed copy "$@" >out ||
        [ "$status" = 77 ] || die "$name: status $status"
    [ "$status" = 77 ] || cmp seed copy || die "$name: other bytes"
    line "$name" ./throughput "$method" "$mib" "$shm.file" /dev/null "$@"
}
few=$((BENCH_MIB < 64 ? 1 : BENCH_MIB / 64)) # lock-step of 1 KiB takes long
table throughput MB/s CPU_s/GB "\
1. Throughput, $BENCH_MIB MiB from a file in /dev/shm, through two processes, to
   /dev/null. More is better. CPU: seconds a GB, of both processes."
throughput 'dd bs=64K | dd bs=64K' dd-dd "$BENCH_MIB"
throughput 'pipe of 1 MiB' pipe-1M "$BENCH_MIB"
throughput 'UNIX socket' unix "$BENCH_MIB"
throughput 'splice, splice (no copy)' splice "$BENCH_MIB"
throughput "System V lock-step, 1 KiB *" step-1K $few
throughput 'System V lock-step, 64 KiB' step-64K "$BENCH_MIB"
throughput 'stream_writer, stream_reader' stream "$BENCH_MIB" pair "$pair"
throughput 'dd bs=64K (one process)' dd "$BENCH_MIB"
measure
text "* $few MiB only"
text "write(2) to /dev/null reads nothing. So splice copies no byte; the stream
pair, lock-step and one dd copy each byte once, the others three times."

table meeting us 'look_ms fill_ms' "\
   The meeting: a writer waits, a reader comes. Time from the reader's first
   call, its process has started, until it may read the memory. Less is better.
   look: the first look at each page; fill: what the writer needed before."
meeting() {
    line "$1" ./meeting "$2" "pair/$3" "$pair" "$4" "$shm.file"
}
meeting 'writer, reader' message writer 0
meeting 'stream pair' stream stream_writer 0
for total in $totals; do
    meeting "sealed pair, $total MiB" sealed sealed_writer "$total"
done
[ "$FORMAT" = svg ] || measure

# --- 2. round trip ------------------------------------------------------------

seconds=0.2
[ "$BENCH_MIB" -ge 64 ] || seconds=0.01
trip() {
    line "$3" ./roundtrip "$2" "$1" $seconds
}
trips() {
    trip "$1" ring 'a byte through a UNIX socket'
    trip "$1" posix 'POSIX semaphores'
    trip "$1" sysv 'System V semaphores'
    trip "$1" futex 'futex(2)'
    trip "$1" pipe 'pipe'
}
table roundtrip-two ns p99_ns "\
2. Round trip of 8 bytes, two processes, each on a core of its own. Less is
   better. p99: one of 100 takes longer."
trip two spin 'atomics, spinning'
trips two
measure
case $FORMAT in
svg)
    chart
    exit
    ;;
text)
    exec >&5 5>&-
    text
    chart
    cat "$tmp/first"
    ;;
esac
table roundtrip-one ns p99_ns "\
   The same with both on one core. A process that spins there keeps the other
   from its work until the scheduler takes the core away. ($seconds s.)"
trips one
trip one spin 'atomics, spinning'
measure

# --- 3. the mechanism ---------------------------------------------------------

kinds() {
    while read -r kind name; do
        line "$name" ./mechanism "$kind" "$1" "$2" disk "/$mine.ring"
    done <<END
posix POSIX shm_open
memfd memfd
sysv System V shmget
anonymous anonymous, inherited
disk file on the disk
memfd-huge memfd, MFD_HUGETLB
memfd-transparent memfd, MADV_HUGEPAGE
END
}
ring=$((BENCH_MIB < 4 ? 2 : BENCH_MIB / 2)) # a slot is 2 MiB
table mechanism MB/s '' "\
3. Does the mechanism matter? The ring of the stream pair in memory of every
   kind: $ring MiB copied in and copied out. More is better."
kinds ring $ring
measure
life=$((BENCH_MIB < 64 ? BENCH_MIB : 64))
table life ms 'create map touch remove' "\
   The same kinds: $life MiB from nothing to nothing. Less is better. Create:
   with memory behind it where a call promises that; else the touch brings it."
kinds life $life
measure

# --- 4. how it grows ----------------------------------------------------------

# The pair itself, compiled for other slots.
much=$((BENCH_MIB < 4 ? 1 : BENCH_MIB / 4))
sizes='4 64 512 2048 4096' numbers='1 2 4 16'
[ "$BENCH_MIB" -ge 64 ] || sizes='64 2048' numbers='1 2'
table slots MB/s CPU_s/GB "\
4. How it grows. The stream pair as in table 1, with other slots: their size and
   number. $much MiB. More is better."
for size in $sizes; do
    for number in $numbers; do
        folder=slots.$size.$number
        mkdir "$folder"
        for side in stream_writer stream_reader; do
            build "$folder/$side" posix_shm/$side.c -DSLOTS="$number" \
                -DSLOT_SIZE=$((size * 1024))
        done
        line "$size KiB, $number" ./throughput stream $much "$shm.file" \
            /dev/null "$folder" "$pair"
    done
done
measure

table bytes MB/s CPU_s/GB "\
   The pair as it is, and how much it sends. To start a reader takes about 1 ms."
for total in $totals; do
    line "$total MiB" ./throughput stream "$total" "$shm.file" /dev/null \
        pair "$pair"
done
measure
rm "$shm".*

table seqlock looks/s 'updates/s retries' "\
   The sequence lock of mmap/seqlock.h: a writer that never rests, and
   readers. Retries: how often one look had to copy again."
for readers in 1 2 4 8; do
    line "readers: $readers" ./seqlock $readers $seconds
done
measure
