# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renditions of a made camera roll, read back by exiftool and from the catalog."""
import json
import os
import shutil
import signal
import sqlite3
import subprocess

import pytest
from conftest import write

TAGS = ["Make", "Model", "LensModel", "DateTimeOriginal", "SubSecTimeOriginal", "OffsetTimeOriginal", "ExposureTime", "FNumber",
        "ISO", "GPSLatitude", "GPSLongitude", "GPSAltitude", "ContentIdentifier"]


@pytest.fixture
def roll(tmp_path):
    """The folder of a camera roll with one of each kind of shot."""
    folder = tmp_path / "roll"
    subprocess.run([os.environ["SIMPHONE_BIN"], "make-roll", folder, "--items", "20", "--photo-bytes", "40kB",
                    "--movie-bytes", "60kB", "--library", "none"], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def filled(photosafe, archive, roll):
    photosafe.ok("import", "--from", roll)
    return archive


def made(result):
    return [one for one in result.objects if one["type"] == "rendition" and one["outcome"] == "made"]


def tags(path, *names):
    out = subprocess.run(["exiftool", "-j", "-n", "-q", *(f"-{name}" for name in names), path], check=True, capture_output=True)
    facts = json.loads(out.stdout)[0]
    facts.pop("SourceFile")
    return facts


def rows(archive, query):
    with sqlite3.connect(f"file:{archive}/catalog.sqlite?mode=ro", uri=True) as db:
        return db.execute(query).fetchall()


def files_below(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_pictures_that_are_no_jpeg_get_one(photosafe, filled):
    before = photosafe.files()
    result = photosafe.ok("convert", "--json")
    summary = result.last
    assert (summary["verb"], summary["failed"], summary["complete"]) == ("convert", 0, True)
    items = made(result)
    assert len(items) == summary["made"] > 8
    assert sum(one["bytes"] for one in items) == summary["bytes"]
    for one in items:
        path = filled / one["path"]
        assert one["path"] == "renditions/jpeg/" + one["original"].removeprefix("originals/") + ".jpg"
        assert path.read_bytes()[:2] == b"\xff\xd8" and path.stat().st_size == one["bytes"]
    assert files_below(filled / "renditions") == sorted(filled / one["path"] for one in items)
    assert {os.path.splitext(one["original"])[1].upper() for one in items} >= {".HEIC", ".PNG", ".DNG"}
    assert photosafe.files() == before, "no original is touched"
    assert photosafe("verify").status == 0


def test_what_the_picture_says_goes_along(photosafe, filled):
    heics = [one for one in made(photosafe.ok("convert", "--json")) if one["original"].endswith(".HEIC")]
    located = 0
    for one in heics:
        original = tags(filled / one["original"], *TAGS)
        rendition = tags(filled / one["path"], *TAGS)
        assert rendition == original
        located += "GPSLatitude" in original
        profile = tags(filled / one["original"], "ProfileDescription", "ColorPrimaries")
        if profile.get("ColorPrimaries") == 12:  # Display P3 told by its number; a JPEG can only hold a profile
            profile = {"ProfileDescription": "Display P3"}
        assert profile == tags(filled / one["path"], "ProfileDescription") != {}
    assert located > 3, "the roll has places"


def test_pixels_are_upright_or_as_stored_with_the_tag(photosafe, filled):
    sizes = {}
    for options in ([], ["--keep-tag"]):
        for one in made(photosafe.ok("convert", "--json", *options)):
            if one["original"].endswith(".HEIC"):
                facts = tags(filled / one["path"], "Orientation", "ImageWidth", "ImageHeight")
                assert (facts["ImageWidth"], facts["ImageHeight"]) == (one["width"], one["height"])
                sizes.setdefault(one["original"], []).append(facts)
    turned = 0
    for upright, stored in sizes.values():
        assert upright.get("Orientation", 1) == 1
        if stored.get("Orientation", 1) >= 5:
            turned += 1
            assert (stored["ImageWidth"], stored["ImageHeight"]) == (upright["ImageHeight"], upright["ImageWidth"])
        else:
            assert (stored["ImageWidth"], stored["ImageHeight"]) == (upright["ImageWidth"], upright["ImageHeight"])
    assert turned > 0, "the roll has pictures that are turned by a quarter"


def test_places_are_left_out_when_asked(photosafe, filled):
    items = made(photosafe.ok("convert", "--strip-location", "--json"))
    assert any("GPSLatitude" in tags(filled / one["original"], "GPSLatitude") for one in items)
    for one in items:
        everything = subprocess.run(["exiftool", "-G1", "-a", "-s", filled / one["path"]], check=True, capture_output=True,
                                    text=True).stdout
        assert "GPS" not in everything and "City" not in everything


def test_nothing_is_enlarged(photosafe, filled):
    def sizes(*options):
        return {one["original"]: (one["width"], one["height"]) for one in made(photosafe.ok("convert", "--json", *options))}
    whole = sizes()
    assert max(map(max, whole.values())) < 2048
    assert whole.items() <= sizes("--max-size", "2048").items()


def test_smaller_progressive_srgb(photosafe, filled):
    options = ["--max-size", "64", "--progressive", "--srgb", "--quality", "70"]
    items = made(photosafe.ok("convert", "--json", *options))
    for one in items:
        assert max(one["width"], one["height"]) <= 64
        assert "profile" not in one or "sRGB" in one["profile"]
        assert b"\xff\xc2" in (filled / one["path"]).read_bytes(), "a progressive frame"
    assert any(one["original"].upper().endswith(".JPG") for one in items), "a JPEG can be made smaller too"


def test_what_a_jpeg_cant_hold_is_told_and_kept(photosafe, filled):
    result = photosafe.ok("convert", "--json")
    live = [one for one in made(result) if "live_video" in one["lost"]]
    assert len(live) == result.last["lost"]["live_video"] > 0
    for one in live:
        assert rows(filled, f"SELECT lost FROM v1_rendition WHERE asset={one['asset']}")[0][0].count("live_video") == 1
        movies = rows(filled, f"""SELECT count(*) FROM v1_asset a JOIN v1_asset b ON a."group" = b."group"
                                  WHERE b.id={one['asset']} AND a.role='live_video'""")
        assert movies == [(1,)]
    assert "live_video" in photosafe.ok("convert", "--quality", "80").out


def test_nothing_is_made_twice_and_what_is_gone_is_made_again(photosafe, filled):
    first = photosafe.ok("convert", "--json").last
    kept = {path: path.stat().st_mtime_ns for path in files_below(filled / "renditions")}
    second = photosafe.ok("convert", "--json").last
    assert (second["made"], second["current"]) == (0, first["made"])
    assert {path: path.stat().st_mtime_ns for path in files_below(filled / "renditions")} == kept
    gone = next(iter(kept))
    gone.unlink()
    third = photosafe.ok("convert", "--json")
    assert [filled / one["path"] for one in made(third)] == [gone]
    shutil.rmtree(filled / "renditions")
    assert photosafe.ok("convert", "--json").last["made"] == first["made"]


def test_a_plan_changes_nothing(photosafe, filled):
    before = photosafe.content()
    plan = photosafe.ok("convert", "-n", "--json").last
    assert plan["dry_run"] and photosafe.content() == before
    assert photosafe.ok("convert", "--json").last["made"] == plan["made"] > 0


def test_only_what_a_query_finds(photosafe, filled):
    one = next(item for item in photosafe.ok("convert", "--json", "-n").objects if item.get("outcome") == "made")
    name = one["original"].rsplit("/", 1)[1]
    result = photosafe.ok("convert", "--json", f"name:{name}")
    assert [item["original"] for item in made(result)] == [one["original"]]
    assert photosafe.ok("thumbnails", "--json", f"name:{name}").last["made"] == 1
    wrong = photosafe("convert", "rating:9")
    assert wrong.status == 2 and "^" in wrong.err


def test_a_bad_picture_costs_itself_only(photosafe, archive, roll):
    heic = next(path for path in files_below(roll / "DCIM") if path.suffix == ".HEIC")
    (heic.parent / "IMG_5001.HEIC").write_bytes(heic.read_bytes()[:1500])
    photosafe("import", "--from", roll)
    result = photosafe("convert", "--json")
    assert (result.status, result.last["failed"]) == (3, 1) and result.last["made"] > 8
    failed = [one for one in result.objects if one.get("outcome") == "failed"]
    assert "IMG_5001" in failed[0]["original"] and failed[0]["reason"] and failed[0]["code"]
    assert rows(archive, "SELECT count(*) FROM v1_rendition WHERE path IS NULL AND trouble <> ''") == [(1,)]
    again = photosafe.ok("convert", "--json").last
    assert (again["failed"], again["failed_before"]) == (0, 1)
    assert photosafe("convert", "--again").status == 3


def test_thumbnails_of_photos_and_movies(photosafe, filled):
    result = photosafe.ok("thumbnails", "--size", "160", "--json")
    items = made(result)
    assert result.last["failed"] == 0
    assert {os.path.splitext(one["original"])[1].upper() for one in items} >= {".HEIC", ".JPG", ".MOV", ".PNG"}
    for one in items:
        assert one["path"].startswith("renditions/thumbnails/160/") and max(one["width"], one["height"]) <= 160
    assert photosafe.ok("thumbnails", "--size", "160", "--json").last["made"] == 0


def test_renditions_are_no_originals(photosafe, filled, tmp_path):
    photosafe.ok("convert")
    photosafe.ok("thumbnails")
    originals = photosafe.files()
    refused = photosafe("import", "--from", filled / "renditions")
    assert refused.status not in (0, 3) and refused.err
    copy = tmp_path / "copy"
    shutil.copytree(filled / "renditions", copy)
    result = photosafe.ok("import", "--from", copy, "--json").last
    assert (result["stored"], result["failed"]) == (0, 0) and result["excluded"] == len(files_below(copy))
    assert photosafe.files() == originals


def test_import_does_both(photosafe, archive, roll):
    result = photosafe.ok("import", "--from", roll, "--convert", "jpeg", "--json")
    assert result.last["verb"] == "import" and result.last["stored"] > 20
    convert = result.last["convert"]
    assert convert["made"] == len(made(result)) == len(files_below(archive / "renditions")) > 8
    kinds = [one["type"] for one in result.objects]
    assert kinds.index("rendition") > max(i for i, kind in enumerate(kinds) if kind == "file"), "import waits for no picture"
    assert photosafe.ok("convert", "--json").last["made"] == 0, "in the very way that convert makes them"
    assert photosafe.ok("import", "--from", roll, "--convert", "jpeg", "--json").last["convert"]["made"] == 0


def test_import_takes_the_settings_of_convert(photosafe, archive, roll):
    items = made(photosafe.ok("import", "--from", roll, "--convert", "jpeg", "--json",
                              env={"PHOTOSAFE_CONVERT_MAX_SIZE": "64"}))
    assert items and all(max(one["width"], one["height"]) <= 64 for one in items)


@pytest.mark.parametrize("name, value", [("QUALITY", "0"), ("MAX_SIZE", "5"), ("MAX_SIZE", "70000"), ("QUALITY", "high")])
def test_import_finds_a_setting_of_convert_that_cant_be_before_it_copies(photosafe, archive, roll, name, value):
    result = photosafe("import", "--from", roll, "--convert", "jpeg", env={f"PHOTOSAFE_CONVERT_{name}": value})
    assert result.status == 2
    assert not photosafe.files(), "nothing is copied"


def test_the_status_of_an_import_that_converts_is_the_worse_of_both(photosafe, archive, roll):
    heic = next(path for path in files_below(roll / "DCIM") if path.suffix == ".HEIC")
    (heic.parent / "IMG_5001.HEIC").write_bytes(heic.read_bytes()[:1500])
    result = photosafe("import", "--from", roll, "--convert", "jpeg", "--json")
    assert (result.status, result.last["failed"], result.last["convert"]["failed"]) == (3, 0, 1)
    gone = photosafe("import", "--from", roll / "nothing", "--convert", "jpeg", "--json")
    assert gone.status == 1 and gone.last["type"] == "error" and gone.last["convert"]["failed_before"] == 1
    assert photosafe("import", "--from", roll, "--convert", "gif").status == 2
    plan = photosafe.ok("import", "-n", "--from", roll, "--convert", "jpeg", "--json").last
    assert "convert" not in plan


def test_it_stops_when_asked_and_goes_on_there(photosafe, archive, roll, tmp_path):
    content = next(path for path in files_below(roll / "DCIM") if path.suffix == ".HEIC").read_bytes()
    many = write(tmp_path / "many", {f"DCIM/100APPLE/IMG_{i:04}.HEIC": content + bytes([i]) for i in range(150)})
    photosafe.ok("import", "--from", many)
    with photosafe.start("convert", "-v", "--workers", "1", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()  # the first one is made
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and b"Stopping" in err
    done = len(files_below(archive / "renditions"))
    assert not files_below(archive / ".photosafe/incoming")
    after = photosafe.ok("convert", "--json").last
    assert after["current"] == done > 0 and after["made"] == 150 - done > 0


@pytest.mark.parametrize("words", [["--quality", "0"], ["--quality", "101"], ["--max-size", "3"], ["--max-size", "70000"], ["--decoder", "magic"],
                                   ["--to", "gif"], ["--quality", "high"], ["rating:9"]])
def test_what_cant_be_is_refused(photosafe, archive, words):
    assert photosafe("convert", *words).status == 2
    assert not (archive / "renditions").exists()


def test_it_needs_an_archive(photosafe):
    assert photosafe("convert").status == 10
    assert photosafe("thumbnails").status == 10
