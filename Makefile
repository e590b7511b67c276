# The shared-memory tutorial suite. `make help` lists the targets.
#
# Every .c file is a whole program: `cc mmap/parent_child.c` does for one what
# this file does for all, beside their sources.

CFLAGS ?= -O2 -g

# The tutorial text links with -lrt, where shm_open(3) once lived. Since glibc
# 2.34 it is in libc itself and librt.a is empty, so -lrt adds nothing to the
# program; older programs still find a librt.so.1, older systems still need it.
LDLIBS ?= -lrt

# make SANITIZE=address,undefined builds instrumented programs.
SANITIZE ?=

# make test SUITE=mmap runs one suite; SH is the shell that runs the suites.
SUITE ?=
SH ?= sh

# make bench BENCH_MIB=256 BENCH_RUNS=5 FORMAT=tsv: how much, how often, for whom.
export BENCH_MIB BENCH_RUNS FORMAT

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
BUILD = $(strip $(CC) -std=c11 $(WARNINGS) \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all) \
	$(CPPFLAGS) $(CFLAGS) $(LDFLAGS))
LIBRARIES = $(strip $(LDLIBS))

PROGRAMS = $(patsubst %.c,%,$(wildcard mmap/*.c posix_shm/*.c sysv_shm/*.c))
WORK = data/work/test.txt data/work/english.txt

all: $(PROGRAMS) $(WORK)			## build everything (the default)

$(PROGRAMS): %: %.c .build
	$(BUILD) -o $@ $< $(LIBRARIES)

# The two programs of a pair share one header.
mmap/unrelated_writer mmap/unrelated_reader: mmap/unrelated.h
posix_shm/writer posix_shm/reader: posix_shm/message.h
posix_shm/stream_writer posix_shm/stream_reader: posix_shm/stream.h
posix_shm/writer posix_shm/reader posix_shm/stream_writer posix_shm/stream_reader: \
	posix_shm/partner.h posix_shm/owner.h
sysv_shm/writer sysv_shm/reader: sysv_shm/student.h
sysv_shm/writer: sysv_shm/owner.h

# The questions of all chapters are asked in one way; each has its experiments.
mmap/questions: mmap/questions.h $(wildcard mmap/questions_*.h)
posix_shm/questions: mmap/questions.h $(wildcard posix_shm/questions_*.h)
sysv_shm/questions: mmap/questions.h $(wildcard sysv_shm/questions_*.h)

# .build holds the command of the last build: with another compiler or other
# flags it changes, and then every program is built anew.
export BUILD_LINE = $(BUILD) $(LIBRARIES)
ifneq ($(BUILD_LINE),$(file <.build))
.build: FORCE
endif
.build:
	@printf '%s\n' "$$BUILD_LINE" >$@

# Lessons work on copies, so that none of them changes a tracked file. A copy
# that a lesson has changed is newer than its original and stays as it is.
$(WORK): data/work/%: data/%
	@mkdir -p $(@D)
	install -m 600 $< $@

test: all			## run the tests (SUITE=mmap: one suite)
	@TEST_SH='$(SH)' $(SH) tests/run.sh $(SUITE)

check: test			## the same as test

windows: all			## hold every window between two steps open
	@TEST_SH='$(SH)' $(SH) tests/run.sh tests/windows.sh

stress: all			## kill and stop at random (STRESS_SECONDS=60)
	@TEST_SH='$(SH)' $(SH) tests/run.sh tests/stress.sh

models:				## check the protocols' models, if spin(1) is there
	@$(SH) tests/models/run.sh

bench: all			## measure it all on this machine (FORMAT=tsv)
	@CC='$(CC)' $(SH) tests/bench/run.sh

lint:				## format and static checks, as far as installed
	@$(SH) tests/lint.sh

reset:				## fresh copies of data/ in data/work/
	rm -rf data/work
	@$(MAKE) --no-print-directory $(WORK)

clean:				## remove everything that make made
	rm -rf $(PROGRAMS) data/work .build

help:				## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' \
		Makefile

FORCE:
.PHONY: all test check windows stress models bench lint reset clean help FORCE
