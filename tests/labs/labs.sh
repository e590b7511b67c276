#!/bin/sh
# tests/labs/labs.sh - the labs as they were handed out: each check finds the bug,
# and says so; and what `make labs` and `make labs-reset` do
# shellcheck disable=SC2086 # busybox sh
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/labs.sh"
many=$(echo "$labs" | wc -w)

all_labs() {
    mkdir "$T/in"
    for lab in $labs; do
        starter "$lab"
        mv "$T/$lab.c" "$T/in"
    done
    status=0
    env CHECKS="$checks" LABS_FROM="$T/in" $TEST_SH tests/labs/checks/run.sh \
        >"$T/out" 2>"$T/err" || status=$?
    if grep -q '^\[-\]' "$T/out"; then t_skip "$(head -n 1 "$T/out")"; fi
    [ "$status" = 1 ]
    [ "$(grep -c '^\[ \] ' "$T/out")" = "$many" ]
    tail -n 1 "$T/out" >"$T/last"
    t_same last "0 of $many done"
    awk 'length > 90' "$T/out" >"$T/long"
    t_same long ''
    t_same err ''
}

unknown_lab() {
    labs LAB=no_such_lab
    [ "$status" = 2 ]
    t_says err 'no lab no_such_lab' '^    torn_read$'
    labs LAB=torn_read FORMAT=xml
    [ "$status" = 2 ]
    mkdir "$T/in"
    labs LAB=torn_read LABS_FROM="$T/in"
    [ "$status" = 1 ]
    t_same out '[ ] torn_read        not handed in
0 of 1 done'
}

does_not_compile() {
    mkdir "$T/in"
    echo 'int main(void) { return x; }' >"$T/in/torn_read.c"
    labs LAB=torn_read LABS_FROM="$T/in"
    [ "$status" = 1 ]
    t_says out '^\[ \] torn_read        does not compile$' \
        '^torn_read.c:1:.*error:.*x' '^0 of 1 done$'
    labs LAB=torn_read LABS_FROM="$T/in" FORMAT=tsv
    t_same out "$(printf 'torn_read\tfail\tdoes not compile')"
    t_says err '^torn_read.c:1:.*error:'
}

on_a_terminal() {
    export SHELL=/bin/sh
    script -qec true /dev/null >"$T/out" 2>&1 </dev/null ||
        t_skip "no script(1), or another one"
    mkdir "$T/in"
    t_run script -qec "LABS_FROM='$T/in' $TEST_SH tests/labs/checks/run.sh" /dev/null </dev/null
    tr -d '\r' <"$T/out" | sed 's/.*\[K//' >"$T/lines"
    tail -n 1 "$T/lines" >"$T/last"
    t_same last "[...........................] 0 of $many done"
    t_says lines 'torn_read .*not handed in'
}

# A copy, as a student has it, in $T/tree.
student() {
    mkdir "$T/tree"
    cp -R Makefile README.md data mmap posix_shm sysv_shm "$T/tree"
    mkdir "$T/tree/tests"
    mkdir "$T/tree/tests/labs"
    cp -R tests/labs/checks tests/labs/list "$T/tree/tests/labs"
    for lab in */lab/*.c; do
        t_handed_out "$lab" >"$T/tree/$lab"
    done
    cd "$T/tree"
    rm -rf data/work
}

reset() {
    student
    make -s data/work/labs/torn_read.c
    cp mmap/lab/torn_read.c "$T/fresh"
    echo '/* mine */' >>mmap/lab/torn_read.c
    cp mmap/lab/torn_read.c "$T/mine"
    : >mmap/lab/torn_read
    t_run make -s labs-reset
    [ "$status" != 0 ]
    t_says err 'which lab?' '^    torn_read$' '^    leak$'
    t_run make -s labs-reset LAB=nonsense
    [ "$status" != 0 ]
    t_says err 'there is no lab nonsense' '^    torn_read$' '^    leak$'
    for answer in n '' no; do
        echo $answer | make -s labs-reset LAB=torn_read >"$T/out"
        t_says out 'Replace mmap/lab/torn_read.c, in which 1 lines are yours or gone?' \
            'Nothing has changed'
        cmp mmap/lab/torn_read.c "$T/mine"
    done
    make -s labs-reset LAB=torn_read </dev/null >"$T/out"
    cmp mmap/lab/torn_read.c "$T/mine"
    # What make and its relatives do is not the student's file, nor its copy.
    make -s clean >"$T/make"
    [ -e data/work/labs/torn_read.c ]
    make -s data/work/labs/torn_read.c
    cmp mmap/lab/torn_read.c "$T/mine"
    cmp data/work/labs/torn_read.c "$T/fresh"
    : >mmap/lab/torn_read
    echo y | make -s labs-reset LAB=torn_read >"$T/out"
    cmp mmap/lab/torn_read.c "$T/fresh"
    cmp data/work/labs/torn_read.c.old "$T/mine"
    [ ! -e mmap/lab/torn_read ]
    t_run make -s labs-reset LAB=torn_read
    t_says out 'mmap/lab/torn_read.c is as it was handed out'
    rm mmap/lab/torn_read.c
    t_run make -s labs-reset LAB=torn_read
    cmp mmap/lab/torn_read.c "$T/fresh"
}

t_it "the checks compile" built
for lab in $labs; do
    t_it "$lab: as handed out it is red, with its evidence" starter_is_red "$lab"
done
t_it "make labs: a line for each" all_labs
t_it "make labs: an unknown lab, nothing handed in" unknown_lab
t_it "make labs: what does not compile" does_not_compile
t_it "make labs: on a terminal" on_a_terminal
t_it "make labs-reset: asks, keeps, renews; make keeps away" reset
t_finish
