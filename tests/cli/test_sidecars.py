# SPDX-License-Identifier: LGPL-2.1-or-later
"""XMP sidecars beside the originals, read back and changed by exiftool."""
import json
import os
import subprocess

import pytest
from conftest import write


def exiftool(*words):
    return subprocess.run(["exiftool", "-q", "-overwrite_original", *words], check=True, capture_output=True)


def tags(path, *names):
    out = subprocess.run(["exiftool", "-j", "-n", "-q", "-struct", *(f"-{name}" for name in names), path], check=True,
                         capture_output=True)
    facts = json.loads(out.stdout)[0]
    facts.pop("SourceFile")
    return facts


@pytest.fixture
def card(tmp_path):
    """The folder of a camera roll; IMG_9001.JPG says all that a sidecar can tell, IMG_9002.JPG nothing."""
    roll = tmp_path / "made"
    subprocess.run([os.environ["SIMPHONE_BIN"], "make-roll", roll, "--items", "12", "--photo-bytes", "20kB", "--movie-bytes",
                    "30kB", "--library", "none"], check=True, stdout=subprocess.DEVNULL)
    jpeg = next(path for path in sorted(roll.rglob("*")) if path.suffix == ".JPG").read_bytes()
    card = write(tmp_path / "card", {"DCIM/100APPLE/IMG_9001.JPG": jpeg, "DCIM/100APPLE/IMG_9002.JPG": jpeg})
    exiftool("-XMP-dc:Title=A \"title\" <&>", "-XMP-dc:Description=Grüße aus Köln", "-XMP-dc:Subject=sea", "-XMP-dc:Subject=sun",
             "-XMP-xmp:Rating=3", "-XMP-xmp:Label=Red", "-XMP-photoshop:City=Köln", "-IPTC:Province-State=NRW",
             "-EXIF:GPSLatitude=50.9413", "-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitude=6.9583", "-EXIF:GPSLongitudeRef=E",
             "-EXIF:GPSAltitude=55.5", "-EXIF:GPSAltitudeRef=0", "-EXIF:DateTimeOriginal=2024:05:31 14:03:22",
             "-EXIF:OffsetTimeOriginal=+02:00", "-EXIF:SubSecTimeOriginal=5",
             "-RegionInfo={AppliedToDimensions={W=640,H=480,Unit=pixel},RegionList=["
             "{Name=Ada,Type=Face,Area={X=0.5,Y=0.4,W=0.1,H=0.2,Unit=normalized}},"
             "{Name=Bob,Type=Face,Area={X=0.2,Y=0.3,W=0.1,H=0.1,Unit=normalized}}]}", card / "DCIM/100APPLE/IMG_9001.JPG")
    exiftool("-all=", card / "DCIM/100APPLE/IMG_9002.JPG")
    return card


@pytest.fixture
def filled(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    return archive


def sidecar(archive, name="IMG_9001.JPG"):
    return next((archive / "originals").rglob(name)).with_name(name + ".xmp")


def test_other_programs_read_what_the_catalog_knows(photosafe, filled):
    result = photosafe.ok("sidecars", "--json")
    summary = result.last
    assert (summary["verb"], summary["originals"], summary["written"], summary["nothing_to_say"]) == ("sidecars", 2, 1, 1)
    one = next(item for item in result.objects if item["type"] == "sidecar")
    assert one["outcome"] == "written" and filled / one["path"] == sidecar(filled)
    facts = tags(sidecar(filled), "Title", "Description", "Subject", "Rating", "Label", "City", "State", "GPSLatitude", "GPSLongitude",
                 "GPSAltitude", "DateTimeOriginal", "DateCreated", "PersonInImage", "RegionInfo")
    assert facts.pop("RegionInfo")["RegionList"] == [
        {"Name": "Ada", "Type": "Face", "Area": {"X": 0.5, "Y": 0.4, "W": 0.1, "H": 0.2, "Unit": "normalized"}},
        {"Name": "Bob", "Type": "Face", "Area": {"X": 0.2, "Y": 0.3, "W": 0.1, "H": 0.1, "Unit": "normalized"}}]
    assert facts.pop("GPSLatitude") == pytest.approx(50.9413, abs=1e-6)
    assert facts.pop("GPSLongitude") == pytest.approx(6.9583, abs=1e-6)
    assert facts == {"Title": 'A "title" <&>', "Description": "Grüße aus Köln", "Subject": ["sea", "sun"], "Rating": 3, "Label": "Red",
                     "City": "Köln", "State": "NRW", "GPSAltitude": 55.5, "DateTimeOriginal": "2024:05:31 14:03:22.5+02:00",
                     "DateCreated": "2024:05:31 14:03:22.5+02:00", "PersonInImage": ["Ada", "Bob"]}
    assert not subprocess.run(["exiftool", "-validate", "-warning", "-error", "-s3", sidecar(filled)], capture_output=True,
                              check=True).stdout.strip(b"OK\n")


def test_the_table_adds_up_and_nothing_is_written_twice(photosafe, filled):
    first = photosafe.ok("sidecars", "--json").last
    content = photosafe.content()
    second = photosafe.ok("sidecars", "--json").last
    assert photosafe.content() == content
    for summary in (first, second):
        assert summary["originals"] == sum(summary[key] for key in ("written", "unchanged", "nothing_to_say", "unread", "held", "failed"))
    assert (second["written"], second["unchanged"]) == (0, first["written"])
    text = photosafe.ok("sidecars").out
    assert "unchanged" in text and "nothing to say" in text


def test_a_plan_changes_nothing(photosafe, filled):
    before = photosafe.content()
    plan = photosafe.ok("sidecars", "-n", "--json").last
    assert plan["dry_run"] and plan["written"] == 1 and photosafe.content() == before
    assert photosafe.ok("sidecars", "--json").last["written"] == 1


def test_a_query_says_whose(photosafe, filled):
    assert photosafe.ok("sidecars", "rating:5", "--json").last["originals"] == 0
    assert photosafe.ok("sidecars", "rating:3", "keyword:sea", "--json").last["written"] == 1
    wrong = photosafe("sidecars", "rating:many")
    assert wrong.status == 2 and "^" in wrong.err


def test_what_exiftool_changes_stays(photosafe, filled):
    photosafe.ok("sidecars")
    exiftool("-XMP-xmp:Rating=5", "-XMP-dc:Subject-=sea", "-XMP-dc:Subject+=mine", "-XMP-xmp:Nickname=Ben", sidecar(filled))
    assert photosafe.ok("sidecars", "--json").last["unchanged"] == 1
    facts = tags(sidecar(filled), "Rating", "Subject", "Nickname")
    assert sorted(facts.pop("Subject")) == ["mine", "sun"] and facts == {"Rating": 5, "Nickname": "Ben"}


def test_what_was_there_is_kept(photosafe, filled):
    exiftool("-XMP-xmp:Rating=1", "-XMP-dc:Subject=theirs", "-XMP-crs:Exposure2012=+0.35", "-XMP-dc:Title-de=Titel", sidecar(filled))
    assert photosafe.ok("sidecars", "--json").last["written"] == 1
    facts = tags(sidecar(filled), "Rating", "Subject", "Exposure2012", "Title-de", "Description")
    assert facts == {"Rating": 1, "Subject": ["theirs", "sea", "sun"], "Exposure2012": "+0.35", "Title-de": "Titel",
                     "Description": "Grüße aus Köln"}


def test_one_that_is_no_xmp_stays_and_is_named(photosafe, filled):
    sidecar(filled).write_text("my notes")
    result = photosafe("sidecars", "--json")
    assert (result.status, result.last["failed"]) == (3, 1)
    failed = next(item for item in result.objects if item.get("outcome") == "failed")
    assert failed["code"] == "unreadable" and "no XMP" in failed["reason"]
    assert sidecar(filled).read_text() == "my notes"
    assert "no XMP" in photosafe("sidecars").out


def test_nothing_else_is_disturbed(photosafe, filled):
    originals = photosafe.files()
    photosafe.ok("sidecars")
    assert {path: content for path, content in photosafe.files().items() if not path.endswith(".xmp")} == originals
    verified = photosafe.ok("verify", "--json").last
    assert (verified["matched"], verified["unrecorded"]) == (2, 0)
    status = photosafe.ok("status", "--json").last
    assert status["originals"] == 2
    subprocess.run("cat manifests/*.sha256 | sha256sum -c --quiet", shell=True, check=True, cwd=filled)
    rebuilt = photosafe.ok("rebuild", "--json").last
    assert (rebuilt["originals"], rebuilt["unrecorded"]) == (2, 0)
    photosafe.ok("metadata")
    assert photosafe.ok("sidecars", "--json").last["unchanged"] == 1


def test_an_import_takes_none_for_an_original(photosafe, filled, tmp_path):
    photosafe.ok("sidecars")
    copy = write(tmp_path / "copy", {f"DCIM/{path.name}": path.read_bytes() for path in sidecar(filled).parent.iterdir()})
    result = photosafe.ok("import", "--from", copy, "--json")
    assert (result.last["stored"], result.last["excluded"]) == (0, 1)
    exiftool("-XMP-xmp:Rating=1", copy / "DCIM/IMG_9001.JPG.xmp")
    assert photosafe.ok("import", "--from", copy, "--json").last["stored"] == 1, "somebody has worked on it"
    assert photosafe.ok("verify", "--json").last["unrecorded"] == 0


def test_an_imported_sidecar_stays_as_it_is(photosafe, archive, card):
    theirs = card / "DCIM/100APPLE/IMG_9001.JPG.xmp"
    exiftool("-XMP-xmp:Nickname=Ben", theirs)
    content = theirs.read_bytes()
    photosafe.ok("import", "--from", card)
    before = photosafe.files()
    assert content in before.values()
    result = photosafe.ok("sidecars", "--json").last
    assert (result["held"], result["written"]) == (1, 0)
    assert photosafe.files() == before
    assert photosafe.ok("verify", "--json").last["matched"] == 3


def test_import_writes_those_of_what_it_brought(photosafe, archive, card, tmp_path):
    photosafe.ok("import", "--from", card)
    other = write(tmp_path / "other", {"DCIM/IMG_9003.JPG": (card / "DCIM/100APPLE/IMG_9001.JPG").read_bytes()})
    exiftool("-XMP-xmp:Rating=2", other / "DCIM/IMG_9003.JPG")
    result = photosafe.ok("import", "--from", other, "--sidecars", "--json")
    assert result.last["verb"] == "import" and result.last["sidecars"]["written"] == 1
    kinds = [one["type"] for one in result.objects]
    assert kinds.index("sidecar") > max(i for i, kind in enumerate(kinds) if kind == "file")
    assert tags(sidecar(archive, "IMG_9003.JPG"), "Rating") == {"Rating": 2}
    assert not sidecar(archive).exists()
    assert photosafe.ok("import", "--from", other, "--sidecars", "--json").last["sidecars"]["originals"] == 0
    plan = photosafe.ok("import", "-n", "--from", other, "--sidecars", "--json").last
    assert "sidecars" not in plan


def test_the_status_of_an_import_is_the_worse_of_both(photosafe, archive, card):
    photosafe.ok("import", "--from", card)
    name = sidecar(archive)
    photosafe.archive.joinpath(name).mkdir()
    (card / "DCIM/100APPLE/IMG_9001.AAE").write_bytes(b"a recipe")  # another part of its shot
    result = photosafe("import", "--from", card, "--sidecars", "--json")
    assert (result.status, result.last["failed"], result.last["sidecars"]["failed"]) == (3, 0, 1)


def test_it_needs_an_archive(photosafe):
    assert photosafe("sidecars").status == 10
