#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# check_package.sh BUILD USER_PROJECT COMPILER FLAGS: installs what is built in BUILD into a temporary prefix; then
# looks at the installed files, and builds and runs a program with them, found by CMake and by pkg-config.
set -euo pipefail
build=$1 user=$2 compiler=$3 flags=$4

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
export HOME=$work USBMUXD_SOCKET_ADDRESS=UNIX:$work/no-usbmuxd
unset PHOTOSAFE_ARCHIVE XDG_CONFIG_HOME

say() { echo "== $*"; }
fail() { echo "check_package.sh: $*" >&2; exit 1; }

say "Installing"
cmake --install "$build" --prefix "$prefix" >/dev/null
library=$(find "$prefix" -name libphotosafe.so)
[ -n "$library" ] || fail "no libphotosafe.so was installed"
libdir=$(dirname "$library")

[ -x "$prefix/libexec/photosafe/photosafe-media-worker" ] || fail "no media worker was installed"

say "The library itself links no parser of pictures"
parsers=$(objdump -p "$library" | grep -E 'NEEDED.*(heif|jpeg|exif|exiv2|avcodec|avformat|swscale|lcms|brotli|seccomp)' || :)
[ -z "$parsers" ] || fail "it needs $parsers"

say "Each public header compiles alone"
headers=$(cd "$prefix/include" && ls photosafe/*.hpp)
for header in $headers; do
  echo "#include <$header>" | "$compiler" -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only \
    -x c++ -I "$prefix/include" - || fail "$header doesn't compile alone"
done

say "The library shows its API and nothing else"
strangers=$(nm -D --defined-only --demangle "$library" | cut -d' ' -f2- |
  grep -Ev '^[A-Za-z] (photosafe::|(typeinfo|typeinfo name|vtable) for photosafe::)' || :)
[ -z "$strangers" ] || fail "it shows more than the API:
$strangers"
# Whatever is shown of photosafe:: has its name in a public header.
unnamed=$(nm -D --defined-only --demangle "$library" | sed -nE 's/^[0-9a-f]+ T photosafe::([A-Za-z0-9_]+).*/\1/p' | sort -u |
  while read -r name; do grep -qw -- "$name" "$prefix"/include/photosafe/*.hpp || echo "$name"; done)
[ -z "$unnamed" ] || fail "it shows what no public header has: $unnamed"

say "Found by CMake"
cmake -G Ninja -S "$user" -B "$work/by-cmake" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_CXX_FLAGS="$flags" >/dev/null
cmake --build "$work/by-cmake" >/dev/null
"$work/by-cmake/user" "$work/first"

say "Found by pkg-config"
export PKG_CONFIG_PATH=$libdir/pkgconfig
# shellcheck disable=SC2046,SC2086
"$compiler" -std=c++20 $flags "$user/main.cpp" -o "$work/by-pkg-config" -Wl,-rpath,"$libdir" \
  $(pkg-config --define-variable=prefix="$prefix" --cflags --libs photosafe)
"$work/by-pkg-config" "$work/second"

say "All of it moved to another place"
mv "$prefix" "$work/moved"
LD_LIBRARY_PATH=${libdir/#$prefix/$work/moved} "$work/by-cmake/user" "$work/third"
mv "$work/moved" "$prefix"

say "The installed command runs"
[ ! -e "$prefix/bin/photosafe" ] || "$prefix/bin/photosafe" --version

package=$(find "$prefix" -path '*/photosafe/__init__.py' -printf '%h\n')
if [ -n "$package" ]; then
  say "The Python package, without a word of where the library is"
  unset LD_LIBRARY_PATH
  cd "$work"
  PYTHONPATH=$(dirname "$package") PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 - <<'PROGRAM'
import photosafe

with photosafe.Archive.open("third/archive", "write") as archive:
    assert photosafe.read_metadata(archive, again=True).trouble == "", "the media worker is found"
    assert [one.asset.name for one in photosafe.find(archive, "name:IMG*")] == ["IMG_0001.JPG"]
print(photosafe.__version__)
PROGRAM
fi
