# SPDX-License-Identifier: LGPL-2.1-or-later
def test_makes_the_same_catalog_again(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    before = photosafe.ok("status", "--json").last
    (archive / "catalog.sqlite").unlink()
    assert photosafe("status").status != 0
    result = photosafe.ok("rebuild", "--json")
    assert result.last["originals"] == 3 and result.last["missing"] == 0
    after = photosafe.ok("status", "--json").last
    before.pop("seconds"), after.pop("seconds")
    assert after == before
    assert photosafe.ok("import", "--from", card, "--json").last["known"] == 4


def test_the_old_catalog_is_set_aside(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    (archive / "catalog.sqlite").write_bytes(b"this is no database" * 1000)
    result = photosafe.ok("rebuild", "--json")
    assert (archive / result.last["set_aside"]).read_bytes() == b"this is no database" * 1000
    photosafe.ok("status")


def test_missing_originals_end_with_5(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    next((archive / "originals").rglob("*.HEIC")).unlink()
    result = photosafe("rebuild", "--json")
    assert (result.status, result.last["missing"]) == (5, 1)
    assert "missing" in photosafe("rebuild").out


def test_a_dry_run_changes_nothing(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    (archive / "catalog.sqlite").unlink()
    before = photosafe.content()
    assert photosafe.ok("rebuild", "-n", "--json").last["dry_run"] is True
    assert photosafe.content() == before
