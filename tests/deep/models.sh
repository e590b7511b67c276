#!/bin/sh
# tests/deep/models.sh [MODEL [VARIANT]] - check the models of the protocols
#
# Without an argument, as `make models` does it, and with a MODEL (seqlock):
# spin(1) goes through every order of steps of the protocol as it is, and must
# find no error; then through each variant that lacks one protection, and must
# find one. A model's first mtype lists its variants.
#
# With MODEL VARIANT: show the shortest way to that error, step by step.
. "$(dirname "$0")/../lib/lib.sh"
cd tests/deep/models || exit 1

# variants MODEL: a line for each, with what it lacks.
variants() {
    sed -n '/^mtype = {/,/^}/s,^ *\([A-Z_0-9]*\).*/\* \(.*\) \*/,\1 \2,p' \
        "$1.pml" | grep -v '^NOTHING '
}

# pml VARIANT OPTION...: spin, with this variant.
pml() {
    broken=$1
    shift
    spin -P"${CC:-cc} -E -x c" -DBROKEN="$broken" "$@"
}

# build MODEL VARIANT FLAG...: pan, the program that goes through it. NOREDUCE:
# it leaves out no order. MEMLIM: so many MB are the most.
build() {
    cp "$1.pml" "$T"
    cd "$T" || exit 1
    pml "$2" -a "$1.pml"
    shift 2
    ${CC:-cc} -w -DSAFETY -DNOREDUCE -DMEMLIM=900 "$@" -o pan pan.c ||
        t_fail "it does not compile"
}

# holds MODEL: all of it, no error, and no line that no run ever comes to.
holds() {
    build "$1" NOTHING -O1
    ./pan -m100000 >out 2>&1 || :
    if grep -e 'errors: [1-9]' -e 'too small' -e 'not completed' out ||
        grep -e "$1.pml:" out || ! grep -q 'errors: 0' out; then
        cat out
        t_fail "see it with tests/deep/models.sh $1 NOTHING"
    fi
    awk '/states, stored/ { states = $1 }
        /elapsed time/ { print states " states, " $4 " seconds" }' out
}

# fails MODEL VARIANT: breadth first, which finds the shortest way.
fails() {
    build "$1" "$2" -O0 -DBFS
    ./pan -w22 >out 2>&1 || :
    sed -n 's/^pan:1: \(.*\) (at depth \([0-9]*\))/\1, in \2 steps/p' out |
        grep -e '^assertion violated' -e '^invalid end state' && return
    grep -q 'errors: 0' out || cat out
    t_fail "no error is found"
}

# show MODEL VARIANT: spin's own words for a step are what the preprocessor
# made of it. Show the line of the model instead, and what has changed.
show() {
    found=$(fails "$1" "$2") || t_fail "$found"
    cd "$T" || exit 1
    pml "$2" -t -p -g -l "$1.pml" | awk -v model="$1.pml" '
        BEGIN {
            while ((getline text <model) > 0) {
                sub(/^ */, "", text)
                line[++lines] = text
            }
        }
        function say(what) { printf "%-9s %4d  %s\n", who, at, what }
        /^ *[0-9]+:\tproc / {
            match($0, /proc +[0-9]+ \([a-z]+/)
            who = substr($0, RSTART, RLENGTH)
            split(who, word, /[ (]+/)
            who = word[3] " " word[2]
            match($0, /\.pml:[0-9]+/)
            at = substr($0, RSTART + 5, RLENGTH - 5)
            if (ended && !/valid end state/ && line[at] != "}")
                say(line[at])
            if (ended || /\[\.?\(?goto|\[break\]|\[(IF|DO)\]|\[kill\?/ ||
                who at == last)
                next
            last = who at
            if (match($0, /kill![0-9]/))
                say("kill -9 process " substr($0, RSTART + 5, 1))
            else
                say(line[at])
        }
        /^\t\t.* = / && !ended {
            split($0, side, " = ")
            if (side[2] != value[side[1]] + 0 && !/:done = /) {
                sub(/^\t+([a-z]*\([0-9]\):)?/, "")
                printf "%20s%s\n", "", $0
            }
            value[side[1]] = side[2]
        }
        /^#processes/ { ended = 1; print "\nWhere the others stand:" }'
    echo
    echo "$found"
}

compiler=${CC:-cc}
for tool in spin "${compiler%% *}"; do
    command -v "$tool" >/dev/null || missing=$tool
done
if [ -n "${missing:-}" ]; then
    t_it "the models" t_skip "$missing is not installed"
    t_finish
fi

[ $# -gt 0 ] || set -- *.pml
if [ ! -e "${1%.pml}.pml" ]; then
    echo "there is no model $1: tests/deep/models has" *.pml >&2
    exit 2
elif [ $# = 2 ] && [ "${1%.pml}" = "$1" ]; then
    if [ "$2" != NOTHING ] && ! variants "$1" | grep -q "^$2 "; then
        echo "$1 has no variant $2, but:" >&2
        variants "$1" >&2
        exit 2
    fi
    T=$t_tmp
    (show "$1" "$2")
    exit
fi

# tell TITLE COMMAND...: a test, and what it found.
tell() {
    t_it "$@"
    [ "$t_result" != 0 ] || sed 's/^/#   /' "$T.log"
}
for model; do
    model=${model%.pml}
    tell "$model: no error" holds "$model"
    variants "$model" >"$t_tmp/variants" || t_it "$model: its variants" false
    while read -r variant _; do
        tell "$model: an error with $variant" fails "$model" "$variant"
    done <"$t_tmp/variants"
done
t_finish
