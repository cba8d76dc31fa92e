# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cards and simulated phones, for the tests that are written in Python."""
import json
import os
import subprocess
from pathlib import Path

import pytest


class Phone:
    """A simulated iPhone that serves `root`, with its sockets in `folder`; `environment` is told where to find it.
    `tell` is a word at its control socket."""

    def __init__(self, folder, environment, root, *words):
        self.control = folder / "control"
        self.log = folder / "requests"
        mux = folder / "mux"
        self.process = subprocess.Popen(
            [os.environ["SIMPHONE_BIN"], "serve", "--root", root, "--socket", mux, "--control", self.control, "--log",
             self.log, *words], stdout=subprocess.PIPE, env=dict(environment))
        self.ready = json.loads(self.process.stdout.readline())
        self.udid = self.ready["udid"]
        environment["USBMUXD_SOCKET_ADDRESS"] = self.ready["socket"]

    def tell(self, *words):
        subprocess.run([os.environ["SIMPHONE_BIN"], "ctl", "--control", self.control, *words], check=True,
                       stdout=subprocess.DEVNULL)

    def requests(self, **fields):
        """Requests of the log that have these fields."""
        logged = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [one for one in logged if all(one.get(name) == value for name, value in fields.items())]

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def write(folder: Path, files: dict) -> Path:
    """Writes files, name to content, below a folder; their time is 2024-05-31 12:00 UTC."""
    for name, content in files.items():
        path = Path(os.fsdecode(os.fsencode(str(folder)) + b"/" + os.fsencode(name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (1717156800, 1717156800))
    return folder


@pytest.fixture
def card(tmp_path):
    """A camera's card with a Live Photo, a picture, a twin of it and something that is no picture."""
    return write(tmp_path / "card", {
        "DCIM/100APPLE/IMG_0001.HEIC": b"first light",
        "DCIM/100APPLE/IMG_0001.MOV": b"first light, moving",
        "DCIM/100APPLE/IMG_0002.JPG": b"second",
        "DCIM/101APPLE/IMG_0002.JPG": b"second",
    })
