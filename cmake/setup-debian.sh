#!/usr/bin/env bash
# Installs every package that PhotoSafe needs to build, to run its demo and to pass its tests, on Debian 12.
# Does nothing (and needs no root, no network) when all of them are there already. This is the only list of packages.
set -euo pipefail

build=(
  ca-certificates git g++ cmake ninja-build pkg-config
  libimobiledevice-dev libusbmuxd-dev libplist-dev libssl-dev   # the phone
  libsqlite3-dev libxxhash-dev libutf8proc-dev                  # the archive
  nlohmann-json3-dev libcli11-dev libtomlplusplus-dev           # manifests, command line, settings
  pybind11-dev python3-dev                                      # the Python package
  libjpeg-dev zlib1g-dev libbrotli-dev                          # pictures: the media worker's, the simulated phone's
  libexif-dev libexiv2-dev liblcms2-dev libseccomp-dev          # the media worker
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev
)
test=(
  libgtest-dev libgmock-dev python3 python3-pytest mypy man-db
  clang clang-format clang-tidy libclang-rt-14-dev              # fuzz targets, style
  libimobiledevice-utils ifuse rsync fuse3 bindfs               # unmodified peers, run against the simulated phone
  libimage-exiftool-perl sqlite3 procps xxd util-linux zsh fish
)
# Debian 12's own libheif refuses what iPhones write since iOS 18; its backports have one that reads it.
backports=(
  libheif-dev libheif-plugin-x265 libheif-plugin-libde265 libheif-plugin-ffmpegdec libheif-plugin-dav1d
  libheif-examples                                              # a peer: what renditions are compared with
)

missing=()
for package in "${build[@]}" "${test[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
late=()
for package in "${backports[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || late+=("$package")
done
[ ${#missing[@]} -eq 0 ] && [ ${#late[@]} -eq 0 ] && exit 0

echo "Installing: ${missing[*]} ${late[*]}" >&2
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC1091
if [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ]; then
  list=/etc/apt/sources.list.d/photosafe-backports.sources
  if [ ${#late[@]} -gt 0 ] && ! grep -rqs bookworm-backports /etc/apt/sources.list /etc/apt/sources.list.d; then
    mirror=$( (sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources
               sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) bookworm .*/\2/p' /etc/apt/sources.list) 2>/dev/null | head -n 1 || :)
    printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
      "${mirror:-http://deb.debian.org/debian}" | "${as_root[@]}" tee "$list" >/dev/null
  fi
  "${as_root[@]}" apt-get -qq update
  [ ${#missing[@]} -eq 0 ] || "${as_root[@]}" apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
  [ ${#late[@]} -eq 0 ] || "${as_root[@]}" apt-get -qq install -y --no-install-recommends -t bookworm-backports "${late[@]}" >/dev/null
else
  "${as_root[@]}" apt-get -qq update
  "${as_root[@]}" apt-get -qq install -y --no-install-recommends "${missing[@]}" "${late[@]}" >/dev/null
fi
