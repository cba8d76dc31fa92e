# SPDX-License-Identifier: LGPL-2.1-or-later
"""Import from the simulated iPhone: the very code that talks to a real one."""
import json
import os
import signal
import subprocess

import pytest
from conftest import write


def roll(folder, count=40, bytes=200_000):
    return write(folder, {f"DCIM/100APPLE/IMG_{i:04}.HEIC": os.urandom(bytes) for i in range(count)})


def test_copies_the_camera_roll_and_then_nothing(photosafe, archive, phone):
    there = phone("--trust", "trusted", "--name", "Anna's iPhone")
    result = photosafe.ok("import")
    assert "Anna's iPhone (iPhone" in result.out and "iOS" in result.out
    assert sorted(photosafe.files().values()) == [b"first light", b"first light, moving", b"second"]
    read = len(there.requests(op="FileRead"))
    again = photosafe.ok("import", "--json")
    assert (again.last["known"], again.last["stored"]) == (4, 0)
    assert len(there.requests(op="FileRead")) == read, "nothing is read again"


def test_device_can_be_named(photosafe, archive, phone, card):
    there = phone("--trust", "trusted")
    result = photosafe.ok("import", "--from", f"device:{there.udid}", "--json")
    assert {one["source"] for one in result.objects if one["type"] == "file"} == {f"device:{there.udid}"}
    nobody = photosafe("import", "--from", "device:00008030-00000000000000FF", "--json")
    assert (nobody.status, nobody.last["code"]) == (4, "device_absent")


@pytest.mark.parametrize("state, code", [
    (("--trust", "trusted", "--locked", "yes"), {"device_locked"}),
    (("--trust", "ask"), {"trust_pending", "not_trusted"}),
    (("--trust", "deny"), {"not_trusted", "refused"}),
])
def test_a_phone_that_cannot_be_read_ends_with_4_and_says_what_to_do(photosafe, archive, phone, state, code):
    phone(*state)
    result = photosafe("import", "--json")
    assert result.status == 4
    assert result.last["code"] in code
    assert result.err.strip() and photosafe.files() == {}


def test_waits_for_the_tap_when_told_to(photosafe, archive, phone):
    there = phone("--trust", "ask")
    with photosafe.start("import", "--wait", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert json.loads(process.stdout.readline())["type"] == "notice"
        there.tell("trust")
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out.splitlines()[-1])["stored"] == 3


def test_waiting_ends_with_a_signal(photosafe, archive, phone):
    phone("--trust", "trusted", "--locked", "yes")
    with photosafe.start("import", "--wait", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert json.loads(process.stdout.readline())["type"] == "notice"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130


def test_a_pulled_cable_says_what_is_safe_and_the_next_run_goes_on(photosafe, archive, phone, tmp_path):
    source = roll(tmp_path / "roll")
    there = phone("--trust", "trusted", "--fault", "unplug:after-bytes=4000000", root=source)
    result = photosafe("import", "--reconnect", "200ms", "--json")
    assert (result.status, result.last["code"]) == (4, "device_gone")
    last = result.last
    assert last["seen"] == last["stored"] + last["known"] + last["failed"] + last["excluded"] == 40
    assert 0 < last["stored"] < 40
    assert f"{last['stored']} files are safe already" in result.err
    assert photosafe("verify").status == 0

    assert "incomplete" in [one.get("code") for one in photosafe.ok("status", "--json").objects]

    there.tell("clear-faults")
    there.tell("replug")
    again = photosafe.ok("import", "--json").last
    assert again["stored"] + again["known"] == 40
    assert sorted(photosafe.files().values()) == sorted(path.read_bytes() for path in source.rglob("*.HEIC"))


def test_a_file_that_fails_is_named_and_stops_no_other(photosafe, archive, phone):
    phone("--trust", "trusted", "--fault", "status:op=FileOpen,path=*IMG_0001.MOV,code=10,times=always")
    result = photosafe("import", "--retries", "0", "--json")
    assert (result.status, result.last["failed"]) == (3, 1)
    failed = [one for one in result.objects if one.get("outcome") == "failed"]
    assert failed[0]["path"] == "DCIM/100APPLE/IMG_0001.MOV" and failed[0]["reason"]
    assert b"second" in photosafe.files().values()
    text = photosafe("import", "--retries", "0")
    assert text.status == 3 and "DCIM/100APPLE/IMG_0001.MOV" in text.out
    status = photosafe.ok("status", "--json")
    assert [one["path"] for one in status.objects if one["type"] == "file"] == ["DCIM/100APPLE/IMG_0001.MOV"]


def test_many_failures_share_one_reason_and_twenty_names(photosafe, archive, phone, tmp_path):
    phone("--trust", "trusted", "--fault", "status:op=FileOpen,path=*IMG_*,code=10,times=always",
          root=roll(tmp_path / "roll", 30, 100))
    result = photosafe("import", "--retries", "0")
    assert result.status == 3
    assert "30 failed:" in result.out and result.out.count("  DCIM/") == 20
    assert "and 10 more; `photosafe status` lists them." in result.out
    assert photosafe.ok("status").out.count("  DCIM/") == 30


def test_a_silent_phone_ends_it_after_the_deadline(photosafe, archive, phone):
    phone("--trust", "trusted", "--fault", "stall:op=FileRead,times=always")
    result = photosafe("import", "--deadline", "500ms", "--reconnect", "500ms", "--retries", "0", "--json")
    assert result.status in (3, 4)
    assert photosafe.files() == {}


def test_hostile_names_of_a_phone_reach_no_terminal(photosafe, archive, phone, tmp_path):
    names = [b"esc\x1b[2J.JPG", b"two\nlines.JPG", b"\xff.JPG", "\u202egpj.JPG".encode()]
    phone("--trust", "trusted", root=write(tmp_path / "hostile", {
        "DCIM/100APPLE/" + os.fsdecode(name): name for name in names}))
    result = photosafe.ok("import", "-vv")
    assert all(ord(c) >= 32 or c == "\n" for c in result.out + result.err)
    assert "\u202e" not in result.out + result.err
    paths = [one["path"] for one in photosafe.ok("import", "--json").objects if one["type"] == "file"]
    back = [bytes.fromhex(path["bytes_hex"]) if isinstance(path, dict) else path.encode() for path in paths]
    assert sorted(path.rsplit(b"/")[-1] for path in back) == sorted(names)


def test_a_folder_is_imported_when_the_phone_is_locked(photosafe, archive, phone, tmp_path):
    phone("--trust", "trusted", "--locked", "yes")
    folder = write(tmp_path / "folder", {"A.JPG": b"a"})
    result = photosafe("import", "--from", "device", "--from", folder, "--json")
    assert (result.status, result.last["code"], result.last["stored"]) == (4, "device_locked", 1)
