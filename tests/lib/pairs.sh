# tests/lib/pairs.sh - writers and readers of a pair of chapter 2 or 3 by the
# dozen, and the account of what they did. For suites, after lib.sh.
#
#     pair=posix_shm # or sealed, stream, sysv_shm
#     nobody
#     writer a one; reader b; kill -KILL "$(t_pid b)"; killed="$killed b"
#     settle          # everybody gets a partner, and ends in 2 seconds
#     account         # no message lost, doubled, torn or out of order
#     plain_run       # the next run is right, and nothing stays behind
# shellcheck shell=sh disable=SC2034,SC2154 # $pair, $top: who includes us

t_the_ring

# counter_sources FOLDER: there, those of a counter whose object has the name in the
# variable COUNTER. All counters of a user have one name, and others may use it.
counter_sources() {
    cp posix_shm/counter.[ch] "$1"
    sed 's/"\/shm_counter\.%u"/getenv("COUNTER")/; s/counter_name\[32\]/counter_name[64]/' \
        posix_shm/counter.h >"$1/counter.h"
    [ "$(grep -c -e COUNTER\" -e "\[64\]" "$1/counter.h")" = 2 ] ||
        t_fail "the name of the counters is not found"
}

# student_sources FOLDER [SED...]: there, those of the pair of chapter 3, its
# student stored in two halves: steps.h does so with a memcpy(3). SED changes them.
student_sources() {
    mkdir -p "$1"
    cp sysv_shm/*.[ch] "$1"
    sed -i 's/\*shared = student;/memcpy(shared, \&student, sizeof student);/' \
        "$1/writer.c"
    grep -q memcpy "$1/writer.c" || t_fail "the student's store is not found"
    [ $# != 1 ] || return 0
    there=$1
    shift
    cat "$there"/*.[ch] >"$there/before"
    sed -i "$@" "$there/writer.c" "$there/reader.c" "$there/student.h"
    cat "$there"/*.[ch] | cmp -s - "$there/before" && t_fail "nothing is changed"
    rm "$there/before"
}

# $writers and $readers are who was started, $killed and $told who was killed
# or told to end (SIGINT, SIGTERM, SIGHUP, SIGQUIT), $build where their programs
# are, and $plain where those are that come to help, or after them.
nobody() {
    writers='' readers='' killed='' told='' helpers=0
    rm -f "$T"/*.in "$T"/*.out "$T"/*.err "$T"/*.status
}

# writer WHO TEXT [VARIABLE=VALUE]...: its messages are TEXT.1 TEXT.2 TEXT.3, or
# the student TEXT; or its input is lines that begin with TEXT, a ring and a half
# of them, and no two slots begin at the same place of a line.
writer() {
    who=$1 text=$2
    shift 2
    writers="$writers $who:$text"
    case $pair in
    posix_shm)
        t_start "$who" env --default-signal "$@" "${build:-.}/posix_shm/writer" \
            -s "$NAME" "$text.1" "$text.2" "$text.3"
        ;;
    sealed | stream)
        line="$text of the writer $who"
        [ $((${#line} % 2)) = 0 ] || line=$line.
        yes "$line" | head -c $((ring * 3 / 2 + 1)) >"$T/$text.in"
        t_start_io "$T/$text.in" "$T/$who.out" "$who" env --default-signal "$@" \
            "${build:-.}/posix_shm/${pair}_writer" -s "$NAME"
        ;;
    sysv_shm)
        t_start "$who" env --default-signal "$@" "${build:-.}/sysv_shm/writer" \
            -k "$KEY" "$text" 1
        ;;
    esac
}

reader() {
    who=$1
    shift
    readers="$readers $who"
    case $pair in
    posix_shm)
        t_start "$who" env --default-signal "$@" "${build:-.}/posix_shm/reader" \
            -s "$NAME"
        ;;
    sealed | stream)
        t_start "$who" env --default-signal "$@" \
            "${build:-.}/posix_shm/${pair}_reader" -s "$NAME"
        ;;
    sysv_shm)
        t_start "$who" env --default-signal "$@" "${build:-.}/sysv_shm/reader" \
            -k "$KEY"
        ;;
    esac
}

# alive WHO...: those of them that have not ended. The others are reaped.
alive() {
    still=
    for one; do
        one=${one%:*}
        if [ -e "$T/$one.status" ]; then
            continue
        elif t_ended "$(t_pid "$one")"; then
            t_reap "$one"
            echo "$status" >"$T/$one.status"
        else
            still="$still $one"
        fi
    done
}
fewer() {
    # shellcheck disable=SC2086 # a list
    [ -z "$awake" ] || kill -CONT $awake 2>/dev/null || :
    # shellcheck disable=SC2086 # a list
    alive $writers $readers
    # shellcheck disable=SC2086
    set -- $still
    [ $# -lt "$crowd" ]
}

# settle: who is left waits for a first partner, or its partner has just died.
# Give it one until nobody is left; each time somebody must end in 2 seconds.
settle() {
    build_then=${build:-.} build=${plain:-.}
    while :; do
        # shellcheck disable=SC2086
        alive $writers
        w=$still
        # shellcheck disable=SC2086
        alive $readers
        r=$still
        [ -n "$w$r" ] || break
        # shellcheck disable=SC2086
        set -- $w $r
        crowd=$#
        helpers=$((helpers + 1))
        [ "$helpers" -lt 20 ] || t_fail "no end of it: $w $r"
        if [ -z "$w" ]; then
            writer "helper$helpers" "help$helpers"
            crowd=$((crowd + 1))
        elif [ -z "$r" ]; then
            reader "helper$helpers"
            crowd=$((crowd + 1))
        fi
        t_within 2 fewer || t_fail "stands still: $still"
    done
    build=$build_then
}

# printed WHO: its messages, one a line: TEXT and the number. Of a stream the
# beginning is message 1, and all of it is message 2.
printed() {
    case $pair in
    posix_shm) sed 's/\.\([0-9]*\)$/ \1/' "$T/$1.out" ;;
    sysv_shm) sed 's/^student name: \(.*\), age: 1$/\1 1/' "$T/$1.out" ;;
    sealed | stream)
        [ -s "$T/$1.out" ] || return 0
        read -r of rest <"$T/$1.out" || :
        if head -c "$(wc -c <"$T/$1.out")" "$T/$of.in" | cmp - "$T/$1.out"; then
            echo "$of 1"
        else
            echo "no part of a stream"
        fi 2>&1
        if cmp -s "$T/$of.in" "$T/$1.out"; then echo "$of 2"; fi
        ;;
    esac
}

# account: what each one did, on a line each, for awk to add up. A writer that
# ends with 0 says that all has been read; sealed_writer, that it has arrived: its
# reader may still die before it prints.
account() {
    died=' is gone\| has died'
    case $pair in
    posix_shm) messages=3 ;;
    sysv_shm)
        messages=1
        # A writer that is told to end removes first the segment, then the set.
        [ -z "$told" ] || died="$died\\|segment of key "
        ;;
    sealed | stream) messages=2 ;;
    esac
    {
        for one in $writers; do
            status=$(cat "$T/${one%:*}.status") read=0
            [ "$status" != 0 ] || read=$messages
            echo "W ${one%:*} ${one#*:} $status ${read:-0}"
        done
        for one in $readers; do
            echo "R $one $(cat "$T/$one.status")"
            printed "$one" | sed "s/^/L $one /"
        done
        for one in $writers $readers; do
            one=${one%:*}
            [ "$(cat "$T/$one.status")" != 1 ] ||
                ! grep -q "$died" "$T/$one.err" || echo "D $one"
        done
    } >"$T/account"
    awk -v pair="$pair" -v messages="$messages" -v killed="$killed " \
        -v told="$told " '
        function bad(why) { print why; failed = 1 }
        function in_list(list, who) { return index(list, " " who " ") }
        function status_ok(who, status) {
            if (status > 1 && !(status == 137 && in_list(killed, who)) &&
                !(status ~ /^(129|130|131|143)$/ && in_list(told, who)))
                bad(who ": status " status)
            dead += status > 1
        }
        $1 == "W" { status_ok($2, $4); of[$3] = $2; status[$2] = $4; read[$2] = $5 }
        $1 == "R" { status_ok($2, $3); status[$2] = $3; readers[$2] = 1 }
        $1 == "D" { mourners++ }
        $1 == "L" {
            if (NF != 4 || !($3 in of))
                bad($2 " printed what nobody wrote: " $0)
            if ($2 in from && from[$2] != $3)
                bad($2 " mixed " from[$2] " and " $3)
            else if (!($2 in from) && $3 in taken)
                bad($3 " was read twice: by " taken[$3] " and " $2)
            if ($4 != ++got[$2])
                bad($2 " got message " $4 " as its message " got[$2])
            from[$2] = $3
            taken[$3] = $2
        }
        END {
            for (text in of) {
                w = of[text]
                less = read[w] > (text in taken ? got[taken[text]] : 0)
                if (less && pair == "sealed")
                    unprinted++
                else if (less)
                    bad(w " says that " read[w] " were read")
                if (status[w] == 0 && read[w] < messages && !in_list(told, w))
                    bad(w " ends with 0, and " read[w] " were read")
            }
            for (r in readers) {
                dead_readers += status[r] > 1
                if (status[r] == 0 && got[r] < messages &&
                    !(in_list(told, r) && got[r] == 0))
                    bad(r " ends with 0, having read " got[r] + 0)
            }
            if (unprinted > dead_readers)
                bad(unprinted " were not printed, and " dead_readers + 0 " died")
            if (mourners > dead)
                bad(mourners " say that the other is dead, and " dead + 0 " are")
            exit failed
        }' "$T/account" || t_fail "$(cat "$T/account")"
    # Who failed says why: alone or by its partner.
    for one in $writers $readers; do
        one=${one%:*}
        [ "$(cat "$T/$one.status")" != 1 ] || case " $told " in
        *" $one "*) ;;
        *) t_says "$one.err" "$died\\|another \\(writer\\|reader\\)" ;;
        esac
    done
}

# plain_run: the next writer and reader, as they come, do right, and leave
# nothing behind.
plain_run() {
    build_then=${build:-.} build=${plain:-.}
    nobody
    writer plain_w plain
    reader plain_r
    t_ends plain_w 0
    t_ends plain_r 0
    case $pair in
    posix_shm) t_same plain_r.out 'plain.1
plain.2
plain.3' ;;
    sealed | stream) cmp "$T/plain.in" "$T/plain_r.out" ;;
    sysv_shm) t_same plain_r.out 'student name: plain, age: 1' ;;
    esac
    nothing_left
    build=$build_then
}
nothing_left() {
    case $pair in
    posix_shm) [ ! -e "/dev/shm$NAME" ] || t_fail "$NAME is left in /dev/shm" ;;
    sealed | stream)
        if grep "@shm_$pair\\..*\\.$NAME\$" /proc/net/unix; then
            t_fail "the address of $NAME is in use"
        fi
        ;;
    sysv_shm)
        left=$(ipcs -m -s | awk -v k="$KEY" '$1 == k')
        [ -z "$left" ] || t_fail "left: $left"
        ;;
    esac
}
