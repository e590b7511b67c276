#!/bin/sh
# tests/house/pages_own.sh - the tests of the pages find what is wrong in them
. "$(dirname "$0")/../lib/lib.sh"

# made_up: in $T/tree a chapter whose program and READMEs are small, and right.
made_up() {
    mkdir -p "$T/tree/tests/house" "$T/tree/mmap"
    cp -R tests/texts tests/lib "$T/tree/tests"
    cp tests/house/pages.sh "$T/tree/tests/house"
    cd "$T/tree"
    mkdir data posix_shm sysv_shm
    : >data/test.txt
    : >.build
    : >README.md
    printf 'reset:\n\t@:\n' >Makefile
    printf '%s\n' 'int main(void)' '{' '    return 0;' '}' >mmap/program.c
    mkdir mmap/questions
    : >mmap/questions/01_why.c
    : >mmap/questions/02_how.c
    printf '#!/bin/sh\necho "usage: program [-n COUNT] [-v]"\n' >mmap/program
    chmod 755 mmap/program
    wide=$(printf '%80s' '' | tr ' ' x)
    sed "s/^WIDE/$wide/; s/^BOX/$(echo "$wide" | sed 's/x/─/g')/
        s/^CHINESE/$(echo "$wide" | sed 's/xx/，/g')/" >mmap/README.md <<'END'
# Chapter 1

English | [Chinese](README.zh-CN.md)

## A part: `one`, two

See [above](#a-part-one-two), [the source](program.c), printf(3).

```console
$ ./mmap/program -h | cut -c -14; echo two
usage: program
two
```

```console terminal=1
$ mkfifo data/go; echo made; cat data/go; sleep 0.1; rm data/go
made
```

```console terminal=2
$ echo last >data/go
```

```console terminal=1
last
```

```console
$ [ -e data/go ] || echo "gone $$"
gone <pid>
```

```console not run: by hand
$ nobody
```

<!-- from mmap/program.c -->
```c
{
    return 0;
```

```text
drawing
WIDE
BOX
CHINESE
```

| MB/s | 1 KiB | 2 KiB |
|---|---|---|
| pipe | 1.0 | 2,000 |

-n and -v; ask 1, ask 2

```console terminal=2
$ sleep 0.1; echo slow >data/it
```

```console
$ cat data/it
slow
```

<!-- heart of mmap/program.c -->
```c
int main(void)
    ...
    return 0 /* and no more */
```
END
    # shellcheck disable=SC2016 # as it stands there
    sed 's/README.zh-CN/README/; s/^## A.*/## 第一部分：“一”，`Two`/
        s/#a-part-one-two/#第一部分一two/' mmap/README.md >mmap/README.zh-CN.md
}

# pages [NAME=VALUE...]: what both tests say of them.
pages() {
    status=0
    for suite in texts/text_mmap house/pages; do
        # shellcheck disable=SC2086 # busybox sh
        env SESSION_SECONDS=1 T_PATIENCE=1 PAGES=mmap/README.md "$@" \
            $TEST_SH "tests/$suite.sh" || status=$?
    done >"$T/out" 2>"$T/err"
}

pages_right() {
    made_up
    pages ONLY=
    cat "$T/out"
    [ "$status" = 0 ]
    t_says out 'not run: by hand$' '^1\.\.2$' '^1\.\.10$'
}

# pages_wrong TEST PATTERN FILES SED: with FILES changed so, this test says so.
pages_wrong() {
    made_up
    for page in $3; do
        sed "$4" "$page" >"$T/changed"
        cmp "$page" "$T/changed" >"$T/same" && t_fail "$page is as before"
        cp "$T/changed" "$page"
    done
    pages ONLY=
    [ "$status" = 1 ] || t_fail "it is not found"
    t_says out "^not ok .*: $1" "$2"
}
wrong() {
    t_it "finds $1" pages_wrong "$2" "$3" "$4" "$5"
}

# A lab has no questions, and its page is two folders deep.
pages_of_labs() {
    made_up
    mkdir mmap/lab
    for page in README.md README.zh-CN.md; do
        sed 's,(program.c),(../program.c),' "mmap/$page" >"mmap/lab/$page"
    done
    pages ONLY= PAGES=mmap/lab/README.md
    [ "$status" = 0 ] || { cat "$T/out" && t_fail "status $status"; }
    t_says out 'mmap/lab/README.md: every session' '^1\.\.9$'
    echo '[](nothing.c)' >>mmap/lab/README.md
    pages ONLY= PAGES=mmap/lab/README.md
    [ "$status" = 1 ]
    t_says out 'mmap/lab/README.md:[0-9]*: there is no nothing.c'
}

t_it "passes what is right" pages_right
t_it "reads the pages of the labs" pages_of_labs
english=mmap/README.md
chinese=mmap/README.zh-CN.md
wrong "a changed word" "mmap/README.md: every session" \
    'README.md:10: .*differs' $english 's/^two$/too/'
wrong "a missing line" "mmap/README.md: every session" \
    'README.md:10: .*differs' $english '/^two$/d'
wrong "a line too many" "mmap/README.md: every session" \
    'README.md:10: .*differs' $english 's/^two$/&\nthree/'
wrong "a command that hangs" "mmap/README.md: every session" \
    'README.md:10: .*does not end' $english \
    's/echo two$/echo two; sleep 99/'
wrong "a block that does not end" "mmap/README.md: every session" \
    'README.md:43: a block that does not end' \
    $english "/^drawing/,\$d"
wrong "a wrong attribute" "mmap/README.md: every session" \
    'README.md:15: .*console terminal=x' $english \
    's/terminal=1/terminal=x/'
wrong "a piece that is not in its file" "mmap/README.md: every piece" \
    'README.md:37: this is not in mmap/pro' \
    $english 's/return 0/return 1/'
wrong "a heart that is not in its file" "mmap/README.md: every piece" \
    'README.md:[0-9]*: this is not in mmap/pro' $english 's/return 0 .. and/return 2 \/* and/'
wrong "a heart in another order" "mmap/README.md: every piece" \
    'README.md:[0-9]*: this is not in mmap/pro' $english '/^int main/d; s/^    \.\.\.$/    return 0;\nint main(void)/'
wrong "a piece of no file" "mmap/README.zh-CN.md: every piece" \
    'README.zh-CN.md:37: .*no file' $chinese '/<!-- from/d'
wrong "a dead link" "mmap/README.md: every link" \
    'README.md:7: there is no progam.c' $english 's/(program/(progam/'
wrong "a dead anchor" "mmap/README.md: every link" \
    'README.md:7: no heading of .* is #a-part-one-too' $english \
    's/one-two/one-too/'
wrong "a dead anchor in Chinese" "mmap/README.zh-CN.md: every link" \
    'README.zh-CN.md:7: no heading' $chinese \
    's/#第一/#第二/'
wrong "a drawing of 81 columns" "mmap/README.md: drawings" \
    'README.md:46: 81 columns' $english \
    's/^drawing/&\n&/; s/^xxx/&x/'
wrong "a drawing of 41 Chinese characters" "mmap/README.zh-CN.md: drawings" \
    'README.zh-CN.md:47: 82 columns' \
    $chinese 's/^，/中，/'
wrong "figures that are too wide" "mmap/README.md: drawings" \
    'README.md:52: .* columns' $english \
    "s/1.0/1.0$(printf %66s '')/"
wrong "a session that the other language lacks" "mmap/README.md: the same" \
    "$chinese:.*gone" $chinese \
    '/data.go . ||/d'
wrong "another piece there" "mmap/README.md: the same" \
    "$chinese:41: }" $chinese 's/^    return 0;/&\n}/'
wrong "another heading level there" "mmap/README.md: the same" \
    "$chinese:5: ### a heading" $chinese 's/^##/&#/'
wrong "a link that it lacks" "mmap/README.md: the same" \
    "$chinese.*nothing more" $chinese 's/(program.c)//'
wrong "an option not mentioned" "mmap/README.md: every option" \
    'mmap: nothing about mmap/program -v' $english \
    's/ and -v//'
wrong "an experiment not mentioned" "mmap/README.md: every option" \
    'mmap: nothing about ask 2' \
    $english 's/ask 2//'
wrong "a man page that does not exist" "every man page" \
    'README.md:7: there is no printg(3)' \
    $english 's/printf/printg/'
t_finish
