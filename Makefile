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

# make labs LAB=torn_read checks one lab, LABS_FROM=FOLDER what was handed in.
LAB ?=
LABS_FROM ?=

# make bench BENCH_MIB=256 BENCH_RUNS=5 FORMAT=tsv: how much, how often, for whom.
export BENCH_MIB BENCH_RUNS FORMAT

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
BUILD = $(strip $(CC) -std=c11 $(WARNINGS) \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all) \
	$(CPPFLAGS) $(CFLAGS) $(LDFLAGS))
LIBRARIES = $(strip $(LDLIBS))

PROGRAMS = $(patsubst %.c,%,$(wildcard mmap/*.c posix_shm/*.c sysv_shm/*.c))
WORK = data/work/test.txt data/work/english.txt

# The labs: what students mend, and what checks it.
LABS = $(wildcard mmap/lab/*.c posix_shm/lab/*.c sysv_shm/lab/*.c)
KEPT = $(addprefix data/work/labs/,$(notdir $(LABS)))
CHECKS = $(patsubst tests/%.c,data/work/%,$(wildcard tests/checks/*.c))

all: $(PROGRAMS) $(WORK) $(KEPT)			## build everything (the default)

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

# A lab as it was handed out, kept once, for `make labs-reset`.
define keep
data/work/labs/$(notdir $(1)): | $(1)
	@mkdir -p $$(@D)
	@cp $(1) $$@
endef
$(foreach lab,$(LABS),$(eval $(call keep,$(lab))))

# Several may build at once in one checkout: each makes its own, and moves it.
$(CHECKS): data/work/checks/%: tests/checks/%.c $(wildcard tests/checks/*.h)
	@mkdir -p $(@D)
	@$(CC) -std=c11 $(WARNINGS) -O1 -g -o $@.$$$$ $< && mv $@.$$$$ $@

labs: $(CHECKS) $(KEPT)		## check the labs (LAB=torn_read: one; FORMAT=tsv)
	@CC='$(CC)' LAB='$(LAB)' LABS_FROM='$(LABS_FROM)' $(SH) tests/checks/run.sh

labs-reset:			## a fresh copy of a lab, after asking (LAB=torn_read)
	@LAB='$(LAB)' $(SH) tests/checks/reset.sh

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

# The copy of a lab that somebody has begun to mend stays: it is the only one.
define remove_work
	for lab in $(LABS); do kept=data/work/labs/$${lab##*/}; \
		if cmp -s "$$lab" "$$kept"; then rm "$$kept"; fi; done
	if [ -d data/work ]; then \
		find data/work -mindepth 1 -maxdepth 1 ! -name labs -exec rm -rf {} +; fi
	rmdir data/work/labs data/work 2>/dev/null || :
endef

reset:				## fresh copies of data/ in data/work/
	@$(remove_work)
	@$(MAKE) --no-print-directory $(WORK)

clean:				## remove everything that make made
	rm -rf $(PROGRAMS) $(LABS:.c=) .build
	@$(remove_work)

help:				## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' \
		Makefile

FORCE:
.PHONY: all labs labs-reset test check windows stress models bench lint reset clean help FORCE
