# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python package with a home, an archive and a usbmuxd socket of its own: no test reaches a real one."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from simulated import Phone, card, write  # noqa: E402,F401

import photosafe  # noqa: E402


@pytest.fixture(autouse=True)
def apart(tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USBMUXD_SOCKET_ADDRESS", f"UNIX:{tmp_path}/no-usbmuxd")


@pytest.fixture
def phone(tmp_path, card):
    """`phone("--trust", "trusted")` plugs one in; all are gone at the end of the test."""
    phones = []

    def plug(*words, root=card):
        phones.append(Phone(tmp_path, os.environ, root, *words))
        return phones[-1]

    yield plug
    for one in phones:
        one.end()


@pytest.fixture(scope="session")
def roll(tmp_path_factory):
    """A camera roll with real HEICs, JPEGs, RAWs and movies."""
    folder = tmp_path_factory.mktemp("made") / "roll"
    subprocess.run([os.environ["SIMPHONE_BIN"], "make-roll", folder, "--items", "30", "--photo-bytes", "40kB",
                    "--movie-bytes", "60kB", "--library", "none"], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def archive(tmp_path):
    """An empty one, open to write."""
    with photosafe.Archive.create(tmp_path / "archive") as archive:
        yield archive


@pytest.fixture
def filled(archive, roll):
    with photosafe.open_folder(roll) as source:
        photosafe.ingest(source, archive)
    return archive
