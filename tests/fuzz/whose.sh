#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Whose a finding of libFuzzer is: prints the library in which it happened, or `ours`.
#
#     tests/fuzz/whose.sh LOG
#
# The innermost frame that is neither the sanitizers' nor the C and C++ libraries' decides. A reader's own defect costs a
# worker in its jail and one file its metadata, so it is told and not ours to mend; what has no such frame is ours.
set -euo pipefail

if grep -q '^terminate called after throwing' "$1"; then # whoever throws, it is for us to catch
  echo ours
  exit
fi

sed -n 's/^ *#[0-9]* 0x[0-9a-f]* *//p' "$1" | awk '
  /\/(libphotosafe|tests\/fuzz)\/[^ ]*\.[ch]pp:[0-9]/ { print "ours"; found = 1; exit }
  match($0, /\/lib[^\/]*\.so[.0-9]*\+/) {
    name = substr($0, RSTART + 1, RLENGTH - 2)
    if (name !~ /^lib(c|m|stdc\+\+|gcc_s|pthread|dl)\.so/) { print name; found = 1; exit }
  }
  END { if (!found) print "ours" }'
