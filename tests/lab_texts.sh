#!/bin/sh
# tests/lab_texts.sh - the READMEs of the labs, like those of the chapters
#
# shellcheck disable=SC2034 # for tutorial.sh
READMES='*/lab/README*.md'
. "$(dirname "$0")/tutorial.sh"
