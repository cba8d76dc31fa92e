# SPDX-License-Identifier: LGPL-2.1-or-later
import pytest


def test_makes_an_archive_that_later_commands_find(photosafe):
    result = photosafe.ok("init", photosafe.archive)
    assert str(photosafe.archive) in result.out
    assert photosafe.config.read_text().endswith(f'archive = "{photosafe.archive}"\n')
    assert photosafe.ok("status", "--json").last["archive"] == str(photosafe.archive)


def test_a_relative_folder_is_remembered_absolute(photosafe):
    photosafe.ok("init", "archive")
    assert photosafe.ok("config", "archive").out == f"{photosafe.archive}\n"


def test_leaves_an_archive_that_is_set_as_it_is(photosafe, archive):
    before = photosafe.config.read_text()
    photosafe.ok("init", photosafe.folder / "other")
    assert photosafe.config.read_text() == before
    assert photosafe.ok("config", "archive").out == f"{archive}\n"


def test_keeps_what_stands_in_the_settings(photosafe):
    photosafe.config.parent.mkdir(parents=True)
    photosafe.config.write_text("# mine\n[import]\nretries = 9\n")
    photosafe.ok("init", photosafe.archive)
    assert photosafe.config.read_text() == f'archive = "{photosafe.archive}"\n# mine\n[import]\nretries = 9\n'


def test_again_is_as_good_as_once(photosafe, archive):
    result = photosafe.ok("init", archive, "--json")
    assert result.last["made"] is False


def test_another_layout_for_the_same_archive_is_refused(photosafe, archive):
    result = photosafe("init", archive, "--layout", "{name}")
    assert result.status == 7
    assert "{taken:%Y}" in result.err


def test_a_folder_with_other_things_is_refused(photosafe):
    photosafe.archive.mkdir()
    (photosafe.archive / "letter.txt").write_text("mine")
    result = photosafe("init", photosafe.archive, "--json")
    assert (result.status, result.last["code"]) == (7, "unsafe")
    assert [path.name for path in photosafe.archive.iterdir()] == ["letter.txt"]
    assert not photosafe.config.exists()


def test_a_layout_that_cannot_be_is_wrong_usage(photosafe):
    result = photosafe("init", photosafe.archive, "--layout", "{no such field}")
    assert result.status == 2
    assert not photosafe.config.exists()


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_dry_run_makes_nothing(photosafe, words):
    result = photosafe.ok("init", "-n", photosafe.archive, *words)
    assert not photosafe.archive.exists() and not photosafe.config.exists()
    assert str(photosafe.archive) in result.out


def test_files_by_the_layout(photosafe, card):
    photosafe.ok("init", photosafe.archive, "--layout", "{taken:%Y}/{name}")
    photosafe.ok("import", "--from", card)
    assert "2024/IMG_0001.HEIC" in photosafe.files()
