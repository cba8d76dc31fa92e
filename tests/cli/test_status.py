# SPDX-License-Identifier: LGPL-2.1-or-later
def test_an_empty_archive_says_how_to_begin(photosafe, archive):
    result = photosafe.ok("status", "--json")
    assert result.last["originals"] == 0
    assert [one["code"] for one in result.objects if one["type"] == "finding"] == ["never_imported"]
    assert "photosafe import" in photosafe.ok("status").out


def test_tells_what_the_archive_holds(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    summary = photosafe.ok("status", "--json").last
    assert summary["originals"] == 3 and summary["original_bytes"] == 36 and summary["places"] == 4
    last = summary["last_import"]
    assert [last[name] for name in ("seen", "stored", "known", "failed")] == [4, 3, 1, 0]
    assert last["finished"][-6] in "+-", "an instant has its offset"
    text = photosafe.ok("status").out
    assert "3, 36 bytes" in text and "just now" in text and "Nothing is wrong." in text


def test_known_damage_ends_with_5_until_it_is_mended(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    stored = next(path for path in (archive / "originals").rglob("*.HEIC"))
    content = stored.read_bytes()
    stored.chmod(0o644)
    stored.unlink()
    assert photosafe("verify").status == 5
    result = photosafe("status", "--json")
    assert (result.status, result.last["missing"]) == (5, 1)
    assert "missing" in [one["code"] for one in result.objects if one["type"] == "finding"]
    stored.write_bytes(content)
    photosafe.ok("verify")
    photosafe.ok("status")


def test_quiet_answers_by_its_status_alone(photosafe, archive):
    result = photosafe.ok("status", "-q")
    assert result.out + result.err == ""
