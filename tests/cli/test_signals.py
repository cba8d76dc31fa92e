# SPDX-License-Identifier: LGPL-2.1-or-later
"""Interrupted while it copies: what was finished is safe, and the next run goes on."""
import os
import signal
import subprocess

import pytest
from conftest import write


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_where_everything_is_safe(photosafe, archive, tmp_path, which):
    folder = write(tmp_path / "roll", {f"IMG_{i:04}.JPG": os.urandom(300_000) for i in range(400)})
    with photosafe.start("import", "-v", "--from", folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()  # the first file is in
        process.send_signal(which)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Stopping; what is finished is safe." in err
    assert b"seen" in out
    assert photosafe("verify").status == 0
    assert photosafe.ok("import", "--from", folder, "--json").last["failed"] == 0
    assert len(photosafe.files()) == 400


def test_a_signal_that_is_ignored_stays_ignored(photosafe, archive, card):
    """`nohup photosafe import` survives the end of its terminal."""
    with photosafe.start("import", "--from", card, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        process.send_signal(signal.SIGHUP)
    assert process.returncode == 0
