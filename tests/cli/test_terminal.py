# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a person sees on a terminal, and what a pipe gets."""
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios

from conftest import write


def on_terminal(photosafe, *words, columns=60, **environment):
    """Standard error of a run that believes to sit on a terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with photosafe.start(*words, env={"TERM": "xterm", **environment}, stdout=subprocess.PIPE, stderr=slave) as process:
        os.close(slave)
        seen = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            seen += part
        out = process.stdout.read()
    os.close(master)
    return process.returncode, out, seen


def roll(folder, count=300):
    return write(folder, {f"DCIM/100APPLE/写真 {i:04}.JPG": os.urandom(20_000) for i in range(count)})


def test_progress_is_redrawn_in_one_line_and_cleared(photosafe, archive, tmp_path):
    status, out, seen = on_terminal(photosafe, "import", "--from", roll(tmp_path / "roll"))
    assert status == 0
    assert b"\x1b" not in out
    text = seen.decode()
    drawn = re.findall(r"\r([^\r\n]*)\x1b\[K", text)
    assert any("of 300 files" in one for one in drawn)
    assert text.rstrip("\r\n").endswith("\x1b[K") or "\r\x1b[K" in text
    wide = sum(c >= "\u2e80" for c in max(drawn, key=len))
    assert all(len(one) + wide < 60 + 1 for one in drawn), "a line that wraps is left behind"
    assert set(re.findall(r"\x1b[^K]*.", text)) <= {"\x1b[K"}, "no other sequence, no colour"


def test_a_dumb_terminal_gets_no_sequences(photosafe, archive, tmp_path):
    status, _, seen = on_terminal(photosafe, "import", "--from", roll(tmp_path / "roll", 5), TERM="dumb")
    assert status == 0 and b"\x1b" not in seen


def test_a_log_gets_a_line_at_the_start_and_one_at_the_end(photosafe, archive, tmp_path):
    err = photosafe.ok("import", "--from", roll(tmp_path / "roll", 50)).err.splitlines()
    copying = [line for line in err if line.startswith("Copying")]
    assert len(copying) == 2 and copying[-1].startswith("Copying ended: 50 of 50 files")


def test_a_reader_that_goes_away_ends_it_quietly(photosafe):
    reader, writer = os.pipe()
    os.close(reader)
    with photosafe.start("config", stdout=writer, stderr=subprocess.PIPE) as process:
        os.close(writer)
        err = process.stderr.read()
    assert process.returncode == -signal.SIGPIPE
    assert err == b""
