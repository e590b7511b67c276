#!/bin/sh
# tests/posix_shm.sh - chapter 2: writer and reader over shm_open, questions
. "$(dirname "$0")/lib.sh"

lesson='hello reader, i am your writer
this is the second message
and this is the last one'


reader_first() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        start r ./posix_shm/reader -s "$NAME" -t 9
        tells r 'waiting for a writer'
        start w ./posix_shm/writer -s "$NAME" -t 9
        ends w 0
        ends r 0
        same r.out "$lesson"
        gone
    done
}

writer_first() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        start w ./posix_shm/writer -s "$NAME" -t 9
        tells w 'waiting for a reader'
        start r ./posix_shm/reader -s "$NAME" -t 9
        ends r 0
        ends w 0
        same r.out "$lesson"
        gone
    done
}

both_at_once() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        start r ./posix_shm/reader -s "$NAME" -t 9
        start w ./posix_shm/writer -s "$NAME" -t 9
        ends w 0
        ends r 0
        same r.out "$lesson"
        gone
    done
}

gone() {
    [ ! -e "/dev/shm$NAME" ] || fail "$NAME is left in /dev/shm"
}

# The lesson as a learner starts it: no argument. One run of it at a time on
# this machine, for this user; flock(1) sees to that.
no_arguments() {
    exec 7</dev/shm
    flock -w 30 7 || skip "another run holds /dev/shm"
    NAME=/shm_tutorial.$(id -u)
    [ ! -e "/dev/shm$NAME" ] || skip "$NAME is in use"
    start w ./posix_shm/writer
    tells w "created $NAME, 4096 bytes, mode 0600"
    [ "$(stat -c '%s %a' "/dev/shm$NAME")" = '4096 600' ]
    start r ./posix_shm/reader
    ends r 0
    ends w 0
    same r.out "$lesson"
    gone
}

each_message_once() {
    # shellcheck disable=SC2046 # many arguments
    start w ./posix_shm/writer -s "$NAME" $(seq 2000)
    run ./posix_shm/reader -s "$NAME"
    [ "$status" = 0 ]
    ends w 0
    seq 2000 | cmp - "$T/out"
}

messages_of_any_length() {
    most=$(head -c 3072 /dev/zero | tr '\0' m)
    start w ./posix_shm/writer -s "$NAME" "$most" '' '%s%n' "a
b" '你是我儿子吗？' -- "$most"
    run ./posix_shm/reader -s "$NAME"
    [ "$status" = 0 ]
    ends w 0
    same out "$most

%s%n
a
b
你是我儿子吗？
--
$most"
    gone
}

message_too_long() {
    long=$(head -c 3073 /dev/zero | tr '\0' m)
    refused 2 'message 2 has 3073 bytes, and 3072 are the most' \
        ./posix_shm/writer -s "$NAME" short "$long"
    gone
}

second_writer() {
    start w ./posix_shm/writer -s "$NAME" -t 9 one two
    tells w 'waiting for a reader'
    refused 1 'another writer is at work on' ./posix_shm/writer -s "$NAME" three
    run ./posix_shm/reader -s "$NAME"
    ends w 0
    same out 'one
two'
}

# The reader tells its story after it has come and before it takes the first
# message: held there, it is the one reader.
second_reader() {
    hold
    start w ./posix_shm/writer -s "$NAME" -t 9 one two
    tells w 'waiting for a reader'
    start_held r ./posix_shm/reader -s "$NAME"
    stands r
    refused 1 'another reader is at work on' ./posix_shm/reader -s "$NAME" -t 2
    release r.err
    ends r 0
    ends w 0
    same r.out 'one
two'
}

reader_killed_after_it_came() {
    hold
    start w ./posix_shm/writer -s "$NAME" one two
    tells w 'waiting for a reader'
    start_held r ./posix_shm/reader -s "$NAME"
    stands r
    kill -KILL "$(pid r)"
    ends w 1
    says w.err 'waiting for the reader: it is gone'
    gone
}

# No second reader comes in where the first one died: it would not know which
# of the messages are read.
reader_waits_where_another_died() {
    hold
    start w ./posix_shm/writer -s "$NAME" one two
    tells w 'waiting for a reader'
    start_held r ./posix_shm/reader -s "$NAME"
    stands r
    kill -STOP "$(pid w)" # it must not notice yet
    kill -KILL "$(pid r)"
    reap r
    start s ./posix_shm/reader -s "$NAME"
    tells s 'waiting for a writer'
    kill -CONT "$(pid w)"
    ends w 1
    start w ./posix_shm/writer -s "$NAME" three
    ends w 0
    ends s 0
    same s.out three
}

# A dead writer's reader may be slow to end. That must not turn away the next.
reader_beside_a_dead_conversation() {
    hold
    start w ./posix_shm/writer -s "$NAME" old
    tells w 'waiting for a reader'
    start_held r ./posix_shm/reader -s "$NAME"
    stands r
    kill -KILL "$(pid w)"
    reap w
    start s ./posix_shm/reader -s "$NAME"
    tells s 'waiting for a writer'
    start v ./posix_shm/writer -s "$NAME" new
    ends v 0
    ends s 0
    same s.out new
    release r.err
    ends r 1
    gone
}

writer_killed_while_it_waits() {
    start w ./posix_shm/writer -s "$NAME" old
    tells w 'waiting for a reader'
    kill -KILL "$(pid w)"
    reap w
    [ -e "/dev/shm$NAME" ] # what the next run finds
    start r ./posix_shm/reader -s "$NAME"
    tells r 'waiting for a writer'
    start w ./posix_shm/writer -s "$NAME" new
    ends w 0
    ends r 0
    says w.err 'removing .* of a dead run'
    same r.out new
    gone
}

writer_killed_after_the_reader_came() {
    # shellcheck disable=SC2046 # many arguments
    start w ./posix_shm/writer -s "$NAME" $(seq 9)
    tells w 'waiting for a reader'
    kill -STOP "$(pid w)"
    start r ./posix_shm/reader -s "$NAME"
    tells r 'met a writer'
    kill -KILL "$(pid w)"
    ends r 1
    says r.err 'waiting for the writer: it is gone'
    same r.out ""
    start w ./posix_shm/writer -s "$NAME" new
    run ./posix_shm/reader -s "$NAME"
    ends w 0
    same out new
    gone
}

# An object without its size, or without its semaphores, is what a reader can
# find between shm_open(3) and the writer's last step: it must wait.
reader_waits_until_it_is_ready() {
    : >"/dev/shm$NAME"
    chmod 600 "/dev/shm$NAME"
    refused 1 'no writer came' ./posix_shm/reader -s "$NAME" -t 0.2
    head -c 4096 /dev/zero >"/dev/shm$NAME"
    refused 1 'no writer came' ./posix_shm/reader -s "$NAME" -t 0.2
    start r ./posix_shm/reader -s "$NAME" -t 9
    tells r 'waiting for a writer'
    start w ./posix_shm/writer -s "$NAME" -t 9 one
    ends w 0
    ends r 0
    same r.out one
    gone
}

kills() {
    seq 3000 >"$T/numbers"
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        # shellcheck disable=SC2046 # many arguments
        start w ./posix_shm/writer -s "$NAME" $(cat "$T/numbers")
        start r ./posix_shm/reader -s "$NAME"
        pause 150
        if [ "$(random 2)" = 0 ]; then
            victim=w partner=r met='met a writer'
        else
            victim=r partner=w met='a reader has come'
        fi
        kill -KILL "$(pid "$victim")" 2>/dev/null || :
        within 2 ended "$(pid "$victim")"
        reap "$victim"
        # Served by the next that comes, unless it has met the victim. Whether
        # it has, it may be about to tell: then it ends, as it should.
        if ! grep -q "$met" "$T/$partner.err" &&
            ! within 1 grep -q "$met" "$T/$partner.err"; then
            if [ "$victim" = w ]; then
                # shellcheck disable=SC2046 # many arguments
                start w ./posix_shm/writer -s "$NAME" $(cat "$T/numbers")
                ends w 0 9
            else
                start r ./posix_shm/reader -s "$NAME"
                ends r 0 9
            fi
            ends "$partner" 0
            cmp "$T/numbers" "$T/r.out"
        else
            within 2 ended "$(pid "$partner")" || fail "$partner stays"
            reap "$partner"
            case $status in
            0) cmp "$T/numbers" "$T/r.out" ;; # all was done
            1) says "$partner.err" ' is gone' ;;
            *) fail "$partner: status $status" ;;
            esac
            head -n "$(wc -l <"$T/r.out")" "$T/numbers" | cmp - "$T/r.out"
        fi
        start w ./posix_shm/writer -s "$NAME"
        start r ./posix_shm/reader -s "$NAME"
        ends w 0
        ends r 0
        same r.out "$lesson"
        gone
    done
}

ends_by_signal() {
    for signal in INT TERM; do
        start w ./posix_shm/writer -s "$NAME"
        tells w 'waiting for a reader'
        kill "-$signal" "$(pid w)"
        ends w 0
        gone
        start r ./posix_shm/reader -s "$NAME"
        tells r 'waiting for a writer'
        kill "-$signal" "$(pid r)"
        ends r 0
    done
    # In the middle it is a failure: not all that was to be sent was read.
    for victim in w r; do
        start w ./posix_shm/writer -s "$NAME" one two
        hold
        start_held_out r ./posix_shm/reader -s "$NAME"
        stands r
        tells w 'a reader has come'
        kill "$(pid "$victim")"
        if [ "$victim" = w ]; then
            ends w 1
            says w.err 'waiting for the reader: interrupted; messages read: 0'
            release r.out
            ends r 1
        else
            ends r 1 # though it stands in write(2)
            ends w 1
            release r.out
        fi
        gone
    done
}

timeouts() {
    refused 1 'waiting for the reader: it did not come in time' ./posix_shm/writer -s "$NAME" -t 0.1
    gone
    refused 1 'no writer came' ./posix_shm/reader -s "$NAME" -t 0
    # A partner that stands still is alive: only -t ends the wait for it.
    # shellcheck disable=SC2046 # many arguments
    start w ./posix_shm/writer -s "$NAME" $(seq 9)
    tells w 'waiting for a reader'
    kill -STOP "$(pid w)"
    start r ./posix_shm/reader -s "$NAME" -t 0.3
    ends r 1
    says r.err 'waiting for the writer: it did not come in time'
    kill -CONT "$(pid w)"
    ends w 1
    gone
}

# From here on some tests are those of the stream pair, too; it has a suite of
# its own for the rest, stream.sh.
all_four='writer reader stream_writer stream_reader'

refusals() {
    for t in -1 nan inf 0x 1s ''; do
        for p in $all_four; do
            refused 2 'SECONDS is a number' "./posix_shm/$p" -s "$NAME" -t "$t"
        done
    done
    for p in reader stream_writer stream_reader; do
        refused 2 'what is x' "./posix_shm/$p" x
    done
    for p in $all_four; do
        refused 2 'usage: ' "./posix_shm/$p" -x
        for name in '' / a /a/b a/b "/$(printf %0255d 0)"; do
            refused 2 'NAME is a /' "./posix_shm/$p" -s "$name"
        done
        run "./posix_shm/$p" -h
        [ "$status" = 0 ]
        says out "^usage: $p"
        for to in '>/dev/full' '>&-'; do
            status=0
            eval '"./posix_shm/$p" -h' "$to" 2>"$T/err" || status=$?
            [ "$status" = 1 ]
            says err "write to stdout"
        done
        "./posix_shm/$p" -s "$NAME" -t 0 2>&- && fail "stderr closed"
        gone
    done
}

# A reader whose stdout fails has not read the message, and its writer says so.
stdout_that_fails() {
    start w ./posix_shm/writer -s "$NAME" one two
    status=0
    ./posix_shm/reader -s "$NAME" >/dev/full 2>"$T/r.err" || status=$?
    [ "$status" = 1 ]
    says r.err 'write to stdout: No space left'
    ends w 1
    says w.err 'waiting for the reader: it is gone; messages read: 0'
    gone
}

of_another_user() {
    [ "$(id -u)" = 0 ] || skip "only root can give an object away"
    head -c 4096 /dev/zero >"/dev/shm$NAME"
    chown 65534 "/dev/shm$NAME"
    for p in $all_four; do
        refused 1 'not an object of yours' "./posix_shm/$p" -s "$NAME" -t 0.2
    done
    [ -e "/dev/shm$NAME" ]
    rm "/dev/shm$NAME"
}

name_taken_by_others() {
    for p in $all_four; do
        mkdir "/dev/shm$NAME"
        refused 1 'shm_open' "./posix_shm/$p" -s "$NAME" -t 0.2
        rmdir "/dev/shm$NAME"
        mkfifo "/dev/shm$NAME"
        refused 1 'not an object of yours' "./posix_shm/$p" -s "$NAME" -t 0.2
        rm "/dev/shm$NAME"
        printf 123 >"$T/f"
        ln -s "$T/f" "/dev/shm$NAME"
        refused 1 'shm_open.*[Ss]ymbolic link' "./posix_shm/$p" -s "$NAME" -t 0.2
        rm "/dev/shm$NAME"
        [ "$(cat "$T/f")" = 123 ]
    done
}

# What is not locked and of this name, but not left by a writer: not ours.
not_made_by_a_writer() {
    printf important >"/dev/shm$NAME"
    for p in $all_four; do
        refused 1 'holds something else' "./posix_shm/$p" -s "$NAME" -t 0
        [ "$(cat "/dev/shm$NAME")" = important ]
    done
    head -c 4096 posix_shm/writer.c >"/dev/shm$NAME"
    refused 1 'holds something else' ./posix_shm/writer -s "$NAME" -t 0
    head -c 4096 posix_shm/writer.c | cmp - "/dev/shm$NAME"
    rm "/dev/shm$NAME"
}

# The object renamed, and another under its name: its writer leaves that alone.
renamed() {
    start w ./posix_shm/writer -s "$NAME" one
    tells w 'waiting for a reader'
    mv "/dev/shm$NAME" "/dev/shm$NAME.old"
    start v ./posix_shm/writer -s "$NAME" two
    tells v 'waiting for a reader'
    kill "$(pid w)"
    ends w 0
    [ -e "/dev/shm$NAME" ] || fail "it removed another writer's object"
    kill "$(pid v)"
    ends v 0
    rm "/dev/shm$NAME.old"
    gone
}

# The name removed by hand, and another writer under it: the first one's end
# must not take it away.
removed_by_hand() {
    start w ./posix_shm/writer -s "$NAME" one
    tells w 'waiting for a reader'
    rm "/dev/shm$NAME"
    start v ./posix_shm/writer -s "$NAME" two
    tells v 'waiting for a reader'
    kill "$(pid w)"
    ends w 0
    run ./posix_shm/reader -s "$NAME" -t 2
    same out two
    ends v 0
    gone
}

# All experiments over and over; the objects bear the process id.
questions_leave_nothing() {
    numbers=$(seq 12 | tr '\n' ' ')
    n=0
    while [ $((n += 1)) -le 8 ]; do numbers="$numbers $numbers"; done
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        for signal in HUP INT TERM; do
            # shellcheck disable=SC2086 # many arguments
            start q ./posix_shm/questions $numbers
            pause 50
            kill "-$signal" "$(pid q)"
            within 20 ended "$(pid q)" || fail "it does not end"
            reap q
            find /dev/shm -name "questions.$(pid q).*" >"$T/left"
            same left ""
        done
    done
}

questions_leave_what_is_not_theirs() {
    # shellcheck disable=SC2016 # for the shell in there
    run sh -c 'echo >"$1" "/dev/shm/questions.$$.file" &&
        : >"/dev/shm/questions.$$.file" && exec ./posix_shm/questions 1' \
        sh "$T/name"
    rm "$(cat "$T/name")"
    [ "$status" = 1 ]
    says err 'questions\.[0-9]*\.file: there is one already'
}

questions_librt() {
    # shellcheck disable=SC2086 # a compiler and its flags
    ${CC:-cc} posix_shm/questions.c -o "$T/without"
    # shellcheck disable=SC2086
    ${CC:-cc} posix_shm/questions.c -o "$T/with" -lrt
    cmp "$T/without" "$T/with"
}

it "the reader first" reader_first
it "the writer first" writer_first
it "both at once" both_at_once
it "no arguments: the lesson" no_arguments
it "2000 messages, each once and in order" each_message_once
it "messages of any length, none cut" messages_of_any_length
it "a message too long: refused, nothing made" message_too_long
it "a second writer is refused" second_writer
it "a second reader is refused" second_reader
it "a reader killed after it came: the writer ends" reader_killed_after_it_came
it "a reader does not take a dead one's place" reader_waits_where_another_died
it "a dead conversation turns no reader away" reader_beside_a_dead_conversation
it "a writer killed while it waits: the next works" writer_killed_while_it_waits
it "a writer killed after the reader came" writer_killed_after_the_reader_came
it "an object that is not ready is waited for" reader_waits_until_it_is_ready
it "kill -9 at any instant" kills
it "Ctrl-C and SIGTERM clean up and end" ends_by_signal
it "-t ends every wait" timeouts
it "wrong options and values are refused" refusals
it "a stdout that fails is a message not read" stdout_that_fails
it "another user's object is refused" of_another_user
it "a folder, a FIFO, a link of that name" name_taken_by_others
it "an object of others is not removed" not_made_by_a_writer
it "an object renamed: the other one stays" renamed
it "the name removed by hand: only one's own goes" removed_by_hand
questions posix_shm 12
it "questions: ended at any instant, no object stays" questions_leave_nothing
it "questions: an object that is there is left alone" \
    questions_leave_what_is_not_theirs
it "questions: -lrt changes nothing" questions_librt
finish
