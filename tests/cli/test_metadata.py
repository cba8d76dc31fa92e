# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import subprocess

import pytest


@pytest.fixture
def roll(tmp_path):
    """A camera roll of real pictures and movies: its folder, and how many files are in it."""
    folder = tmp_path / "roll"
    subprocess.run([os.environ["SIMPHONE_BIN"], "make-roll", folder, "--items", "15", "--photo-bytes", "40kB",
                    "--movie-bytes", "60kB", "--library", "none"], check=True, stdout=subprocess.DEVNULL)
    return folder


def counts(photosafe):
    last = photosafe.ok("status", "--json").last
    return last["originals"], last["metadata_failed"], last["metadata_pending"]


def test_an_import_reads_what_files_say(photosafe, archive, roll):
    last = photosafe.ok("import", "--from", roll, "--json").last
    assert last["metadata"] == {"read": last["stored"], "failed": 0, "regrouped": last["metadata"]["regrouped"], "pending": 0,
                                "absent": 0, "killed": 0}
    assert counts(photosafe)[1:] == (0, 0)
    result = photosafe.ok("metadata", "--json")
    assert (result.last["read"], result.last["failed"], result.last["pending"]) == (0, 0, 0)


def test_what_was_left_out_is_read_later(photosafe, archive, roll):
    photosafe.ok("import", "--from", roll, "--no-metadata")
    originals, failed, pending = counts(photosafe)
    assert failed == 0 and pending == originals > 15
    assert "Run `photosafe metadata`" in photosafe.ok("status").out
    before = photosafe.content()
    plan = photosafe.ok("metadata", "-n", "--json").last
    assert (plan["pending"], plan["failed"], plan["dry_run"]) == (originals, 0, True)
    assert photosafe.content() == before
    files = photosafe.files()
    assert photosafe.ok("metadata", "--json").last["read"] == originals
    assert counts(photosafe) == (originals, 0, 0)
    assert photosafe.files() == files, "no file is moved"


def test_a_later_import_reads_it_too(photosafe, archive, roll, card):
    photosafe.ok("import", "--from", roll, "--no-metadata")
    photosafe.ok("import", "--from", card)
    assert counts(photosafe)[2] == 0


def test_a_file_that_cant_be_read_is_an_original_all_the_same(photosafe, archive, card):
    (card / "DCIM/100APPLE/IMG_0003.JPG").write_bytes(b"")
    result = photosafe.ok("import", "--from", card)
    assert "1 file without readable metadata: the bytes are safe" in result.out
    assert counts(photosafe) == (4, 1, 0)
    assert "1 original without readable metadata; the bytes are safe." in photosafe.ok("status").out
    again = photosafe("metadata", "--again", "--json")
    assert (again.status, again.last["read"], again.last["failed"]) == (3, 3, 1)
    once_more = photosafe.ok("metadata", "--json")  # the same libraries would say the same
    assert (once_more.last["read"], once_more.last["failed"]) == (0, 0)


def test_what_is_gone_is_told_with_what_helps(photosafe, archive, roll):
    photosafe.ok("import", "--from", roll, "--no-metadata")
    gone = sorted((archive / "originals").rglob("*.*"))[0]
    away = archive.parent / "away"
    gone.rename(away)
    result = photosafe("metadata")
    assert result.status == 3
    assert "1 original not read, for they are not in their place" in result.out and "`photosafe verify`" in result.out
    assert "`photosafe metadata` reads the rest" not in result.out
    photosafe("verify")
    last = photosafe("status", "--json").last
    assert (last["metadata_pending"], last["metadata_pending_lost"]) == (1, 1)
    told = photosafe("status").out
    assert "1 original whose metadata can't be read while" in told and "Run `photosafe metadata`." not in told
    away.rename(gone)
    photosafe.ok("verify")
    assert photosafe.ok("status", "--json").last["metadata_pending_lost"] == 0
    assert photosafe.ok("metadata", "--json").last["read"] == 1
    assert counts(photosafe)[1:] == (0, 0)


def test_a_rebuild_reads_it_again(photosafe, archive, roll):
    photosafe.ok("import", "--from", roll)
    before = photosafe.ok("status", "--json").last
    (archive / "catalog.sqlite").unlink()
    result = photosafe.ok("rebuild", "--json")
    assert result.last["metadata"]["read"] == before["originals"] and result.last["metadata"]["regrouped"] == 0
    after = photosafe.ok("status", "--json").last
    before.pop("seconds"), after.pop("seconds")
    assert after == before


def test_it_takes_no_argument_and_needs_an_archive(photosafe):
    assert photosafe("metadata", "all").status == 2
    assert photosafe("metadata").status == 10
