# SPDX-License-Identifier: LGPL-2.1-or-later
"""Import from folders; phones have a file of their own."""
import fcntl
import os
import stat

import pytest
from conftest import write


def counts(object):
    return [object[name] for name in ("seen", "stored", "known", "failed", "excluded")]


def table(text):
    """The closing table: word to number."""
    rows = (line.split() for line in text.splitlines() if line.startswith("  "))
    return {row[0]: int(row[1].replace(",", "")) for row in rows if len(row) > 1 and row[1][0].isdigit()}


def test_copies_what_is_new_and_says_so(photosafe, archive, card):
    result = photosafe.ok("import", "--from", card)
    assert table(result.out) == {"seen": 4, "new": 3, "known": 1, "failed": 0, "excluded": 0}
    assert sorted(photosafe.files().values()) == [b"first light", b"first light, moving", b"second"]


def test_again_it_copies_nothing(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    result = photosafe.ok("import", "--from", card)
    assert table(result.out) == {"seen": 4, "new": 0, "known": 4, "failed": 0, "excluded": 0}


def test_each_file_is_an_object(photosafe, archive, card):
    result = photosafe.ok("import", "--from", card, "--json")
    files = {one["path"]: one for one in result.objects if one["type"] == "file"}
    assert len(files) == 4
    heic = files["DCIM/100APPLE/IMG_0001.HEIC"]
    assert heic["outcome"] == "stored" and heic["bytes"] == 11
    assert heic["source"] == f"folder:{card}"
    assert (archive / heic["asset"]).read_bytes() == b"first light"
    assert counts(result.last) == [4, 3, 1, 0, 0]
    assert result.last["verb"] == "import" and result.last["stored_bytes"] == 36


def test_a_dry_run_prints_the_plan_and_changes_nothing(photosafe, archive, card):
    before = photosafe.content()
    result = photosafe.ok("import", "-n", "--from", card, "--json")
    assert result.last["dry_run"] is True and result.last["seen"] == 4
    assert len([one for one in result.objects if one["type"] == "file"]) == 4
    assert photosafe.content() == before
    assert "to be copied" in photosafe.ok("import", "-n", "--from", card).out


def test_sources_add_up_and_a_bad_one_stops_no_other(photosafe, archive, card, tmp_path):
    more = write(tmp_path / "more", {"A.JPG": b"a"})
    result = photosafe("import", "--from", card, "--from", tmp_path / "nowhere", "--from", more, "--json")
    assert result.status == 1
    assert (result.last["type"], result.last["code"]) == ("error", "not_found")
    assert counts(result.last) == [5, 4, 1, 0, 0]
    assert b"a" in photosafe.files().values()
    assert "nowhere" in result.err


def test_only_takes_kinds(photosafe, archive, tmp_path):
    folder = write(tmp_path / "kinds", {"A.JPG": b"a", "B.MOV": b"b"})
    result = photosafe.ok("import", "--from", folder, "--only", "photos", "--json")
    assert counts(result.last) == [2, 1, 0, 0, 1]
    left_out = [one for one in result.objects if one.get("outcome") == "excluded"]
    assert [one["path"] for one in left_out] == ["B.MOV"] and left_out[0]["reason"]
    assert "excluded" in photosafe.ok("import", "--from", folder, "--only", "photos").out


def test_since_leaves_out_what_is_older(photosafe, archive, tmp_path):
    folder = write(tmp_path / "times", {"OLD.JPG": b"old"})
    (folder / "NEW.JPG").write_bytes(b"new")
    if os.stat(folder / "OLD.JPG").st_mtime != 1717156800:
        pytest.skip("this file system keeps no times")
    result = photosafe.ok("import", "--from", folder, "--since", "2000-01-01", "-n", "--json")
    assert counts(result.last)[1] == 2


def test_settings_choose_the_source(photosafe, archive, card):
    photosafe.config.write_text(photosafe.config.read_text() + f'[import]\nfrom = "{card}"\n')
    assert photosafe.ok("import", "--json").last["stored"] == 3


def test_verify_reread_reads_twice(photosafe, archive, card):
    once = photosafe.ok("import", "--from", card, "--json").last
    photosafe.ok("init", photosafe.folder / "second")
    twice = photosafe.ok("import", "-a", photosafe.folder / "second", "--from", card, "--verify", "reread", "--json")
    assert twice.last["read_bytes"] == 2 * once["read_bytes"]


HOSTILE = [b"esc\x1b]0;owned\x07.jpg", b"two\nlines.jpg", b"\xff\xfe.jpg", "‮gpj.exe".encode(), b"c1\xc2\x9b31m.jpg",
           b"-rf.jpg", b"del\x7f.jpg", "\u2028.jpg".encode()]


def test_hostile_names_reach_no_terminal_and_every_byte_can_be_had_back(photosafe, archive, tmp_path):
    folder = write(tmp_path / "hostile", {os.fsdecode(name): name for name in HOSTILE})
    shown = photosafe.ok("import", "-vv", "--from", folder)
    for text in (shown.out, shown.err):
        assert all(ord(c) >= 32 or c == "\n" for c in text)
        assert not set(text) & set("\x7f\x9b\u202e\u2028")
    objects = photosafe.ok("import", "--from", folder, "--json").objects
    paths = [one["path"] for one in objects if one["type"] == "file"]
    back = [bytes.fromhex(path["bytes_hex"]) if isinstance(path, dict) else path.encode() for path in paths]
    assert sorted(back) == sorted(HOSTILE)


def test_quiet_says_nothing_when_all_is_well(photosafe, archive, card):
    result = photosafe.ok("import", "-q", "--from", card)
    assert result.out + result.err == ""


def test_verbose_names_each_copied_file(photosafe, archive, card):
    out = photosafe.ok("import", "-v", "--from", card).out
    assert "DCIM/100APPLE/IMG_0001.HEIC" in out
    again = photosafe.ok("import", "-v", "--from", card).out
    assert "IMG_0001" not in again
    assert "IMG_0001" in photosafe.ok("import", "-vv", "--from", card).out


def test_one_process_writes_at_a_time(photosafe, archive, card):
    with open(archive / ".photosafe/lock", "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = photosafe("import", "--from", card, "--json")
        assert (result.status, result.last["code"]) == (11, "busy")
        assert photosafe("verify").status == 11
        photosafe.ok("status")
        photosafe.ok("verify", "-n")
    photosafe.ok("import", "--from", card)


def test_a_damaged_catalog_says_how_to_go_on(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    (archive / "catalog.sqlite").write_bytes(b"this is no database" * 1000)
    result = photosafe("import", "--from", card, "--json")
    assert (result.status, result.last["code"]) == (5, "damaged")
    assert "rebuild" in result.err


def test_an_archive_that_cannot_be_written_is_told(photosafe, archive, card):
    for path in [archive, *archive.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    if os.access(archive, os.W_OK):
        pytest.skip("root may write everywhere")
    result = photosafe("import", "--from", card)
    for path in [archive, *archive.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    assert result.status == 1
