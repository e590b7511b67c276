#!/bin/sh
# tests/texts/text_mmap.sh - the sessions of this chapter's pages
: "${PAGES:=README.md mmap/README.md mmap/text/*[a-z].md mmap/lab/README.md}"
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sessions.sh"
t_sessions
