#!/bin/sh
# tests/lessons/posix_shm.sh - chapter 2: writer and reader, the counters, their naive
# twins, and the questions. The pairs that meet at a socket: stream.sh
# shellcheck disable=SC2016,SC2046,SC2086 # for shells that we start; many arguments; words
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/ask.sh"
. "$(dirname "$0")/../lib/pairs.sh"
pair=posix_shm

lesson='hello reader, i am your writer
this is the second message
and this is the last one'

# w TEXT... and r: the writer, and the reader.
w() {
    t_start w ./posix_shm/writer -s "$NAME" "$@"
}
r() {
    t_start r ./posix_shm/reader -s "$NAME"
}
waits() {
    t_tells "$1" 'waiting for a'
}
gone() {
    [ ! -e "/dev/shm$NAME" ]
}
done_well() {
    t_ends w 0
    t_ends r 0
    t_same r.out "$1"
    gone || t_fail "$NAME is left in /dev/shm"
}
# meet TEXT...: w and r have met, and r stands in write(2) with the first message,
# until `t_release r.out`.
meet() {
    t_hold
    w "$@"
    t_start_held_out r ./posix_shm/reader -s "$NAME"
    t_stands r
    gone || t_fail "they have met, and $NAME is still there"
}

# --- writer and reader -------------------------------------------------------

in_order() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        case $1 in
        reader) r && waits r && w ;;
        writer) w && waits w && r ;;
        both) r && w ;;
        esac
        done_well "$lesson"
    done
}
# As a learner starts them.
no_arguments() {
    t_alone shm_tutorial
    NAME=/shm_tutorial.$(id -u)
    t_start w ./posix_shm/writer
    t_tells w "waiting for a reader at $NAME"
    [ "$(stat -c %a "/dev/shm$NAME")" = 600 ]
    t_start r ./posix_shm/reader
    done_well "$lesson"
}
each_message_once() {
    w $(seq 2000) && r
    done_well "$(seq 2000)"
}
messages_of_any_length() {
    most=$(head -c 3071 /dev/zero | tr '\0' m)
    w "$most" '' '%s%n' "a
b" '你是我儿子吗？' -- "$most"
    r
    done_well "$most

%s%n
a
b
你是我儿子吗？
--
$most"
    t_refused 2 'a TEXT has at most 3071 bytes' ./posix_shm/writer -s "$NAME" x "m$most"
    gone
}
second_writer() {
    w one two && waits w
    t_refused 1 "another writer waits at $NAME" ./posix_shm/writer -s "$NAME" three
    t_refused 1 "another writer waits at $NAME" ./posix_shm/writer -s "$NAME" three
    r
    done_well 'one
two'
}
# While a pair is at work, another one may meet at the same name.
second_pair() {
    meet one two
    t_start s ./posix_shm/reader -s "$NAME"
    waits s
    t_start v ./posix_shm/writer -s "$NAME" three
    t_ends v 0
    t_ends s 0
    t_same s.out three
    gone
    t_release r.out
    done_well 'one
two'
}
reader_killed() {
    meet one two
    kill -KILL "$(t_pid r)"
    t_ends w 1
    t_says w.err 'the reader has died, or someone removed'
    gone
}
writer_killed() {
    meet one two three
    kill -KILL "$(t_pid w)"
    t_release r.out
    t_ends r 1
    t_says r.err "the writer at $NAME has died"
    [ "$(head -n 1 "$T/r.out")" = one ]
}
# What has been sent before the death is still read.
last_message_of_a_dead_writer() {
    meet one
    kill -KILL "$(t_pid w)"
    t_release r.out
    t_ends r 0
    t_same r.out one
}
# A dead writer's object is no writer: neither the reader nor the next writer
# takes it for one.
writer_killed_while_it_waits() {
    w old && waits w
    kill -KILL "$(t_pid w)"
    t_ends w 137
    present # what the next run finds
    r && waits r
    w new
    done_well new
    w old && waits w
    kill -KILL "$(t_pid w)"
    t_ends w 137
    w new && waits w && r
    done_well new
}
# An object without its size, mark or semaphores is what others can find between
# shm_open(3) and the writer's last step.
not_ready() {
    printf '#define _GNU_SOURCE\n#include "message.h"\n%s\n' \
        'int main(void) { int k = MESSAGE_KIND; return write(1, &k, 4) != 4; }' >"$T/k.c"
    ${CC:-cc} -w -Iposix_shm "$T/k.c" -o "$T/kind"
    for size in 0 4; do
        "$T/kind" | head -c "$size" >"/dev/shm$NAME"
        chmod 600 "/dev/shm$NAME"
        r && waits r
        w one
        done_well one
    done
}
kills() {
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        nobody
        if [ "$(t_random 2)" = 0 ]; then
            writer w one && reader r
        else
            reader r && writer w one
        fi
        t_pause 15
        victim=w
        [ "$(t_random 2)" = 0 ] || victim=r
        kill -KILL "$(t_pid "$victim")" 2>/dev/null || :
        killed=" $victim"
        settle
        account
        plain_run
    done
}
# status_of SIGNAL: what the shell says of who died of it.
status_of() {
    case $1 in HUP) echo 129 ;; INT) echo 130 ;; QUIT) echo 131 ;; TERM) echo 143 ;; esac
}
signals() {
    for signal in HUP INT QUIT TERM; do
        # A shell starts what is in the background with SIGINT and SIGQUIT ignored.
        t_start w env --default-signal ./posix_shm/writer -s "$NAME" one
        waits w
        kill "-$signal" "$(t_pid w)"
        t_ends w "$(status_of $signal)"
        gone || t_fail "$signal: $NAME is left"
        t_start r env --default-signal ./posix_shm/reader -s "$NAME"
        waits r
        kill "-$signal" "$(t_pid r)"
        t_ends r "$(status_of $signal)"
        t_start w env --ignore-signal="$signal" ./posix_shm/writer -s "$NAME" one
        waits w
        kill "-$signal" "$(t_pid w)"
        r
        done_well one
    done
    for victim in w r; do
        meet one two
        kill "$(t_pid "$victim")"
        t_ends "$victim" 143
        t_release r.out
        if [ "$victim" = w ]; then t_ends r 1; else t_ends w 1; fi
    done
}
# A partner that is stopped is alive.
stopped() {
    meet one two
    kill -STOP "$(t_pid w)"
    t_release r.out
    sleep 1.5 # more than a look
    ! t_ended "$(t_pid r)" || t_fail "it takes a stopped writer for a dead one"
    kill -CONT "$(t_pid w)"
    done_well 'one
two'
}
wrong_use() {
    for p in writer reader; do
        for option in -x -h -s; do
            t_refused 2 'usage: ' "./posix_shm/$p" $option
        done
        t_refused 1 'File name too long\|Filename too long\|Invalid argument' "./posix_shm/$p" -s "/$(printf %0300d 0)"
    done
    t_refused 2 'usage: ' ./posix_shm/reader x
    for name in a /a/b a/b; do
        t_refused 2 'usage: ' ./posix_shm/writer -s "$name"
    done
}
umasks() {
    for mask in 0 0277 0777; do
        : >"$T/w.err" # now, and not when the writer starts
        (umask $mask && exec ./posix_shm/writer -s "$NAME" one) 2>"$T/w.err" &
        t_remember w $!
        waits w
        [ "$(stat -c %a "/dev/shm$NAME")" = 600 ]
        r
        done_well one
    done
}
# A reader whose stdout fails has not read the message, and its writer says so.
stdout_that_fails() {
    w one two
    status=0
    ./posix_shm/reader -s "$NAME" >/dev/full 2>"$T/r.err" || status=$?
    [ "$status" = 1 ]
    t_says r.err 'write to stdout: No space left'
    t_ends w 1
    t_says w.err 'the reader has died'
}
# On a terminal printf(3) itself writes a line, and fflush(3) after it has nothing to do.
line_that_fails() {
    cat >"$T/line.h" <<'H'
#define _GNU_SOURCE
#include <stdio.h>
__attribute__((constructor)) static void as_on_a_terminal(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
}
H
    mkdir "$T/c"
    counter_sources "$T/c"
    ${CC:-cc} -include "$T/line.h" posix_shm/reader.c -o "$T/reader" -lrt
    ${CC:-cc} -include "$T/line.h" "$T/c/counter.c" -o "$T/counter" -lrt -pthread
    w one
    t_start_io /dev/null /dev/full r "$T/reader" -s "$NAME"
    t_ends r 1
    t_says r.err 'write to stdout: No space left'
    t_ends w 1
    export COUNTER="$NAME"
    t_start_io /dev/null /dev/full c "$T/counter" 5
    t_ends c 1
    t_says c.err 'write to stdout: No space left'
    gone
}
of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can give an object away"
    : >"/dev/shm$NAME"
    chown 65534 "/dev/shm$NAME"
    for p in writer reader; do
        t_refused 1 'belongs to user 65534\|Permission denied' "./posix_shm/$p" -s "$NAME"
    done
    [ "$(stat -c %u "/dev/shm$NAME")" = 65534 ]
    rm "/dev/shm$NAME"
}
of_others() {
    for p in writer reader; do
        mkdir "/dev/shm$NAME"
        t_refused 1 'shm_open' "./posix_shm/$p" -s "$NAME"
        rmdir "/dev/shm$NAME"
        printf 123 >"$T/f"
        ln -s "$T/f" "/dev/shm$NAME"
        t_refused 1 'shm_open.*[Ss]ymbolic link' "./posix_shm/$p" -s "$NAME"
        rm "/dev/shm$NAME"
        [ "$(cat "$T/f")" = 123 ]
        for content in important '\000\000\000\000important' x; do
            # shellcheck disable=SC2059 # it is the format
            printf "$content" | tee "/dev/shm$NAME" >"$T/content"
            [ "$p$content" = 'reader\000\000\000\000important' ] ||
                t_refused 1 'holds something else' "./posix_shm/$p" -s "$NAME"
            cmp "$T/content" "/dev/shm$NAME"
        done
        rm "/dev/shm$NAME"
    done
}
# The name removed by hand: the writer says so. The next one's name stays.
removed_by_hand() {
    w one && waits w
    mv "/dev/shm$NAME" "/dev/shm$NAME.old"
    t_start v ./posix_shm/writer -s "$NAME" two
    waits v
    rm "/dev/shm$NAME.old"
    t_ends w 1
    t_says w.err "someone removed $NAME"
    r
    t_ends v 0
    t_ends r 0
    t_same r.out two
    gone
}

# --- counter -----------------------------------------------------------------

# c WHO COUNT: a counter.
c() {
    t_start "$1" env --default-signal ./posix_shm/counter "$2"
}
counters() {
    t_alone shm_counter
    NAME=/shm_counter.$(id -u)
}
# counted WHO OWN: it has added so many, and the total was right.
counted() {
    t_says "$1.out" "^added $2, all rows [0-9]*, total [0-9]*$"
    awk '{ exit $5 + 0 != $7 }' "$T/$1.out" || t_fail "$(cat "$T/$1.out")"
}
present() {
    ! gone
}
three_counters() {
    counters
    for who in a b d; do c $who 20000; done
    for who in a b d; do t_ends $who 0 20; done
    for who in a b d; do counted $who 20000; done
    gone || t_fail "$NAME is left"
}
counter_killed() {
    # Under an emulator the kernel does not know of the mutex: set_robust_list(2).
    [ "$(head -c 2 posix_shm/counter)" != '#!' ] || t_skip "an emulator has no robust mutex"
    counters
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        c a 1000000000
        t_within 2 present
        [ "$(stat -c %a "/dev/shm$NAME")" = 600 ]
        c b 1000000000
        c d 2000
        t_pause 10
        kill -KILL "$(t_pid a)"
        t_ends a 137
        t_ends d 0 20
        counted d 2000
        kill -INT "$(t_pid b)"
        t_ends b 130 20
        counted b '[0-9]*'
        gone || t_fail "$NAME is left"
    done
    c a 1000000000
    t_within 2 present
    kill -KILL "$(t_pid a)"
    t_ends a 137
    t_run ./posix_shm/counter 5
    t_same out 'added 5, all rows 5, total 5'
    gone
}
counter_refuses() {
    counters
    for count in x 1x '' -h; do
        t_refused 2 'usage: counter' ./posix_shm/counter "$count"
    done
    t_refused 2 'usage: counter' ./posix_shm/counter 1 2
    echo important >"/dev/shm$NAME"
    t_refused 1 'is something else' ./posix_shm/counter 1
    [ "$(cat "/dev/shm$NAME")" = important ]
    rm "/dev/shm$NAME"
}

t_it "the reader first" in_order reader
t_it "the writer first" in_order writer
t_it "both at once" in_order both
t_it "no arguments: the lesson" no_arguments
t_it "2000 messages, each once and in order" each_message_once
t_it "messages of any length, none cut; a longer one is refused" messages_of_any_length
t_it "a second writer is refused" second_writer
t_it "a second pair while the first is at work" second_pair
t_it "a reader killed after it came: the writer ends" reader_killed
t_it "a writer killed after the reader came: the reader ends" writer_killed
t_it "what a dead writer has sent is read" last_message_of_a_dead_writer
t_it "a writer killed while it waits: the next works" writer_killed_while_it_waits
t_it "an object that is not ready is waited for" not_ready
t_it "kill -9 at any instant" kills
t_it "signals clean up and end, ignored ones do not" signals
t_it "a stopped partner is no dead one" stopped
t_it "wrong options and names are refused" wrong_use
t_it "mode 0600, whatever the umask" umasks
t_it "a stdout that fails is a message not read" stdout_that_fails
t_it "a line on stdout that fails is noticed" line_that_fails
t_it "another user's object is refused" of_another_user
t_it "an object of others is refused, and stays" of_others
t_it "the name removed by hand: the writer ends, the next name stays" removed_by_hand
t_it "counter: three at once" three_counters
t_it "counter: kill -9 at any instant, and the total is right" counter_killed
t_it "counter: wrong use, and an object of others" counter_refuses
t_ask posix_shm
t_finish
