# SPDX-License-Identifier: LGPL-2.1-or-later
import subprocess


def in_memory(folder):
    """Under sanitizers the tests' folders are: doctor calls that a problem, too."""
    return subprocess.run(["stat", "-f", "-c", "%T", folder], check=True, capture_output=True, text=True).stdout == "tmpfs\n"


def test_without_usbmuxd_the_problem_is_at_the_phone(photosafe, archive):
    result = photosafe("doctor", "--json")
    problems = [one for one in result.objects if one["type"] == "finding" and one["severity"] == "problem"]
    codes = {one["code"] for one in problems}
    if in_memory(archive):
        assert result.status == 1 and "file_system" in codes
        codes -= {"file_system"}
    else:
        assert result.status == 4
    assert codes and codes <= {"usbmuxd", "device"}
    assert all(one["message"] and one["next"] for one in problems)
    assert result.last["problems"] == len(problems) > 0
    text = photosafe("doctor").out
    assert "problem" in text


def test_works_without_an_archive(photosafe):
    assert photosafe("doctor").status == 4


def test_an_archive_that_is_gone_is_a_problem_of_its_own(photosafe, archive):
    archive.rename(photosafe.folder / "moved")
    result = photosafe("doctor", "--json")
    assert result.status == 1
    assert "archive" in [one["code"] for one in result.objects if one.get("severity") == "problem"]
