#!/bin/sh
# tests/texts/text_sysv_shm.sh - the sessions of this chapter's pages
: "${PAGES:=sysv_shm/README.md sysv_shm/text/*[a-z].md sysv_shm/lab/README.md}"
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sessions.sh"
t_sessions
