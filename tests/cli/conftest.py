# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the program with a home, an archive and a usbmuxd socket of its own: no test reaches a real one."""
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from simulated import Phone, card, write  # noqa: E402,F401

PROGRAM = os.environ["PHOTOSAFE_BIN"]


class Photosafe:
    """`photosafe("status", "--json")` gives status, out, err, and objects: what --json printed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.archive = folder / "archive"
        self.config = folder / "home/.config/photosafe/config.toml"
        (folder / "home").mkdir()
        self.environment = {
            "HOME": str(folder / "home"),
            "PATH": os.environ["PATH"],
            "TZ": "Europe/Berlin",
            "USBMUXD_SOCKET_ADDRESS": f"UNIX:{folder}/no-usbmuxd",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def start(self, *words, **more):
        environment = {**self.environment, **more.pop("env", {})}
        return subprocess.Popen([PROGRAM, *map(os.fsencode, map(str, words))], env=environment, cwd=self.folder,
                                stdin=subprocess.DEVNULL, **more)

    def __call__(self, *words, env=None):
        with self.start(*words, env=env or {}, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate(timeout=120)
        assert b"\x1b" not in out + err, "never a control sequence into a pipe"
        objects = []
        if "--json" in words:
            objects = [json.loads(line) for line in out.decode("ascii").splitlines()]
            assert all(one["schema"] == 1 and one["type"] for one in objects)
            assert not objects or objects[-1]["type"] in ("summary", "error")
        return SimpleNamespace(status=process.returncode, out=out.decode(), err=err.decode(), objects=objects,
                               last=objects[-1] if objects else None)

    def ok(self, *words, **more):
        result = self(*words, **more)
        assert result.status == 0, result.err + result.out
        return result

    def files(self):
        """Originals of the archive: path below originals/ and content."""
        root = self.archive / "originals"
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


    def content(self):
        """Everything in the archive but the lock's text and what SQLite keeps beside a database that is read."""
        return {str(path.relative_to(self.archive)): path.read_bytes() for path in self.archive.rglob("*")
                if path.is_file() and path.name not in ("lock", "catalog.sqlite-wal", "catalog.sqlite-shm")}


@pytest.fixture
def phone(photosafe, card):
    """`phone("--trust", "trusted")` plugs one in; all are gone at the end of the test."""
    phones = []

    def plug(*words, root=card):
        phones.append(Phone(photosafe.folder, photosafe.environment, root, *words))
        return phones[-1]

    yield plug
    for one in phones:
        one.end()


@pytest.fixture
def photosafe(tmp_path):
    return Photosafe(tmp_path)


@pytest.fixture
def archive(photosafe):
    """An empty archive, named in the user's settings."""
    photosafe.ok("init", photosafe.archive)
    return photosafe.archive
