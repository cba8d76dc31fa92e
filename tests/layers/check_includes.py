#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds the include table of PhotoSafe: which folder may include what. docs/design.md has the picture.

    check_includes.py [ROOT]     checks the tree, names each include that points the wrong way
    check_includes.py --self-test
"""
import re
import sys
import tempfile
from pathlib import Path

SRC = "libphotosafe/src"
API = "libphotosafe/include/photosafe"
WORKER = "libphotosafe/worker"

# Folder: the folders of libphotosafe/src that it may include, besides itself and the public headers.
LAYERS = {
    f"{SRC}/core": set(),
    f"{SRC}/device": {"core"},
    f"{SRC}/source": {"core", "device"},
    f"{SRC}/target": {"core", "device"},
    f"{SRC}/archive": {"core"},
    f"{SRC}/media": {"core"},
    f"{SRC}/query": {"core", "archive"},
    f"{SRC}/phone": {"core", "archive", "media"},
    f"{SRC}/ingest": {"core", "archive", "media", "phone"},
    f"{SRC}/assess": {"core", "archive", "media", "phone", "ingest"},
    f"{SRC}/fixity": {"core", "archive", "media"},
    f"{SRC}/convert": {"core", "archive", "media"},
    f"{SRC}/sidecars": {"core", "archive", "media"},
    f"{SRC}/reclaim": {"core", "archive", "media"},
    f"{SRC}/sync": {"core", "archive", "media"},
    f"{SRC}/doctor": {"core", "device", "archive", "media"},
    API: set(),
    WORKER: {"core", "media"},
    "tools/photosafe": set(),
    "tools/simphone": set(),
    "bindings": set(),
    "examples": set(),
}
# These speak to phones over a socket only, and see nothing of the library.
APART = {"tools/simphone"}

# Header of another project: the only folders that include it. `*` stands for any end.
FOREIGN = {
    "sqlite3.h": {f"{SRC}/core", WORKER, "tools/simphone"},
    "xxhash.h": {f"{SRC}/core"},
    "utf8proc.h": {f"{SRC}/core", "tools/photosafe"},
    "openssl/evp.h": {f"{SRC}/core", f"{SRC}/device", "tools/simphone"},
    "openssl/*": {f"{SRC}/device", "tools/simphone"},
    "libimobiledevice/*": {f"{SRC}/device"},
    "usbmuxd.h": {f"{SRC}/device"},
    "plist/*": {f"{SRC}/device", WORKER, "tools/simphone"},
    "nlohmann/*": {f"{SRC}/core", f"{SRC}/archive", f"{SRC}/media", f"{SRC}/phone", WORKER, "tools/photosafe",
                   "tools/simphone"},
    "CLI/*": {"tools/photosafe", "tools/simphone"},
    "toml++/*": {"tools/photosafe"},
    "pybind11/*": {"bindings"},
    "datetime.h": {"bindings"},  # Python's
    "libheif/*": {WORKER, "tools/simphone"},
    "jerror.h": {WORKER},
    "jpeglib.h": {WORKER, "tools/simphone"},
    "zlib.h": {WORKER, "tools/simphone"},
    "libexif/*": {WORKER},
    "exiv2/*": {WORKER},
    "libavformat/*": {WORKER},
    "libavcodec/*": {WORKER},
    "libavutil/*": {WORKER},
    "libswscale/*": {WORKER},
    "lcms2.h": {WORKER},
    "brotli/*": {WORKER},
    "seccomp.h": {WORKER},
}
# C++ headers have no ending; what the system itself has is free to all.
SYSTEM = re.compile(
    r"[a-z_]+|(?:sys|linux|netinet|arpa)/[a-z0-9_]+\.h|"
    r"(?:dirent|dlfcn|endian|fcntl|fnmatch|grp|iconv|langinfo|malloc|netdb|poll|pthread|pty|pwd|sched|signal|spawn|"
    r"syslog|termios|ucontext|unistd|utime|wchar)\.h"
)
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')


def owners(header):
    """The folders that may include a foreign header; None for one that isn't in the table."""
    if header in FOREIGN:
        return FOREIGN[header]
    for name, folders in FOREIGN.items():
        if name.endswith("*") and header.startswith(name[:-1]):
            return folders
    return None


def wrong(folder, header, own):
    """Why a file of `folder` may not include `header`, or None. `own`: names of the folder's own files."""
    if header.startswith("photosafe/"):
        return "it speaks to phones only, and includes nothing of the library" if folder in APART else None
    first = header.split("/")[0]
    if "/" in header and f"{SRC}/{first}" in LAYERS:
        if folder == f"{SRC}/{first}" or first in LAYERS[folder]:
            return None
        return f"{folder} may include {', '.join(sorted(LAYERS[folder])) or 'public headers'} only"
    if header.startswith("worker/") and folder == WORKER:
        return None
    if header in own or SYSTEM.fullmatch(header):
        return None
    allowed = owners(header)
    if allowed is None:
        return "nobody's header yet; give it a folder in the table of tests/layers/check_includes.py"
    if folder in allowed:
        return None
    return f"only {', '.join(sorted(allowed))} may include it"


def violations(root):
    found = []
    for folder in LAYERS:
        files = [p for p in sorted((root / folder).rglob("*")) if p.suffix in {".hpp", ".cpp", ".h", ".c", ".in"}]
        own = {p.name for p in files} if not folder.startswith("libphotosafe/") else set()
        for file in files:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                reason = match and wrong(folder, match[1] or match[2], own)
                if reason:
                    found.append(f"{file.relative_to(root)}:{number}: {line.strip()}: {reason}")
    # A folder that nobody put into the table would go unchecked.
    for file in sorted((root / SRC).iterdir()) if (root / SRC).is_dir() else []:
        if f"{SRC}/{file.name}" not in LAYERS:
            found.append(f"{SRC}/{file.name}: a folder that the table doesn't know")
    return found


GOOD = [
    ("core/a.cpp", '"core/b.hpp"'), ("core/a.cpp", "<sqlite3.h>"), ("core/a.cpp", "<utf8proc.h>"),
    ("device/a.cpp", '"core/b.hpp"'), ("device/a.cpp", "<openssl/ssl.h>"), ("source/a.cpp", '"device/afc.hpp"'),
    ("archive/a.cpp", "<nlohmann/json.hpp>"), ("ingest/a.cpp", '"archive/catalog.hpp"'),
    ("ingest/a.cpp", "<photosafe/source.hpp>"), ("doctor/a.cpp", '"device/connection.hpp"'),
    ("core/a.cpp", "<sys/stat.h>"), ("core/a.cpp", "<string_view>"), ("../../tools/simphone/a.cpp", "<plist/plist.h>"),
    ("../worker/a.cpp", '"worker/b.hpp"'), ("../worker/a.cpp", '"media/facts.hpp"'), ("../worker/a.cpp", "<exiv2/exiv2.hpp>"),
    ("../../tools/photosafe/a.cpp", "<photosafe/photosafe.hpp>"), ("../../tools/photosafe/a.cpp", '"a.cpp"'),
    ("../../bindings/python/a.cpp", "<pybind11/stl.h>"), ("../../bindings/python/a.cpp", "<photosafe/photosafe.hpp>"),
]
BAD = [
    ("core/a.cpp", '"device/afc.hpp"'), ("core/a.cpp", '"archive/catalog.hpp"'), ("device/a.cpp", '"archive/catalog.hpp"'),
    ("archive/a.cpp", '"device/afc.hpp"'), ("archive/a.cpp", '"source/folder_facts.hpp"'), ("archive/a.cpp", "<sqlite3.h>"),
    ("archive/a.cpp", "<utf8proc.h>"), ("archive/a.cpp", "<openssl/evp.h>"), ("core/a.cpp", "<openssl/ssl.h>"),
    ("core/a.cpp", "<libimobiledevice/afc.h>"), ("ingest/a.cpp", '"source/folder_facts.hpp"'),
    ("ingest/a.cpp", '"device/afc.hpp"'), ("ingest/a.cpp", '"fixity/readers.hpp"'), ("ingest/a.cpp", "<nlohmann/json.hpp>"),
    ("source/a.cpp", '"archive/catalog.hpp"'), ("core/a.cpp", "<libheif/heif.h>"), ("core/a.cpp", "<boost/any.hpp>"),
    ("core/a.cpp", " <  sqlite4.h>"), ("../include/photosafe/a.hpp", '"core/b.hpp"'), ("../include/photosafe/a.hpp", "<sqlite3.h>"),
    ("media/a.cpp", '"worker/b.hpp"'), ("media/a.cpp", "<exiv2/exiv2.hpp>"), ("../worker/a.cpp", '"archive/catalog.hpp"'),
    ("../../tools/photosafe/a.cpp", '"core/b.hpp"'), ("../../tools/simphone/a.cpp", "<photosafe/error.hpp>"),
    ("../../tools/simphone/a.cpp", '"core/b.hpp"'), ("../../examples/a.cpp", '"core/b.hpp"'),
    ("../../bindings/python/a.cpp", '"core/b.hpp"'), ("../../tools/photosafe/a.cpp", "<pybind11/stl.h>"), ("strange/a.cpp", "<string>"),
]


def self_test():
    """Each good include passes and each bad one is caught, alone in a tree of its own."""
    missed = []
    for cases, expected in ((GOOD, 0), (BAD, 1)):
        for name, include in cases:
            with tempfile.TemporaryDirectory() as folder:
                file = (Path(folder) / SRC / name).resolve()
                (Path(folder) / SRC).mkdir(parents=True)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"#pragma once\n# include {include} // why\n", encoding="utf-8")
                if len(violations(Path(folder).resolve())) != expected:
                    missed.append(f"{name} with #include {include}: expected {expected} complaint(s)")
    return missed


def main():
    if sys.argv[1:] == ["--self-test"]:
        problems = self_test()
    else:
        root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
        problems = violations(root)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
