#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Unmodified programs of libimobiledevice, and ifuse with rsync over it, against the simulated phone.
# Usage: simphone_peers_test.sh SIMPHONE
set -euo pipefail

simphone=$1
work=$(mktemp -d)
pid=
end() {
  mountpoint -q "$work/mnt" && fusermount -u "$work/mnt"
  [ -z "$pid" ] || { kill "$pid" && wait "$pid"; } || :
  rm -rf "$work"
}
trap end EXIT
fail() { echo "FAILED: $*" >&2; tail -n 20 "$work/log" >&2 || :; exit 1; }
expect() { # expect TEXT COMMAND…: the command's output holds the text
  local text=$1 said
  shift
  said=$(timeout 60 "$@" 2>&1) || :
  [[ $said == *"$text"* ]] || fail "$* said '$said', not '$text'"
  echo "ok: $*"
}

mkdir -p "$work/mnt" "$work/root/DCIM/100APPLE" "$work/root/PhotoData/Mutations"
head -c 3100000 /dev/urandom >"$work/root/DCIM/100APPLE/IMG_0001.HEIC"
head -c 70001 /dev/urandom >"$work/root/DCIM/100APPLE/IMG_0001.MOV"
: >"$work/root/DCIM/100APPLE/IMG_0002.AAE"
printf x >"$work/root/DCIM/100APPLE/é ü.JPG"
touch -d '2024-05-31 12:34:56 UTC' "$work/root/DCIM/100APPLE/IMG_0001.HEIC"

udid=00008130-0123456789ABCDEF
mkfifo "$work/ready"
"$simphone" serve --root "$work/root" --socket "$work/mux" --control "$work/control" --log "$work/log" \
  --udid $udid --name "Zoé’s iPhone" --ios 17.5 --trust ask >"$work/ready" &
pid=$!
read -r _ <"$work/ready"
export USBMUXD_SOCKET_ADDRESS=UNIX:$work/mux HOME=$work
ctl() { "$simphone" ctl --control "$work/control" "$@" >/dev/null || fail "ctl $*"; }

expect "$udid" idevice_id -l
expect "DeviceName: Zoé’s iPhone" ideviceinfo -s
expect "Please accept the trust dialog" idevicepair pair
ctl deny
expect "user denied the trust dialog" idevicepair pair
ctl lock
expect "passcode is set" idevicepair pair
ctl unlock
ctl trust
expect "SUCCESS: Paired with device $udid" idevicepair pair
expect "SUCCESS: Validated pairing with device $udid" idevicepair validate
expect "ProductVersion: 17.5" ideviceinfo
expect "SerialNumber: " ideviceinfo
expect "TotalDataAvailable: " ideviceinfo -q com.apple.disk_usage
expect "device name set to 'Röntgen'" idevicename Röntgen
expect "Röntgen" idevicename

if [ -c /dev/fuse ] && : 2>/dev/null <>/dev/fuse; then
  timeout 60 ifuse "$work/mnt" || fail "ifuse doesn't mount"
  timeout 120 rsync -a "$work/mnt/" "$work/copy/" || fail "rsync from the phone"
  diff -r "$work/root" "$work/copy" || fail "rsync copied something else"
  [ "$(stat -c %Y "$work/copy/DCIM/100APPLE/IMG_0001.HEIC")" = "$(date -d '2024-05-31 12:34:56 UTC' +%s)" ] ||
    fail "the modification time is another"
  # Back to the phone: write, rename, remove, by a peer that knows nothing of us.
  timeout 60 cp "$work/root/DCIM/100APPLE/IMG_0001.MOV" "$work/mnt/new.MOV"
  mv "$work/mnt/new.MOV" "$work/mnt/renamed.MOV"
  cmp "$work/root/renamed.MOV" "$work/root/DCIM/100APPLE/IMG_0001.MOV" || fail "written bytes are others"
  rm "$work/mnt/renamed.MOV"
  [ ! -e "$work/root/renamed.MOV" ] || fail "removing removed nothing"
  fusermount -u "$work/mnt"
  echo "ok: ifuse and rsync"
else
  echo "SKIPPED: ifuse, because there is no /dev/fuse here"
fi

ctl forget
ctl ask
expect "ERROR" idevicepair validate
ctl trust
expect "SUCCESS: Paired" idevicepair pair
expect "SUCCESS: Unpaired with device $udid" idevicepair unpair
ctl unplug
[ -z "$(idevice_id -l 2>/dev/null)" ] || fail "an unplugged phone is listed"
ctl replug
expect "$udid" idevice_id -l
ctl quit
wait "$pid" || fail "simphone ended with $?"
pid=
echo "all peers agree"
