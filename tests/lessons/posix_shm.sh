#!/bin/sh
# tests/lessons/posix_shm.sh - chapter 2: writer and reader over shm_open, questions
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/questions.sh"

lesson='hello reader, i am your writer
this is the second message
and this is the last one'


reader_first() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        t_start r ./posix_shm/reader -s "$NAME" -t 9
        t_tells r 'waiting for a writer'
        t_start w ./posix_shm/writer -s "$NAME" -t 9
        t_ends w 0
        t_ends r 0
        t_same r.out "$lesson"
        gone
    done
}

writer_first() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        t_start w ./posix_shm/writer -s "$NAME" -t 9
        t_tells w 'waiting for a reader'
        t_start r ./posix_shm/reader -s "$NAME" -t 9
        t_ends r 0
        t_ends w 0
        t_same r.out "$lesson"
        gone
    done
}

both_at_once() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        t_start r ./posix_shm/reader -s "$NAME" -t 9
        t_start w ./posix_shm/writer -s "$NAME" -t 9
        t_ends w 0
        t_ends r 0
        t_same r.out "$lesson"
        gone
    done
}

gone() {
    [ ! -e "/dev/shm$NAME" ] || t_fail "$NAME is left in /dev/shm"
}

# The lesson as a learner starts it: no argument. One run of it at a time on
# this machine, for this user; flock(1) sees to that.
no_arguments() {
    exec 7</dev/shm
    flock -w 30 7 || t_skip "another run holds /dev/shm"
    NAME=/shm_tutorial.$(id -u)
    [ ! -e "/dev/shm$NAME" ] || t_skip "$NAME is in use"
    t_start w ./posix_shm/writer
    t_tells w "created $NAME, 4096 bytes, mode 0600"
    [ "$(stat -c '%s %a' "/dev/shm$NAME")" = '4096 600' ]
    t_start r ./posix_shm/reader
    t_ends r 0
    t_ends w 0
    t_same r.out "$lesson"
    gone
}

each_message_once() {
    # shellcheck disable=SC2046 # many arguments
    t_start w ./posix_shm/writer -s "$NAME" $(seq 2000)
    t_run ./posix_shm/reader -s "$NAME"
    [ "$status" = 0 ]
    t_ends w 0
    seq 2000 | cmp - "$T/out"
}

messages_of_any_length() {
    most=$(head -c 3072 /dev/zero | tr '\0' m)
    t_start w ./posix_shm/writer -s "$NAME" "$most" '' '%s%n' "a
b" '你是我儿子吗？' -- "$most"
    t_run ./posix_shm/reader -s "$NAME"
    [ "$status" = 0 ]
    t_ends w 0
    t_same out "$most

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
    t_refused 2 'message 2 has 3073 bytes, and 3072 are the most' \
        ./posix_shm/writer -s "$NAME" short "$long"
    gone
}

second_writer() {
    t_start w ./posix_shm/writer -s "$NAME" -t 9 one two
    t_tells w 'waiting for a reader'
    t_refused 1 'another writer is at work on' ./posix_shm/writer -s "$NAME" three
    t_run ./posix_shm/reader -s "$NAME"
    t_ends w 0
    t_same out 'one
two'
}

# The reader tells its story after it has come and before it takes the first
# message: held there, it is the one reader.
second_reader() {
    t_hold
    t_start w ./posix_shm/writer -s "$NAME" -t 9 one two
    t_tells w 'waiting for a reader'
    t_start_held r ./posix_shm/reader -s "$NAME"
    t_stands r
    t_refused 1 'another reader is at work on' ./posix_shm/reader -s "$NAME" -t 2
    t_release r.err
    t_ends r 0
    t_ends w 0
    t_same r.out 'one
two'
}

reader_killed_after_it_came() {
    t_hold
    t_start w ./posix_shm/writer -s "$NAME" one two
    t_tells w 'waiting for a reader'
    t_start_held r ./posix_shm/reader -s "$NAME"
    t_stands r
    kill -KILL "$(t_pid r)"
    t_ends w 1
    t_says w.err 'waiting for the reader: it is gone'
    gone
}

# No second reader comes in where the first one died: it would not know which
# of the messages are read.
reader_waits_where_another_died() {
    t_hold
    t_start w ./posix_shm/writer -s "$NAME" one two
    t_tells w 'waiting for a reader'
    t_start_held r ./posix_shm/reader -s "$NAME"
    t_stands r
    kill -STOP "$(t_pid w)" # it must not notice yet
    kill -KILL "$(t_pid r)"
    t_reap r
    t_start s ./posix_shm/reader -s "$NAME"
    t_tells s 'waiting for a writer'
    kill -CONT "$(t_pid w)"
    t_ends w 1
    t_start w ./posix_shm/writer -s "$NAME" three
    t_ends w 0
    t_ends s 0
    t_same s.out three
}

# A dead writer's reader may be slow to end. That must not turn away the next.
reader_beside_a_dead_conversation() {
    t_hold
    t_start w ./posix_shm/writer -s "$NAME" old
    t_tells w 'waiting for a reader'
    t_start_held r ./posix_shm/reader -s "$NAME"
    t_stands r
    kill -KILL "$(t_pid w)"
    t_reap w
    t_start s ./posix_shm/reader -s "$NAME"
    t_tells s 'waiting for a writer'
    t_start v ./posix_shm/writer -s "$NAME" new
    t_ends v 0
    t_ends s 0
    t_same s.out new
    t_release r.err
    t_ends r 1
    gone
}

writer_killed_while_it_waits() {
    t_start w ./posix_shm/writer -s "$NAME" old
    t_tells w 'waiting for a reader'
    kill -KILL "$(t_pid w)"
    t_reap w
    [ -e "/dev/shm$NAME" ] # what the next run finds
    t_start r ./posix_shm/reader -s "$NAME"
    t_tells r 'waiting for a writer'
    t_start w ./posix_shm/writer -s "$NAME" new
    t_ends w 0
    t_ends r 0
    t_says w.err 'removing .* of a dead run'
    t_same r.out new
    gone
}

writer_killed_after_the_reader_came() {
    # shellcheck disable=SC2046 # many arguments
    t_start w ./posix_shm/writer -s "$NAME" $(seq 9)
    t_tells w 'waiting for a reader'
    kill -STOP "$(t_pid w)"
    t_start r ./posix_shm/reader -s "$NAME"
    t_tells r 'met a writer'
    kill -KILL "$(t_pid w)"
    t_ends r 1
    t_says r.err 'waiting for the writer: it is gone'
    t_same r.out ""
    t_start w ./posix_shm/writer -s "$NAME" new
    t_run ./posix_shm/reader -s "$NAME"
    t_ends w 0
    t_same out new
    gone
}

# An object without its size, or without its semaphores, is what a reader can
# find between shm_open(3) and the writer's last step: it must wait.
reader_waits_until_it_is_ready() {
    : >"/dev/shm$NAME"
    chmod 600 "/dev/shm$NAME"
    t_refused 1 'no writer came' ./posix_shm/reader -s "$NAME" -t 0.2
    head -c 4096 /dev/zero >"/dev/shm$NAME"
    t_refused 1 'no writer came' ./posix_shm/reader -s "$NAME" -t 0.2
    t_start r ./posix_shm/reader -s "$NAME" -t 9
    t_tells r 'waiting for a writer'
    t_start w ./posix_shm/writer -s "$NAME" -t 9 one
    t_ends w 0
    t_ends r 0
    t_same r.out one
    gone
}

kills() {
    seq 3000 >"$T/numbers"
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        # shellcheck disable=SC2046 # many arguments
        t_start w ./posix_shm/writer -s "$NAME" $(cat "$T/numbers")
        t_start r ./posix_shm/reader -s "$NAME"
        t_pause 150
        if [ "$(t_random 2)" = 0 ]; then
            victim=w partner=r met='met a writer'
        else
            victim=r partner=w met='a reader has come'
        fi
        kill -KILL "$(t_pid "$victim")" 2>/dev/null || :
        t_within 2 t_ended "$(t_pid "$victim")"
        t_reap "$victim"
        # Served by the next that comes, unless it has met the victim. Whether
        # it has, it may be about to tell: then it ends, as it should.
        if ! grep -q "$met" "$T/$partner.err" &&
            ! t_soon grep -q "$met" "$T/$partner.err"; then
            if [ "$victim" = w ]; then
                # shellcheck disable=SC2046 # many arguments
                t_start w ./posix_shm/writer -s "$NAME" $(cat "$T/numbers")
                t_ends w 0 9
            else
                t_start r ./posix_shm/reader -s "$NAME"
                t_ends r 0 9
            fi
            t_ends "$partner" 0
            cmp "$T/numbers" "$T/r.out"
        else
            t_within 2 t_ended "$(t_pid "$partner")" || t_fail "$partner stays"
            t_reap "$partner"
            case $status in
            0) cmp "$T/numbers" "$T/r.out" ;; # all was done
            1) t_says "$partner.err" ' is gone' ;;
            *) t_fail "$partner: status $status" ;;
            esac
            head -n "$(wc -l <"$T/r.out")" "$T/numbers" | cmp - "$T/r.out"
        fi
        t_start w ./posix_shm/writer -s "$NAME"
        t_start r ./posix_shm/reader -s "$NAME"
        t_ends w 0
        t_ends r 0
        t_same r.out "$lesson"
        gone
    done
}

ends_by_signal() {
    for signal in INT TERM; do
        t_start w ./posix_shm/writer -s "$NAME"
        t_tells w 'waiting for a reader'
        kill "-$signal" "$(t_pid w)"
        t_ends w 0
        gone
        t_start r ./posix_shm/reader -s "$NAME"
        t_tells r 'waiting for a writer'
        kill "-$signal" "$(t_pid r)"
        t_ends r 0
    done
    # In the middle it is a failure: not all that was to be sent was read.
    for victim in w r; do
        t_start w ./posix_shm/writer -s "$NAME" one two
        t_hold
        t_start_held_out r ./posix_shm/reader -s "$NAME"
        t_stands r
        t_tells w 'a reader has come'
        kill "$(t_pid "$victim")"
        if [ "$victim" = w ]; then
            t_ends w 1
            t_says w.err 'waiting for the reader: interrupted; messages read: 0'
            t_release r.out
            t_ends r 1
        else
            t_ends r 1 # though it stands in write(2)
            t_ends w 1
            t_release r.out
        fi
        gone
    done
}

timeouts() {
    t_refused 1 'waiting for the reader: it did not come in time' ./posix_shm/writer -s "$NAME" -t 0.1
    gone
    t_refused 1 'no writer came' ./posix_shm/reader -s "$NAME" -t 0
    # A partner that stands still is alive: only -t ends the wait for it.
    # shellcheck disable=SC2046 # many arguments
    t_start w ./posix_shm/writer -s "$NAME" $(seq 9)
    t_tells w 'waiting for a reader'
    kill -STOP "$(t_pid w)"
    t_start r ./posix_shm/reader -s "$NAME" -t 0.3
    t_ends r 1
    t_says r.err 'waiting for the writer: it did not come in time'
    kill -CONT "$(t_pid w)"
    t_ends w 1
    gone
}

# From here on some tests are those of the stream pair, too; t_it has a suite of
# its own for the rest, stream.sh.
all_four='writer reader stream_writer stream_reader'

refusals() {
    for t in -1 nan inf 0x 1s ''; do
        for p in $all_four; do
            t_refused 2 'SECONDS is a number' "./posix_shm/$p" -s "$NAME" -t "$t"
        done
    done
    for p in reader stream_writer stream_reader; do
        t_refused 2 'what is x' "./posix_shm/$p" x
    done
    for p in $all_four; do
        t_refused 2 'usage: ' "./posix_shm/$p" -x
        for name in '' / a /a/b a/b "/$(printf %0255d 0)"; do
            t_refused 2 'NAME is a /' "./posix_shm/$p" -s "$name"
        done
        t_run "./posix_shm/$p" -h
        [ "$status" = 0 ]
        t_says out "^usage: $p"
        for to in '>/dev/full' '>&-'; do
            status=0
            eval '"./posix_shm/$p" -h' "$to" 2>"$T/err" || status=$?
            [ "$status" = 1 ]
            t_says err "write to stdout"
        done
        "./posix_shm/$p" -s "$NAME" -t 0 2>&- && t_fail "stderr closed"
        gone
    done
}

# A reader whose stdout fails has not read the message, and its writer says so.
stdout_that_fails() {
    t_start w ./posix_shm/writer -s "$NAME" one two
    status=0
    ./posix_shm/reader -s "$NAME" >/dev/full 2>"$T/r.err" || status=$?
    [ "$status" = 1 ]
    t_says r.err 'write to stdout: No space left'
    t_ends w 1
    t_says w.err 'waiting for the reader: it is gone; messages read: 0'
    gone
}

of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can give an object away"
    head -c 4096 /dev/zero >"/dev/shm$NAME"
    chown 65534 "/dev/shm$NAME"
    for p in $all_four; do
        t_refused 1 'not an object of yours' "./posix_shm/$p" -s "$NAME" -t 0.2
    done
    [ -e "/dev/shm$NAME" ]
    rm "/dev/shm$NAME"
}

name_taken_by_others() {
    for p in $all_four; do
        mkdir "/dev/shm$NAME"
        t_refused 1 'shm_open' "./posix_shm/$p" -s "$NAME" -t 0.2
        rmdir "/dev/shm$NAME"
        mkfifo "/dev/shm$NAME"
        t_refused 1 'not an object of yours' "./posix_shm/$p" -s "$NAME" -t 0.2
        rm "/dev/shm$NAME"
        printf 123 >"$T/f"
        ln -s "$T/f" "/dev/shm$NAME"
        t_refused 1 'shm_open.*[Ss]ymbolic link' "./posix_shm/$p" -s "$NAME" -t 0.2
        rm "/dev/shm$NAME"
        [ "$(cat "$T/f")" = 123 ]
    done
}

# What is not locked and of this name, but not left by a writer: not ours.
not_made_by_a_writer() {
    printf important >"/dev/shm$NAME"
    for p in $all_four; do
        t_refused 1 'holds something else' "./posix_shm/$p" -s "$NAME" -t 0
        [ "$(cat "/dev/shm$NAME")" = important ]
    done
    head -c 4096 posix_shm/writer.c >"/dev/shm$NAME"
    t_refused 1 'holds something else' ./posix_shm/writer -s "$NAME" -t 0
    head -c 4096 posix_shm/writer.c | cmp - "/dev/shm$NAME"
    rm "/dev/shm$NAME"
}

# The object renamed, and another under its name: its writer leaves that alone.
renamed() {
    t_start w ./posix_shm/writer -s "$NAME" one
    t_tells w 'waiting for a reader'
    mv "/dev/shm$NAME" "/dev/shm$NAME.old"
    t_start v ./posix_shm/writer -s "$NAME" two
    t_tells v 'waiting for a reader'
    kill "$(t_pid w)"
    t_ends w 0
    [ -e "/dev/shm$NAME" ] || t_fail "it removed another writer's object"
    kill "$(t_pid v)"
    t_ends v 0
    rm "/dev/shm$NAME.old"
    gone
}

# The name removed by hand, and another writer under it: the first one's end
# must not take it away.
removed_by_hand() {
    t_start w ./posix_shm/writer -s "$NAME" one
    t_tells w 'waiting for a reader'
    rm "/dev/shm$NAME"
    t_start v ./posix_shm/writer -s "$NAME" two
    t_tells v 'waiting for a reader'
    kill "$(t_pid w)"
    t_ends w 0
    t_run ./posix_shm/reader -s "$NAME" -t 2
    t_same out two
    t_ends v 0
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
            t_start q ./posix_shm/questions $numbers
            t_pause 50
            kill "-$signal" "$(t_pid q)"
            t_within 20 t_ended "$(t_pid q)" || t_fail "it does not end"
            t_reap q
            find /dev/shm -name "questions.$(t_pid q).*" >"$T/left"
            t_same left ""
        done
    done
}

questions_leave_what_is_not_theirs() {
    # shellcheck disable=SC2016 # for the shell in there
    t_run sh -c 'echo >"$1" "/dev/shm/questions.$$.file" &&
        : >"/dev/shm/questions.$$.file" && exec ./posix_shm/questions 1' \
        sh "$T/name"
    rm "$(cat "$T/name")"
    [ "$status" = 1 ]
    t_says err 'questions\.[0-9]*\.file: there is one already'
}

questions_librt() {
    # shellcheck disable=SC2086 # a compiler and its flags
    ${CC:-cc} posix_shm/questions.c -o "$T/without"
    # shellcheck disable=SC2086
    ${CC:-cc} posix_shm/questions.c -o "$T/with" -lrt
    cmp "$T/without" "$T/with"
}

t_it "the reader first" reader_first
t_it "the writer first" writer_first
t_it "both at once" both_at_once
t_it "no arguments: the lesson" no_arguments
t_it "2000 messages, each once and in order" each_message_once
t_it "messages of any length, none cut" messages_of_any_length
t_it "a message too long: refused, nothing made" message_too_long
t_it "a second writer is refused" second_writer
t_it "a second reader is refused" second_reader
t_it "a reader killed after it came: the writer ends" reader_killed_after_it_came
t_it "a reader does not take a dead one's place" reader_waits_where_another_died
t_it "a dead conversation turns no reader away" reader_beside_a_dead_conversation
t_it "a writer killed while it waits: the next works" writer_killed_while_it_waits
t_it "a writer killed after the reader came" writer_killed_after_the_reader_came
t_it "an object that is not ready is waited for" reader_waits_until_it_is_ready
t_it "kill -9 at any instant" kills
t_it "Ctrl-C and SIGTERM clean up and end" ends_by_signal
t_it "-t ends every wait" timeouts
t_it "wrong options and values are refused" refusals
t_it "a stdout that fails is a message not read" stdout_that_fails
t_it "another user's object is refused" of_another_user
t_it "a folder, a FIFO, a link of that name" name_taken_by_others
t_it "an object of others is not removed" not_made_by_a_writer
t_it "an object renamed: the other one stays" renamed
t_it "the name removed by hand: only one's own goes" removed_by_hand
t_questions posix_shm 12
t_it "questions: ended at any instant, no object stays" questions_leave_nothing
t_it "questions: an object that is there is left alone" \
    questions_leave_what_is_not_theirs
t_it "questions: -lrt changes nothing" questions_librt
t_finish
