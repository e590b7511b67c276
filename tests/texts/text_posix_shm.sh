#!/bin/sh
# tests/texts/text_posix_shm.sh - the sessions of this chapter's pages
: "${PAGES:=posix_shm/README.md posix_shm/text/*[a-z].md posix_shm/lab/README.md}"
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sessions.sh"
t_sessions
