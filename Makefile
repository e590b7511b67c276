# The shared-memory tutorial suite. `make help` lists the targets.
#
# Every .c file is a whole program: `cc mmap/parent_child.c` does for one what
# this file does for all, beside their sources.

CFLAGS ?= -O2 -g

# The tutorial text links with -lrt, where shm_open(3) once lived; sem_wait(3) and
# its like lived in -lpthread. Since glibc 2.34 all are in libc itself, and both
# options add nothing to the program; older systems still need them.
LDLIBS ?= -lrt -pthread

# make SANITIZE=address,undefined builds instrumented programs.
SANITIZE ?=

# make test SUITE=mmap runs one suite (tests/README.md has the list); SH is the
# shell that runs them.
SUITE ?=
SH ?= sh

# make labs LAB=torn_read checks one lab, LABS_FROM=FOLDER what was handed in, with
# LABS_WORK=FOLDER as the place to work; make labs-all FROM=FOLDER what a class has
# handed in: tests/labs/README.md.
LAB ?=
LABS_FROM ?=
LABS_WORK ?=
FROM ?=

# make bench BENCH_MIB=256 BENCH_RUNS=5 FORMAT=tsv: how much, how often, for whom;
# make -s bench FORMAT=svg >gain.svg: the chart as a picture.
export BENCH_MIB BENCH_RUNS FORMAT

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
BUILD = $(strip $(CC) -std=c11 $(WARNINGS) \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all) \
	$(CPPFLAGS) $(CFLAGS) $(LDFLAGS))
LIBRARIES = $(strip $(LDLIBS))

# Lessons, the naive ways beside them, and one experiment for each question.
CHAPTERS = mmap posix_shm sysv_shm
HEADERS = $(wildcard $(CHAPTERS:=/*.h) $(CHAPTERS:=/*/*.h))
PROGRAMS = $(patsubst %.c,%,$(wildcard \
	$(CHAPTERS:=/*.c) $(CHAPTERS:=/naive/*.c) $(CHAPTERS:=/questions/*.c)))
WORK = data/work/test.txt data/work/english.txt

# The labs: what students mend, and what checks it.
LABS = $(wildcard mmap/lab/*.c posix_shm/lab/*.c sysv_shm/lab/*.c)
KEPT = $(addprefix data/work/labs/,$(notdir $(LABS)))
CHECKERS = $(patsubst tests/labs/%.c,data/work/%,$(wildcard tests/labs/checks/*.c))

all: $(PROGRAMS) $(WORK) $(KEPT)			## build everything (the default)

# A program may include any header: all are built in a few seconds.
$(PROGRAMS): %: %.c $(HEADERS) .build
	$(BUILD) -o $@ $< $(LIBRARIES)

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
ENGINE = $(patsubst tests/labs/engine/%.c,data/work/checks/engine/%.o,\
	$(wildcard tests/labs/engine/*.c))
$(ENGINE): data/work/checks/engine/%.o: tests/labs/engine/%.c $(wildcard tests/labs/engine/*.h)
	@mkdir -p $(@D)
	@$(CC) -std=c11 $(WARNINGS) -O1 -g -c -o $@.$$$$ $< && mv $@.$$$$ $@
$(CHECKERS): data/work/checks/%: tests/labs/checks/%.c $(ENGINE)
	@mkdir -p $(@D)
	@$(CC) -std=c11 $(WARNINGS) -O1 -g -o $@.$$$$ $< $(ENGINE) && mv $@.$$$$ $@

labs-checks: $(CHECKERS) $(KEPT)	## build what checks the labs

# Whatever is in these variables reaches the scripts as it is, `$$x`, quotes and
# newlines as well: it goes through the environment, and no shell and no make looks at
# it on its way. PWD is where make was called, also with -C.
override LAB := $(value LAB)
override LABS_FROM := $(value LABS_FROM)
override LABS_WORK := $(value LABS_WORK)
override FROM := $(value FROM)
export LAB LABS_FROM LABS_WORK FROM
labs labs-all: export LABS_PWD := $(value PWD)
labs labs-all: export CC := $(CC)

# A lab that is not done yet is no failure of make: under -q a line that begins
# with + and ends with 1 ends make with 1, and without "*** Error".
ifeq ($(MAKECMDGOALS),labs)
MAKEFLAGS += -q
endif
labs:				## check the labs (LAB=torn_read: one; FORMAT=tsv)
	+@$(SH) tests/labs/checks/run.sh

labs-all:			## mark all folders in FROM=handed_in: >results.tsv
	@$(SH) tests/labs/checks/all.sh

labs-reset:			## a fresh copy of a lab, after asking (LAB=torn_read)
	@$(SH) tests/labs/checks/reset.sh

test: all			## test what you use (SUITE=mmap: one suite)
	@TEST_SH='$(SH)' $(SH) tests/run.sh $(SUITE)

test-all: all			## every check there is (SUITE=deep: a part)
	@TEST_SH='$(SH)' $(SH) tests/run.sh $(or $(SUITE),all)

test-fresh:			## in new installations of Debian (debootstrap, root)
	@$(SH) tests/fresh.sh

check: test			## the same as test

windows stress models lint: all
	@TEST_SH='$(SH)' $(SH) tests/run.sh $@

windows:			## hold every window between two steps open
stress:				## kill and stop at random (STRESS_SECONDS=60)
models:				## check the protocols' models, if spin(1) is there
lint:				## format and static checks, as far as installed

bench: all			## measure it all on this machine (FORMAT=tsv, svg)
	@CC='$(CC)' $(SH) tests/bench/run.sh

# What somebody has written stays: sources, and labs as they were handed out.
define empty_work
	if [ -d data/work ]; then find data/work -mindepth 1 -maxdepth 1 \
		! -name labs ! -name '*.c' -exec rm -rf {} +; fi
endef

reset:				## fresh copies of data/ in data/work/
	@$(empty_work)
	@$(MAKE) --no-print-directory $(WORK)

clean:				## remove everything that make made
	rm -rf $(PROGRAMS) $(LABS:.c=) .build
	@$(empty_work)
	@for lab in $(LABS); do kept=data/work/labs/$${lab##*/}; \
		if cmp -s "$$lab" "$$kept"; then rm "$$kept"; fi; done
	@rmdir data/work/labs data/work 2>/dev/null || :

help:				## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' \
		Makefile

FORCE:
.PHONY: all labs labs-checks labs-all labs-reset test test-all test-fresh check \
	windows stress models bench lint reset clean help FORCE
