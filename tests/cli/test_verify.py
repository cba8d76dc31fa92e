# SPDX-License-Identifier: LGPL-2.1-or-later
import pytest
from conftest import write


@pytest.fixture
def filled(photosafe, archive, tmp_path):
    photosafe.ok("import", "--from", write(tmp_path / "roll", {f"IMG_{i:04}.JPG": b"picture %d" % i for i in range(20)}))
    return sorted((archive / "originals").rglob("*.JPG"))


def alter(path, content):
    path.chmod(0o644)
    path.write_bytes(content)


def test_all_is_well(photosafe, filled):
    result = photosafe.ok("verify", "--json")
    assert result.last["checked"] == result.last["matched"] == 20
    assert result.last["complete"] is True
    assert "matched" in photosafe.ok("verify").out


def test_damage_is_named_and_ends_with_5(photosafe, filled):
    alter(filled[0], b"Picture 0")
    alter(filled[1], b"short")
    filled[2].unlink()
    result = photosafe("verify", "--json")
    assert result.status == 5
    found = {one["subject"].rsplit("/")[-1]: one["code"] for one in result.objects if one["type"] == "finding"}
    assert found == {filled[0].name: "altered", filled[1].name: "altered", filled[2].name: "missing"}
    assert [result.last[name] for name in ("checked", "matched", "altered", "missing")] == [20, 17, 2, 1]
    text = photosafe("verify").out
    assert all(path.name in text for path in filled[:3])


def test_a_file_beside_them_is_told_of_and_is_no_damage(photosafe, filled):
    (filled[0].parent / "letter.txt").write_text("mine")
    result = photosafe.ok("verify", "--json")
    assert [one["code"] for one in result.objects if one["type"] == "finding"] == ["unrecorded"]


def test_a_subset_reads_a_part(photosafe, filled):
    part = photosafe.ok("verify", "--subset", "1/10", "--json").last["checked"]
    assert 1 <= part <= 3
    assert photosafe.ok("verify", "--subset", "1", "--oldest-first", "--json").last["checked"] == 1


def test_subsets_reach_everything_in_time(photosafe, filled):
    alter(filled[7], b"other")
    codes = [photosafe("verify", "--subset", "1/5").status for _ in range(8)]
    assert 5 in codes


def test_a_dry_run_remembers_nothing(photosafe, filled):
    filled[0].unlink()
    assert photosafe("verify", "-n").status == 5
    assert photosafe.ok("status", "--json").last["missing"] == 0


def test_threads_do_not_change_the_answer(photosafe, filled):
    assert photosafe.ok("verify", "--threads", "1", "--json").last["matched"] == 20
    assert photosafe.ok("verify", "--threads", "4", "--json").last["matched"] == 20
