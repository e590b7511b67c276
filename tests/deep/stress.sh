#!/bin/sh
# tests/deep/stress.sh - every pair, for a while, with all that can happen to it
#
# Rounds, for STRESS_SECONDS (60): writers and readers come in any order, also
# two of a kind; some run delayed at random steps (steps.h); any of them is
# killed, stopped and continued, interrupted or told to end, at any instant.
# After each round everybody must end in 2 seconds, no message be lost, doubled,
# torn or out of order, the next plain run be right, and nothing be left.
#
# And four that are broken, a moment each, are found out by the same rounds.
#
# STRESS_SEED=N repeats the choices of a run (the machine's own timing nobody
# can repeat), STRESS_PAIR=posix_shm stresses one pair, STRESS_ROUND=N does one
# round of it.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/pairs.sh"
: "${STRESS_SECONDS:=60}"
: "${STRESS_SEED:=$(t_random 1000000000)}"
: "${STRESS_PAIR:=file family unrelated seqlock posix_shm sealed stream counter sysv_shm}"
# shellcheck disable=SC3045 # every shell has -c
ulimit -c 0 # who dies of a SIGQUIT leaves no core

compile() {
    ${CC:-cc} -O1 -include tests/lib/steps.h "$1.c" -o "$2" -lrt
}
# counter FOLDER: its counters stand still, now and then, between the two additions.
stand_between() {
    sed -i 's/^ *c->total++;/STEP(between); c->total++;/' "$1/counter.c"
    grep -q 'STEP(between)' "$1/counter.c" || exit 1
}
steps=$t_tmp/steps
mkdir -p "$steps/mmap" "$steps/posix_shm" "$steps/sysv_shm" "$t_tmp/counter"
(
    set -e
    student_sources "$t_tmp/student"
) || exit 1
for program in $t_programs; do
    case $program in
    sysv_shm/*) compile "$t_tmp/student/${program#*/}" "$steps/$program" || exit 1 ;;
    *) compile "$program" "$steps/$program" || exit 1 ;;
    esac
done
counter_sources "$t_tmp/counter"
${CC:-cc} -O1 "$t_tmp/counter/counter.c" -o "$t_tmp/counter/counter" -lrt || exit 1
stand_between "$t_tmp/counter"
compile "$t_tmp/counter/counter" "$steps/posix_shm/counter" || exit 1

# chance N: $chance is from 0 to N-1. The numbers are those of the seed, the
# pair and the round.
chance() {
    state=$(((state * 1103515245 + 12345) & 0x7fffffff))
    chance=$((state / 65536 % $1))
}
some_ms() {
    chance "$1"
    case $chance in
    0) ;;
    ?) sleep "0.00$chance" ;;
    *) sleep "0.0$chance" ;;
    esac
}
# Plain programs, or delayed ones.
choose_build() {
    chance 2
    if [ "$chance$broken" = 0 ]; then build=. delay=; else build=$steps; fi
}
choose_delay() {
    chance 1000000
    delay=STEP_DELAY=$chance
}

# Who may be sent a signal: $crowd_now. One of them gets $1.
victim=
send() {
    # shellcheck disable=SC2086 # a list
    set -- "$1" $crowd_now
    [ $# -gt 1 ] || return 0
    chance $(($# - 1))
    signal=$1
    shift $((chance + 1))
    victim=${1%:*}
    t_ended "$(t_pid "$victim")" && return
    kill "-$signal" "$(t_pid "$victim")" 2>/dev/null || return 0
    sent=$((sent + 1))
    case $signal in
    KILL)
        kills=$((kills + 1))
        killed="$killed $victim"
        ;;
    STOP) stopped="$stopped $victim" ;;
    INT | TERM | HUP | QUIT) told="$told $victim" ;;
    esac
}
continue_all() {
    for one in $stopped; do
        kill -CONT "$(t_pid "$one")" 2>/dev/null || :
    done
    stopped=
}
# Some signals, at some instants.
trouble() {
    crowd_now=$2
    chance 12
    case $chance in
    0 | 1 | 2 | 3 | 4 | 5) send KILL ;;
    6) send STOP ;;
    7) continue_all ;;
    8) send INT ;;
    9) send TERM ;;
    *)
        # Those that have a name or a key to remove know these, too.
        case $1 in
        posix_shm | counter | sysv_shm) if [ "$chance" = 10 ]; then send HUP; else send QUIT; fi ;;
        *) send KILL ;;
        esac
        ;;
    esac
    some_ms 25
}

# --- a round of each pair -------------------------------------------------------

messages_round() {
    pair=$1
    choose_build
    nobody
    chance 5
    left_to_do=$((chance + 3)) w=0 r=0
    while [ $((left_to_do -= 1)) -ge 0 ]; do
        choose_delay
        chance 6
        case $chance in
        0 | 1) writer "w$((w += 1))" "text$w" "$delay" ;;
        2 | 3) reader "r$((r += 1))" "$delay" ;;
        *) trouble "$pair" "$writers $readers" ;;
        esac
        some_ms 25
    done
    trouble "$pair" "$writers $readers"
    trouble "$pair" "$writers $readers"
    continue_all
    settle
    account
    plain_run
}

# A crowd of counters, and what each of them says of the total.
counter_round() {
    choose_build
    if [ "$build" = . ]; then program=$t_tmp/counter/counter; else program=$build/posix_shm/counter; fi
    nobody
    everybody='' p=0
    chance 6
    left_to_do=$((chance + 4))
    while [ $((left_to_do -= 1)) -ge 0 ]; do
        choose_delay
        chance 5
        case $chance in
        0 | 1 | 2)
            p=$((p + 1)) everybody="$everybody p$p"
            chance 3000
            t_start "p$p" env --default-signal COUNTER="$NAME" "$delay" \
                "$program" $((chance + 1))
            ;;
        *) trouble counter "$everybody" ;;
        esac
        some_ms 9
    done
    trouble counter "$everybody"
    continue_all
    for one in $everybody; do
        t_within 4 t_ended "$(t_pid "$one")" || t_fail "$one does not end"
    done
    for one in $everybody; do
        t_reap "$one"
        case "$status $killed $told " in
        '0 '*) [ -s "$T/$one.out" ] || t_fail "$one prints nothing" ;;
        '137 '*" $one "*) ;;
        '130 '*" $one "* | '143 '*" $one "* | '129 '*" $one "* | '131 '*" $one "*) ;;
        *) t_fail "$one: status $status, $(cat "$T/$one.out")" ;;
        esac
        [ -e "$T/$one.out" ] || continue # killed before it was one of them
        sed -n '/^added .*, all rows \(.*\), total \1$/!p' "$T/$one.out" >"$T/wrong"
        [ ! -s "$T/wrong" ] || t_fail "$one: $(cat "$T/wrong")"
    done
    t_start next env COUNTER="$NAME" "$t_tmp/counter/counter" 5
    t_ends next 0
    t_same next.out 'added 5, all rows 5, total 5'
    [ ! -e "/dev/shm$NAME" ] || t_fail "$NAME is left in /dev/shm"
}

file_round() {
    choose_build
    nobody
    cp data/test.txt "$T/f"
    everybody='' w=0 r=0
    chance 4
    left_to_do=$((chance + 3))
    while [ $((left_to_do -= 1)) -ge 0 ]; do
        choose_delay
        chance 5
        case $chance in
        0 | 1)
            w=$((w + 1)) everybody="$everybody w$w"
            t_start "w$w" env "$delay" "$build/mmap/file_writer" \
                -m "$(printf %055d 0 | tr 0 "$w")" "$T/f"
            ;;
        2 | 3)
            r=$((r + 1)) everybody="$everybody r$r"
            t_start "r$r" env "$delay" "$build/mmap/file_reader" "$T/f"
            ;;
        *) trouble any "$everybody" ;;
        esac
        some_ms 9
    done
    trouble any "$everybody"
    continue_all
    for one in $everybody; do
        t_within 2 t_ended "$(t_pid "$one")" || t_fail "$one does not end"
        t_reap "$one"
        case " $killed $told " in
        *" $one "*) ;;
        *) [ "$status" = 0 ] || t_fail "$one: status $status" ;;
        esac
        case $one in
        r*) [ ! -s "$T/$one.out" ] || whole_file "$T/$one.out" ;;
        esac
    done
    whole_file "$T/f"
    t_run ./mmap/file_writer -m plain "$T/f"
    [ "$status" = 0 ]
    t_run ./mmap/file_reader "$T/f"
    { printf plain && tail -c +6 "$T/f"; } | cmp - "$T/out"
}
# The original, or one writer's digit over its start; or whatever a writer that
# was killed there has left, but no more than its 55 bytes.
whole_file() {
    cmp -s "$1" data/test.txt && return
    i=0
    while [ $((i += 1)) -le "$w" ]; do
        { printf %055d 0 | tr 0 "$i" && tail -c +56 data/test.txt; } | cmp -s - "$1" &&
            return
    done
    case "$killed $told" in
    *" w"*) tail -c +56 data/test.txt >"$T/rest" && tail -c +56 "$1" | cmp -s - "$T/rest" &&
        return ;;
    esac
    t_fail "$(head -c 60 "$1"): half a text"
}

family_round() {
    choose_build
    nobody
    cp data/english.txt "$T/f"
    everybody='' children='' p=0
    chance 4
    left_to_do=$((chance + 2))
    while [ $((left_to_do -= 1)) -ge 0 ]; do
        choose_delay
        chance 3
        case $chance in
        0 | 1)
            p=$((p + 1)) everybody="$everybody p$p"
            t_start "p$p" env "$delay" "$build/mmap/parent_child" "$T/f"
            ;;
        *)
            # A child may be the victim as well as its parent.
            for one in $everybody; do
                child=$(cat "/proc/$(t_pid "$one")/task/$(t_pid "$one")/children" \
                    2>/dev/null || :)
                [ -n "$child" ] || continue
                children="$children ${child% }"
                chance 3
                [ "$chance" = 0 ] || continue
                kill -KILL "${child% }" 2>/dev/null || continue
                kills=$((kills + 1)) sent=$((sent + 1)) killed="$killed $one"
            done
            trouble any "$everybody"
            ;;
        esac
        some_ms 9
    done
    trouble any "$everybody"
    continue_all
    for one in $everybody; do
        t_within 2 t_ended "$(t_pid "$one")" || t_fail "$one does not end"
        t_reap "$one"
        case " $killed $told " in
        *" $one "*) [ ! -s "$T/$one.out" ] || t_same "$one.out" '你是我儿子吗？' ;;
        *)
            [ "$status" = 0 ] || t_fail "$one: status $status"
            t_same "$one.out" '你是我儿子吗？'
            ;;
        esac
    done
    for child in $children; do
        t_within 2 t_ended "$child" || t_fail "the child $child stays"
    done
    t_run ./mmap/parent_child "$T/f"
    t_same out '你是我儿子吗？'
}

# unrelated and seqlock
short=$(printf %0150d 0 | tr 0 s)
text_round() {
    texts=$1
    choose_build
    nobody
    chance 2
    [ "$chance" = 0 ] || rm -f "$T/f"
    everybody='' w=0 r=0
    chance 5
    left_to_do=$((chance + 3))
    while [ $((left_to_do -= 1)) -ge 0 ]; do
        choose_delay
        chance 6
        case $chance in
        0 | 1)
            w=$((w + 1)) everybody="$everybody w$w"
            chance 3
            t_start "w$w" env "$delay" "$build/mmap/${texts}_writer" -i "0.00$chance" \
                -m "$(printf %0200d "$w")" -m "$short" "$T/f"
            ;;
        2 | 3)
            r=$((r + 1)) everybody="$everybody r$r"
            t_start "r$r" env "$delay" "$build/mmap/${texts}_reader" -i 0.003 "$T/f"
            ;;
        *) trouble any "$everybody" ;;
        esac
        some_ms 25
    done
    trouble any "$everybody"
    continue_all
    # The writers end, another comes, and all readers that live see its text. (It
    # rests between two texts: a delayed reader takes 100 ms for a look.)
    for one in $everybody; do
        case $one in
        w*) end_it "$one" ;;
        esac
    done
    t_start last "./mmap/${texts}_writer" -i 0.4 -m last "$T/f"
    for one in $everybody; do
        case $one in
        r*)
            case " $killed $told " in
            *" $one "*) ;;
            *)
                t_within 2 grep -qx last "$T/$one.out" ||
                    t_fail "$one does not see the next text"
                ;;
            esac
            end_it "$one"
            if grep -vxE "$short|last|0{197,199}[0-9]{1,3}" "$T/$one.out"; then
                t_fail "$one has a torn text"
            fi
            ;;
        esac
    done
    t_within 2 sees_last || t_fail "a reader does not see the last text"
    kill "$(t_pid last)"
    t_ends last 143
}
sees_last() {
    t_run "./mmap/${texts}_reader" -n 1 "$T/f"
    grep -qx last "$T/out"
}
# end_it WHO: it dies of this signal or of an earlier one, or was refused.
end_it() {
    kill "$(t_pid "$1")" 2>/dev/null || :
    t_within 2 t_ended "$(t_pid "$1")" || t_fail "$1 does not end"
    t_reap "$1"
    case "$texts $status $killed $told " in
    *' 143 '*) ;;
    *' 137 '*" $1 "* | *' 130 '*" $1 "*) ;;
    'seqlock 1 '*) t_says "$1.err" 'another writer is at work' ;;
    *) t_fail "$1: status $status" ;;
    esac
}

# --- all of them, side by side --------------------------------------------------

# work PAIR: rounds until the time is over, in a subshell.
work() {
    mkdir -p "$t_tmp/$1$broken"
    T=$t_tmp/$1$broken NAME=/shm_test.$T_TAG.$1$broken
    KEY=$(t_key_of 63)
    trap 't_stop_all $?' EXIT
    trap 'exit 1' HUP INT TERM
    round=0 rounds=0 kills=0 sent=0 stopped=
    [ -z "${STRESS_ROUND:-}" ] || round=$((STRESS_ROUND - 1))
    while [ "$(date +%s)" -lt "$end" ]; do
        round=$((round + 1))
        echo "$round" >"$T/round"
        state=$(((STRESS_SEED + round * 40503) & 0x7fffffff)) t_all=
        chance 2
        case $1 in
        posix_shm | sealed | stream | sysv_shm) messages_round "$1" ;;
        unrelated | seqlock) text_round "$1" ;;
        *) "${1}_round" ;;
        esac
        rounds=$((rounds + 1))
        echo "$rounds $kills $sent" >"$T/counts"
        [ -z "${STRESS_ROUND:-}" ] || break
    done
}

broken=
echo "# STRESS_SEED=$STRESS_SEED, $STRESS_SECONDS seconds"
end=$(($(date +%s) + STRESS_SECONDS))
workers=
for pair in $STRESS_PAIR; do
    (
        set -e
        work "$pair"
    ) >"$t_tmp/$pair.log" 2>&1 9>&- &
    workers="$workers $pair:$!"
done
total_rounds=0 total_kills=0 total_sent=0
for one in $workers; do
    pair=${one%:*} t_number=$((t_number + 1)) t_shown=$((t_shown + 1))
    wait "${one#*:}"
    result=$?
    read -r rounds kills sent 2>/dev/null <"$t_tmp/$pair/counts" ||
        rounds=0 kills=0 sent=0
    total_rounds=$((total_rounds + rounds)) total_kills=$((total_kills + kills))
    total_sent=$((total_sent + sent))
    if [ "$result" = 0 ] && [ "$rounds" -gt 0 ]; then
        echo "ok $t_number - stress: $pair: $rounds rounds, $kills kills, $sent signals"
    else
        t_failed=$((t_failed + 1))
        echo "not ok $t_number - stress: $pair: round $(cat "$t_tmp/$pair/round") of" \
            "STRESS_SEED=$STRESS_SEED; $rounds rounds were right"
        {
            cat "$t_tmp/$pair.log"
            for log in "$t_tmp/$pair"/*.err; do
                [ ! -s "$log" ] || { echo "-- ${log##*/}:" && tail -n 20 "$log"; }
            done
        } | sed 's/^/# /'
    fi
done
# --- what has to be found out ---------------------------------------------------

# control PAIR FILE SED...: with this change in FILE the rounds fail, in 20 seconds.
control() {
    pair=$1 broken=.broken source=posix_shm/$2
    shift 2
    steps=$T/steps
    mkdir -p "$T/tree" "$steps/posix_shm"
    cp posix_shm/*.[ch] "$T/tree"
    counter_sources "$T/tree"
    stand_between "$T/tree"
    cp "$T/tree/${source##*/}" "$T/before"
    sed -i "$@" "$T/tree/${source##*/}"
    cmp -s "$T/before" "$T/tree/${source##*/}" && t_fail "nothing is changed"
    for program in writer reader sealed_writer sealed_reader stream_writer \
        stream_reader counter; do
        compile "$T/tree/$program" "$steps/posix_shm/$program"
    done
    # shellcheck disable=SC2034 # lib.sh: what hangs is found out, too
    end=$(($(date +%s) + 20 * T_PATIENCE)) T_PATIENCE=1
    (
        set -e
        work "$pair"
    ) >"$T/found" 2>&1 9>&- &
    wait $! && t_fail "$(cat "$t_tmp/$pair.broken/round") rounds find nothing"
    rm -f "/dev/shm/shm_test.$T_TAG.$pair.broken" # what is broken may leave it
    echo "# found in round $(cat "$t_tmp/$pair.broken/round"): $(head -n 1 "$T/found")"
}
# control_student SED...: the same with the pair of chapter 3.
control_student() {
    broken=.broken steps=$T/steps
    mkdir -p "$steps/sysv_shm"
    student_sources "$T/tree" "$@"
    for program in writer reader; do
        compile "$T/tree/$program" "$steps/sysv_shm/$program"
    done
    # shellcheck disable=SC2034 # lib.sh: what hangs is found out, too
    end=$(($(date +%s) + 20 * T_PATIENCE)) T_PATIENCE=1
    (
        set -e
        work sysv_shm
    ) >"$T/found" 2>&1 9>&- &
    wait $! && t_fail "$(cat "$t_tmp/sysv_shm.broken/round") rounds find nothing"
    ipcrm -M "$(t_key_of 63)" 2>/dev/null || :
    ipcrm -S "$(t_key_of 63)" 2>/dev/null || :
    echo "# found in round $(cat "$t_tmp/sysv_shm.broken/round"): $(head -n 1 "$T/found")"
}
if [ -z "${STRESS_ROUND:-}" ]; then
    t_it "a message that is posted before it is written is found out" control posix_shm writer.c \
        -e '/memcpy(m->text/{h;d}' -e '/sem_post(&m->full)/{p;g}'
    t_it "a slot that is filled before it is free is found out" control stream \
        stream_writer.c -e '/^ *room--;/d'
    t_it "a total that nobody repairs is found out" control counter counter.c \
        -e '/c->total = sum(c);/d'
    t_it "a student that is posted without SEM_UNDO is found out" control_student \
        -e 's/{READY, 1, SEM_UNDO}/{READY, 1, 0}/'
fi

echo "# $total_rounds rounds, $total_kills kills, $total_sent signals in" \
    "$STRESS_SECONDS seconds; found: $t_failed"
t_finish
