#!/bin/sh
# tests/lessons/stream.sh - chapter 2: the pairs that meet at a socket: the sealed
# pair, and the stream pair with its ring of slots
#
# SIZES (12) inputs are sent in different ways; BIG=1 sends 5 GiB as well.
# shellcheck disable=SC2086 # words
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/pairs.sh"
: "${SIZES:=12}"
pair=stream
text=data/english.txt

# w IN and r OUT: the writer, and the reader.
w() {
    t_start_io "$1" "$T/w.out" w env --default-signal \
        ./posix_shm/stream_writer -s "$NAME"
}
r() {
    t_start_io /dev/null "$1" r env --default-signal \
        ./posix_shm/stream_reader -s "$NAME"
}

# feed: w and r have met, and wait for what is written to
# descriptor 9.
feed() {
    rm -f "$T/feed"
    : >"$T/r.out"
    mkfifo "$T/feed"
    w "$T/feed"
    r "$T/r.out"
    exec 9>"$T/feed"
    printf x >&9
    t_within 2 has 1 || t_fail "the first byte does not arrive"
}
has() {
    [ "$(wc -c <"$T/r.out")" = "$1" ]
}

# stuff: w and r have met, but nobody takes what r prints, until
# `release r.out`; soon the ring is full.
stuff() {
    t_hold
    w /dev/zero
    t_start_held_out r env --default-signal ./posix_shm/stream_reader -s "$NAME"
    t_stands r
}

# flow: w and r are at work, and neither waits for the other.
flow() {
    rm -f "$T/feed"
    : >"$T/r.out"
    mkfifo "$T/feed"
    t_start_io /dev/null "$T/feed" f sh -c 'while echo x; do sleep 0.01; done'
    w "$T/feed"
    r "$T/r.out"
    t_within 2 [ -s "$T/r.out" ] || t_fail "nothing arrives"
}

# arrives FILE [COPY]: the copy is the same, both have ended with 0, and the
# reader says how many bytes there were.
arrives() {
    t_ends w 0 9
    t_ends r 0 9
    cmp "$1" "${2:-$T/r.out}"
    t_says r.err "^$(wc -c <"$1") bytes (.* MB, .* MiB) copied, .* s, .* MB/s$"
    t_same w.out ""
    nothing_left
}

in_order() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        if [ "$1" = reader ]; then
            r "$T/r.out"
            t_tells r 'waiting for a writer'
        fi
        w "$text"
        if [ "$1" = writer ]; then t_tells w 'waiting for a reader'; fi
        if [ "$1" != reader ]; then r "$T/r.out"; fi
        arrives "$text"
    done
}

# The address of a pair, as unix(7) shows it in proc(5).
taken() {
    grep -q "@shm_$1\$" /proc/net/unix
}
# As a learner starts it, one run of it at a time for this user.
no_arguments() {
    t_alone
    ! taken "$1.$(id -u).tutorial" || t_skip "the address is in use"
    t_start_io "$text" "$T/w.out" w "./posix_shm/${1}_writer"
    t_tells w "waiting for a reader at @shm_$1.$(id -u).tutorial"
    taken "$1.$(id -u).tutorial"
    t_start r "./posix_shm/${1}_reader"
    t_ends w 0
    t_ends r 0
    cmp "$text" "$T/r.out"
    ! taken "$1.$(id -u).tutorial"
}

# --- any number of bytes ----------------------------------------------------------

# Random bytes: as many as where something ends, and then any number. As they
# come, or bit by bit into the writer, out of the reader, or both.
sizes() {
    mkfifo "$T/feed" "$T/sink"
    most=67108864 # 64 MiB
    head -c "$most" /dev/urandom >"$T/all"
    n=0
    for size in 0 1 $((slot - 1)) "$slot" $((slot + 1)) $((ring - 1)) "$ring" \
        $((ring + 1)) "$most"; do
        [ $((n += 1)) -gt "$SIZES" ] || one_size
    done
    while [ $((n += 1)) -le "$SIZES" ]; do
        case $(t_random 3) in
        0) size=$((slot * $(t_random $((most / slot))) + 1 - $(t_random 3))) ;;
        1) size=$((ring * $(t_random $((most / ring))) + 1 - $(t_random 3))) ;;
        2) size=$(t_random $((most + 1))) ;;
        esac
        [ "$size" -ge 0 ] || continue
        one_size
    done
}
one_size() {
    from=$T/in to=$T/r.out bits=$(t_random 8)
    piece=$((size / 100 + 1 + $(t_random 10000)))
    echo "$size bytes, $bits, pieces of $piece"
    head -c "$size" "$T/all" >"$T/in"
    if [ $((bits & 1)) != 0 ]; then
        from=$T/feed
        t_dribble in "$T/in" "$T/feed" "$piece"
    fi
    if [ $((bits & 2)) != 0 ]; then
        to=$T/sink
        t_dribble out "$T/sink" "$T/copy" "$piece"
    fi
    if [ $((bits & 4)) = 0 ]; then w "$from"; fi
    r "$to"
    if [ $((bits & 4)) != 0 ]; then w "$from"; fi
    if [ $((bits & 2)) != 0 ]; then
        t_ends out 0 9
        arrives "$T/in" "$T/copy"
    else
        arrives "$T/in"
    fi
}

more_than_32_bits() {
    truncate -s 5G "$T/in"
    mkfifo "$T/sink"
    t_start_io "$T/sink" "$T/count" c wc -c
    w "$T/in"
    r "$T/sink"
    t_ends w 0 60
    t_ends r 0
    t_ends c 0
    t_same count 5368709120
    t_says r.err '^5368709120 bytes (5368.7 MB, 5120.0 MiB) copied, '
}

# A byte does not wait until a slot is full.
at_once() {
    feed
    for n in 2 3 4 5 6 7 8 9; do
        printf x >&9
        t_within 1 has "$n" || t_fail "byte $n does not arrive"
    done
    exec 9>&-
    printf xxxxxxxxx >"$T/in"
    arrives "$T/in"
}

# A stdout with room for less than a slot: write(2) does not sleep there, or nobody
# would notice the death.
room_for_less() {
    t_hold
    dd bs=4096 count=2 of=/dev/null <&9 2>/dev/null
    w /dev/zero
    t_start_held_out r ./posix_shm/stream_reader -s "$NAME"
    t_stands r
    kill -KILL "$(t_pid w)"
    t_ends w 137
    t_ends r 1
    t_says r.err 'the writer is gone'
    t_release r.out
}
# Who else writes to the same pipe may take the room that poll(2) has seen: EAGAIN.
room_taken() {
    cat >"$T/taken.h" <<'H'
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>
static int writes;
#define write(...) (writes++ % 3 == 0 ? (errno = EAGAIN, -1) : write(__VA_ARGS__))
H
    ${CC:-cc} -include "$T/taken.h" posix_shm/stream_reader.c -o "$T/taken" -lrt
    w "$text"
    t_start_io /dev/null "$T/r.out" r "$T/taken" -s "$NAME"
    arrives "$text"
}

# A stdout that is a file is not opened again: it goes on where it was.
after_a_header() {
    w "$text"
    { echo header && ./posix_shm/stream_reader -s "$NAME"; } >"$T/r.out" 2>"$T/r.err"
    t_ends w 0
    { echo header && cat "$text"; } | cmp - "$T/r.out"
}
# A pipe of another user cannot be opened again: it is used as it is.
pipe_of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can be two users"
    t_for_everyone posix_shm/stream_writer posix_shm/stream_reader
    mkfifo -m 600 "$T/sink"
    t_start_io "$T/sink" "$T/copy" c cat
    t_start_io "$text" "$T/w.out" w $t_not_root "$T/stream_writer" -s "$NAME"
    t_start_io /dev/null "$T/sink" r $t_not_root "$T/stream_reader" -s "$NAME"
    t_ends r 0
    t_ends c 0
    t_ends w 0
    cmp "$text" "$T/copy"
}

# Who else has the same stdin or stdout may have set O_NONBLOCK for all.
not_blocking() {
    mkfifo "$T/feed" "$T/sink"
    head -c $((3 * ring)) /dev/urandom >"$T/in"
    t_dribble in "$T/in" "$T/feed" 30000
    t_dribble out "$T/sink" "$T/copy" 30000
    # shellcheck disable=SC2016 # for the shell in there
    t_start_io "$T/feed" "$T/w.out" w sh -c \
        'dd iflag=nonblock count=0 && exec ./posix_shm/stream_writer -s "$NAME"'
    # shellcheck disable=SC2016
    t_start_io /dev/null "$T/sink" r sh -c \
        'dd oflag=nonblock count=0 && exec ./posix_shm/stream_reader -s "$NAME"'
    t_ends out 0 9
    arrives "$T/in" "$T/copy"
}

# A second writer is refused, a second reader waits for the next writer.
second_ones() {
    feed
    t_refused 1 "bind @.*$NAME.*: Address \(already \)*in use" \
        ./posix_shm/stream_writer -s "$NAME"
    t_start s ./posix_shm/stream_reader -s "$NAME"
    t_tells s 'waiting for a writer'
    printf y >&9
    exec 9>&-
    printf xy >"$T/in"
    arrives "$T/in"
    w "$text"
    t_ends w 0
    t_ends s 0
    cmp "$text" "$T/s.out"
}

# --- who is slow stops the other --------------------------------------------------

# ticks WHO: the hundredths of a second it has computed so far, proc(5).
ticks() {
    sed 's/.*) //' "/proc/$(t_pid "$1")/stat" |
        awk '{ print $12 + $13 }'
}
# idle WHO...: in one second each computes less than 50 ms.
idle() {
    for who; do eval "ticks_$who=$(ticks "$who")"; done
    sleep 1
    for who; do
        used=$(ticks "$who")
        eval "used=\$((used - ticks_$who))"
        echo "$who: $used ticks"
        [ "$used" -lt 5 ] || t_fail "$who computes while t_it waits"
    done
}

# Pair 1 waits for its input; in pair 2 the reader is stopped, in pair 3 the
# writer. And no writer reads further ahead than the ring.
back_pressure() {
    head -c $((4 * ring)) /dev/urandom >"$T/in2"
    mkfifo "$T/in1" "$T/in3" "$T/sink" "$T/go"
    # shellcheck disable=SC2016 # for the shell in there
    t_start_io "$T/sink" "$T/copy" c sh -c 'read -r go <"$0" && cat' "$T/go"
    for i in 1 2 3; do
        t_start_io "$T/in$i" /dev/null "w$i" ./posix_shm/stream_writer -s "$NAME.$i"
        to=$T/r$i.out
        if [ "$i" = 2 ]; then to=$T/sink; fi
        t_start_io /dev/null "$to" "r$i" ./posix_shm/stream_reader -s "$NAME.$i"
    done
    exec 9>"$T/in1" 8>"$T/in3"
    printf x | tee /dev/fd/8 >&9
    t_within 2 [ -s "$T/r1.out" ]
    t_within 2 [ -s "$T/r3.out" ]
    t_stands r2
    kill -STOP "$(t_pid r2)" "$(t_pid w3)"
    t_within 2 full w2 || t_fail "w2 has read $(ahead w2), and the ring is $ring"
    idle w1 r1 w2 r3
    [ "$(ahead w2)" -le $((ring + slot + 65536)) ] || t_fail "w2 is at $(ahead w2)"
    kill -CONT "$(t_pid r2)" "$(t_pid w3)"
    exec 9>&- 8>&-
    echo go >"$T/go"
    for i in 1 2 3; do
        t_ends "w$i" 0
        t_ends "r$i" 0
        # On no terminal there is no progress to see.
        [ "$(grep -c "$(printf '\r')" "$T/r$i.err")" = 0 ]
    done
    t_ends c 0
    cmp "$T/in2" "$T/copy"
}
# ahead WHO: how far in its input it is; full WHO: a ring at least.
ahead() {
    awk '$1 == "pos:" { print $2 }' "/proc/$(t_pid "$1")/fdinfo/0"
}
full() {
    [ "$(ahead "$1")" -ge "$ring" ]
}

# --- deaths, signals, -t ----------------------------------------------------------

# in_the_middle SIGNAL STATUS: to each, in each state. The other one says why.
in_the_middle() {
    for state in feed stuff flow; do
        for victim in w r; do
            echo "$state: $1 to $victim"
            $state
            kill "-$1" "$(t_pid "$victim")"
            t_ends "$victim" "$2"
            if [ "$victim" = r ]; then
                t_ends w 1
                t_says w.err 'the reader is gone'
            else
                t_ends r 1 # though nobody takes what it prints
                t_says r.err 'the writer is gone'
            fi
            case $state in
            feed) exec 9>&- ;;
            stuff) t_release r.out ;;
            flow) t_within 2 t_ended "$(t_pid f)" && t_reap f ;;
            esac
            nothing_left
        done
    done
    plain_run
}

alone() {
    for signal in INT TERM; do
        w "$text"
        t_tells w 'waiting for a reader'
        kill "-$signal" "$(t_pid w)"
        t_ends w "$(status_of $signal)"
        nothing_left
        r "$T/r.out"
        t_tells r 'waiting for a writer'
        kill "-$signal" "$(t_pid r)"
        t_ends r "$(status_of $signal)"
    done
}
status_of() {
    case $1 in INT) echo 130 ;; TERM) echo 143 ;; esac
}

kills() {
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        nobody
        if [ "$(t_random 2)" = 0 ]; then
            writer w one
            reader r
        else
            reader r
            writer w one
        fi
        t_pause 30
        victim=w
        [ "$(t_random 2)" = 0 ] || victim=r
        kill -KILL "$(t_pid "$victim")" 2>/dev/null || :
        killed=" $victim"
        settle
        account
        plain_run
    done
}

# --- input and output that fail ---------------------------------------------------

# Of one byte the failure comes with the last slot: even so the writer has it.
stdout_that_fails() {
    head -c $((4 * ring)) /dev/zero >"$T/big"
    printf x >"$T/small"
    for in in big small; do
        w "$T/$in"
        r /dev/full
        t_ends r 1
        t_says r.err 'write to stdout: No space left'
        t_ends w 1
        t_says w.err 'the reader is gone'
        nothing_left
    done
    mkfifo "$T/sink"
    t_start_io "$T/sink" "$T/copy" c head -c 1
    w "$T/big"
    r "$T/sink"
    t_ends r 141 # SIGPIPE
    t_ends w 1
    t_says w.err 'the reader is gone'
    nothing_left
}

stdin_that_fails() {
    w .
    r "$T/r.out"
    t_ends w 1
    t_says w.err 'read from stdin: Is a directory'
    t_ends r 1
    t_says r.err 'the writer is gone'
    t_same r.out ""
    nothing_left
    # In the middle, as from a disk that goes; but what passes is no failure.
    cat >"$T/fails.h" <<H
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>
static int reads, why[] = {0, 0, 0, EIO};
#define read(fd, ...) \\
    (fd != 0 || why[reads++] == 0 ? read(fd, __VA_ARGS__) \\
                                  : (errno = why[reads - 1], -1))
H
    ${CC:-cc} -include "$T/fails.h" posix_shm/stream_writer.c -o "$T/fails" -lrt
    head -c $((4 * slot)) /dev/urandom >"$T/in"
    t_start_io "$T/in" "$T/w.out" w "$T/fails" -s "$NAME"
    r "$T/r.out"
    t_ends w 1
    t_says w.err 'read from stdin: Input/output error\|read from stdin: I/O error'
    t_ends r 1
    t_says r.err 'the writer is gone'
    head -c $((3 * slot)) "$T/in" | cmp - "$T/r.out"
    nothing_left
}

# On a terminal it says every second how far it is.
progress() {
    script -qec true /dev/null </dev/null >/dev/null 2>&1 ||
        t_skip "script(1) is not installed"
    mkfifo "$T/feed"
    w "$T/feed"
    t_start s script -qec \
        "./posix_shm/stream_reader -s '$NAME' >'$T/r.out'" /dev/null
    exec 9>"$T/feed"
    t_within 3 in_progress || t_fail "no progress: $(cat "$T/s.out")"
    exec 9>&-
    t_ends w 0
    t_ends s 0
    bytes=$(wc -c <"$T/r.out")
    tr '\r' '\n' <"$T/s.out" | grep "^$bytes bytes (0.0 MB, .* copied, .* MB/s$"
}
in_progress() {
    printf x >&9
    sleep 0.05
    tr '\r' '\n' <"$T/s.out" | grep -q '^[0-9]* bytes (.* copied, .* MB/s$'
}

# --- the sealed pair -------------------------------------------------------------

# sealed IN OUT: writer w and reader r, as in w and r.
sealed_w() {
    t_start_io "$1" "$T/w.out" w ./posix_shm/sealed_writer -s "$NAME"
}
sealed_r() {
    t_start_io /dev/null "$1" r ./posix_shm/sealed_reader -s "$NAME"
}
sealed_well() {
    t_ends w 0 9
    t_ends r 0 9
    cmp "$1" "$T/r.out"
    nothing_left
}
sealed_sizes() {
    for size in 0 1 4095 4096 4097 65536 65537 20000000; do
        head -c "$size" /dev/urandom >"$T/in"
        if [ $((size % 2)) = 0 ]; then
            sealed_w "$T/in"
            t_tells w 'waiting for a reader'
            sealed_r "$T/r.out"
        else
            sealed_r "$T/r.out"
            t_tells r 'waiting for a writer'
            sealed_w "$T/in"
        fi
        sealed_well "$T/in"
    done
    mkfifo "$T/feed"
    t_dribble in "$T/in" "$T/feed" 300000
    sealed_w "$T/feed"
    sealed_r "$T/r.out"
    sealed_well "$T/in"
}
# Nobody can write to the memory, resize it, or seal it once more: the writer's
# own descriptor, opened anew, is good for reading alone.
sealed_is_sealed() {
    sealed_w "$text"
    t_tells w 'waiting for a reader'
    for fd in "/proc/$(t_pid w)/fd"/*; do
        case $(readlink "$fd") in *memfd*) memfd=$fd ;; esac
    done
    cmp "$text" "$memfd"
    if true >"$memfd"; then t_fail "it was truncated"; fi 2>"$T/err"
    t_says err 'Operation not permitted\|cannot'
    for how in status=none oflag=append; do
        dd if=/dev/zero of="$memfd" bs=1 count=1 conv=notrunc $how 2>"$T/err" &&
            t_fail "it was written to"
        t_says err 'Operation not permitted\|Too many levels'
    done
    sealed_r "$T/r.out"
    sealed_well "$text"
}
# The reader has it all when the writer ends, and may print as slowly as it likes.
sealed_outlives_its_writer() {
    head -c 1000000 /dev/urandom >"$T/in"
    sealed_w "$T/in"
    t_hold
    t_start_held_out r ./posix_shm/sealed_reader -s "$NAME"
    t_ends w 0
    t_release r.out
    t_ends r 0
    tr -d '\0' <"$T/in" | cmp - "$T/r.out" # t_release leaves out NULs
}
sealed_second_ones() {
    sealed_w "$text"
    t_tells w 'waiting for a reader'
    t_refused 1 "bind @.*$NAME.*: Address \(already \)*in use" \
        ./posix_shm/sealed_writer -s "$NAME"
    sealed_r "$T/r.out"
    sealed_well "$text"
}
# A writer, or a reader, that is killed before the two have met: the other one is
# served by the next.
sealed_killed() {
    mkfifo "$T/feed"
    for victim in w r; do
        sealed_w "$T/feed" # it reads until we close the pipe
        exec 9>"$T/feed"
        printf x >&9
        sealed_r "$T/r.out"
        t_tells r 'waiting for a writer'
        kill -KILL "$(t_pid $victim)"
        t_ends $victim 137
        exec 9>&-
        printf x >"$T/in"
        if [ $victim = w ]; then
            sealed_w "$text"
            sealed_well "$text"
        else
            sealed_r "$T/r.out"
            sealed_well "$T/in"
        fi
    done
}
wrong_use() {
    for p in sealed_writer sealed_reader stream_writer stream_reader; do
        for option in -x -h -s x; do
            t_refused 2 'usage: ' "./posix_shm/$p" $option
        done
        t_refused 2 'is too long' "./posix_shm/$p" -s "$(printf %0100d 0)"
    done
}
# Root is no exception: the address of another user is another one, and whoever
# has taken ours is named.
of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can be two users"
    t_for_everyone posix_shm/stream_writer posix_shm/sealed_writer
    for p in sealed stream; do
        cat >"$T/squat.h" <<'H'
#define geteuid() 0
H
        ${CC:-cc} -w -D_GNU_SOURCE -include unistd.h -include "$T/squat.h" \
            "posix_shm/${p}_writer.c" -o "$T/squat"
        # shellcheck disable=SC2086 # words
        t_start_io /dev/null "$T/w.out" w $t_not_root "$T/squat" -s "$NAME"
        t_tells w "waiting for a reader at @shm_$p.0"
        t_refused 1 "@shm_$p.0.*belongs to user 65534" "./posix_shm/${p}_reader" -s "$NAME"
        kill "$(t_pid w)" 2>/dev/null || : # or it has seen the reader go
        t_reap w
    done
}

t_it "sealed: any number of bytes" sealed_sizes
t_it "sealed: nobody can change it" sealed_is_sealed
t_it "sealed: the reader has it all when the writer ends" sealed_outlives_its_writer
t_it "sealed: a second writer is refused" sealed_second_ones
t_it "sealed: killed before they met, the next one serves" sealed_killed
t_it "sealed: no arguments: the lesson" no_arguments sealed
t_it "both: wrong options and names are refused" wrong_use
t_it "both: another user at the address is named" of_another_user
t_it "the reader first" in_order reader
t_it "the writer first" in_order writer
t_it "both at once" in_order both
t_it "no arguments: the lesson" no_arguments stream
t_it "$SIZES sizes, ring $slots x $slot, bit by bit" sizes
t_it "a byte now and then arrives at once" at_once
t_it "a stdin and a stdout that do not block" not_blocking
t_it "a stdout with room for less than a slot: the reader notices a death" room_for_less
t_it "a stdout whose room another one takes" room_taken
t_it "a stdout that is a file goes on where it was" after_a_header
t_it "a stdout that is a pipe of another user" pipe_of_another_user
t_it "a second writer is refused, a second reader waits" second_ones
t_it "who waits computes nothing and reads nothing ahead" back_pressure
t_it "kill -9 in every state: the other notices" in_the_middle KILL 137
t_it "Ctrl-C in every state" in_the_middle INT 130
t_it "SIGTERM in every state" in_the_middle TERM 143
t_it "Ctrl-C and SIGTERM alone" alone
t_it "kill -9 at any instant" kills
t_it "a stdout that fails: the writer notices" stdout_that_fails
t_it "a stdin that fails: the reader notices" stdin_that_fails
t_it "progress on a terminal" progress
[ -z "${BIG:-}" ] || t_it "more than 4 GiB" more_than_32_bits
t_finish
