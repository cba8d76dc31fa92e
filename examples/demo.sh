#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The whole story of PhotoSafe in a minute, without a phone: installs what is missing, builds, and plays it with the real
# tools against a simulated iPhone.
#
#   examples/demo.sh        with pictures that it makes (or the real ones of ../shared/corpus, where that is)
#   examples/demo.sh DIR    with your own pictures: they are linked into a camera roll, never changed
set -euo pipefail
pictures=${1:+$(cd "$1" && pwd)}
cd "$(dirname "$0")/.."
if [ -z "$pictures" ] && [ -d ../shared/corpus ]; then pictures=$(cd ../shared/corpus && pwd); fi

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

say "Setting up and building (the first time takes some minutes)…"
cmake/setup-debian.sh
cmake --preset release >/dev/null
cmake --build --preset release -- --quiet
PATH=$PWD/build/release/tools/photosafe:$PWD/build/release/tools/simphone:$PATH

place=$(mktemp -d "${TMPDIR:-/tmp}/photosafe-demo.XXXXXX")
phone=
leave() {
  [ -z "$phone" ] || kill "$phone" 2>/dev/null || :
  wait 2>/dev/null || :
  rm -rf "$place"
}
trap leave EXIT
export HOME=$place XDG_CONFIG_HOME=$place/config USBMUXD_SOCKET_ADDRESS=UNIX:$place/usbmuxd
archive=$place/Photos

show() { # runs a command as a person would, and tells how it ended where that isn't success
  printf '\n$ %s\n' "$*"
  local status=0
  "$@" || status=$?
  [ $status = 0 ] || printf '(exit status %s)\n' $status
  return 0
}
phone_does() { simphone ctl --control "$place/control" "$@" >/dev/null; }

say "1. An iPhone with a camera roll on it"
if [ -n "$pictures" ]; then
  echo "It shows the pictures of $pictures."
  simphone make-roll "$place/roll" --from "$pictures" >/dev/null
else
  echo "It shows pictures made for this demo: Live Photos, edits, bursts, movies, screenshots, RAW."
  simphone make-roll "$place/roll" --items 120 --photo-bytes 1MB --movie-bytes 8MB >/dev/null
fi
simphone serve --root "$place/roll" --socket "$place/usbmuxd" --control "$place/control" --trust ask \
  --rate 38MB/s --latency 1ms >"$place/phone.log" &
phone=$!
until grep -qs ready "$place/phone.log"; do kill -0 "$phone"; done

say "2. It is plugged in, and doesn't trust this computer yet"
show photosafe device list
tap_trust() { # what the person does when the phone asks
  while IFS= read -r line; do
    echo "$line"
    case $line in *"tap Trust"*) echo "(The person taps Trust on the phone.)" && phone_does trust ;; esac
  done
}
show photosafe device pair 2> >(tap_trust)

say "3. An archive, and the first import. In the middle of it, somebody pulls the cable"
show photosafe init "$archive"
total=$(du -sb "$place/roll" | cut -f1)
phone_does fault "unplug:after-bytes=$((total / 2))"
show photosafe import --reconnect 1s

say "4. Plugged in again, it goes on where it was"
phone_does clear-faults
phone_does replug
show photosafe import

say "5. Once more: nothing is copied, no picture is even read"
show photosafe import

say "6. Is all of it what the phone sent?"
show photosafe verify
show photosafe status
echo
echo "The same without PhotoSafe:"
printf '$ cat manifests/*.sha256 | sha256sum -c\n'
(cd "$archive" && cat manifests/*.sha256 | sha256sum --quiet -c && echo "all files match")
echo
find "$archive/originals" -type f | sed "s|^$archive/||" | sort | head -n 6

say "7. Could the phone be wiped? What its own library knows counts, too"
show photosafe status --device | sed -n '1,30p' # of what is not safe it names each
show photosafe album

say "8. What is in it? The pictures say when, where and by what they were taken, and which files are one shot"
show photosafe find kind:live --limit 3
show photosafe find --count has:location
live=$(photosafe find kind:live --limit 1 --paths)
[ -z "$live" ] || show photosafe show "$live"

say "9. JPEGs of what others can't show, beside the originals"
show photosafe convert --max-size 1024 | sed -n '1,12p' # of broken pictures it names each
say "That was PhotoSafe. Everything the demo made is removed now; with a real phone: photosafe init ~/Pictures/PhotoSafe, then photosafe import."
