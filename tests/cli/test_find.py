# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import re
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs/guide/query-language.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "roll"
    subprocess.run([os.environ["SIMPHONE_BIN"], "make-roll", folder, "--items", "40", "--photo-bytes", "40kB", "--movie-bytes", "60kB",
                    "--library", "none"], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def filled(photosafe, archive, made):
    photosafe.ok("import", "--from", made)
    return archive


def found(photosafe, *words):
    return [one for one in photosafe.ok("find", *words, "--json").objects if one["type"] == "asset"]


def test_finds_everything_the_newest_first(photosafe, filled):
    all_of_them = found(photosafe)
    times = [one["taken_local"] for one in all_of_them]
    assert all(one["taken"].startswith(one["taken_local"]) for one in all_of_them if "taken" in one)
    assert any(one["taken"][-6:] != "+01:00" for one in all_of_them if "taken" in one), "not this computer's zone"
    assert len(all_of_them) >= 40 and times == sorted(times, reverse=True)
    assert [one["taken_local"] for one in found(photosafe, "--oldest-first")] == times[::-1]
    assert int(photosafe.ok("find", "--count").out) == len(all_of_them)
    files = found(photosafe, "--files")
    assert len(files) == photosafe.ok("status", "--json").last["originals"] > len(all_of_them)


def test_words_of_a_query_may_stand_apart(photosafe, filled):
    one = found(photosafe, "kind:live camera:iPhone")
    assert one and one == found(photosafe, "kind:live", "camera:iPhone")
    assert all("live" in live["kind"] and live["make"] == "Apple" for live in one)
    rest = found(photosafe, "not", "kind:live")
    assert len(found(photosafe, "kind:live")) + len(rest) == len(found(photosafe))
    assert found(photosafe, "taken:last", "30", "days") == []


def test_pages_by_key(photosafe, filled):
    whole = [one["id"] for one in found(photosafe)]
    pages, key = [], []
    while True:
        result = photosafe.ok("find", "--limit", "7", *key, "--json")
        pages += [one["id"] for one in result.objects if one["type"] == "asset"]
        if "next" not in result.last:
            break
        key = ["--after", result.last["next"]]
    assert pages == whole
    assert photosafe("find", "--after", "yesterday").status == 2


def test_paths_are_for_scripts(photosafe, filled):
    paths = photosafe.ok("find", "kind:video", "--paths").out.splitlines()
    assert paths and all((filled / path).is_file() for path in paths)


@pytest.mark.parametrize("query, column, hint", [
    ("kind:liv", 6, "live"),
    ("camera:\"iPhone", 8, "quotes"),
    ("kind:photo or", 14, ""),
    ("taken:2024-13", 7, ""),
    ("camra:iPhone", 1, "camera"),
    ("album:Rome", 1, "albums"),
])
def test_a_wrong_query_is_told_the_place_and_the_reason(photosafe, archive, query, column, hint):
    result = photosafe("find", query)
    assert result.status == 2 and result.out == ""
    first, second, third = result.err.splitlines()
    assert hint in first and second == "  " + query and third == "  " + " " * (column - 1) + "^"
    told = photosafe("find", query, "--json").last
    assert (told["type"], told["code"], told["column"]) == ("error", "invalid", column)


def test_a_word_that_looks_like_an_option_is_told_of(photosafe, filled):
    result = photosafe("find", "-kind:video", "kind:photo")
    assert result.status == 2 and "write -- before" in result.err
    wanted = photosafe.ok("find", "--paths", "not kind:video kind:photo").out
    assert photosafe.ok("find", "--paths", "--", "-kind:video", "kind:photo").out == wanted != ""
    assert "write --" not in photosafe("status", "-kind:video").err


def test_finds_while_another_writes(photosafe, filled):
    with open(filled / ".photosafe/lock", "a"), subprocess.Popen(["flock", filled / ".photosafe/lock", "sleep", "20"]) as holder:
        try:
            assert found(photosafe, "kind:live")
        finally:
            holder.terminate()


def test_what_cant_be_read_is_found_with_its_reason(photosafe, archive, card):
    (card / "DCIM/100APPLE/IMG_0003.JPG").write_bytes(b"")
    photosafe.ok("import", "--from", card)
    one, = found(photosafe, "parse:failed")
    assert one["parse"] == "failed" and one["parse_reason"]
    assert one["parse_reason"] in photosafe.ok("find", "parse:failed").out


def test_show_tells_all(photosafe, filled, made):
    live = found(photosafe, "kind:live", "--limit", "1")[0]
    first, *others = photosafe.ok("show", live["path"], "--json").objects
    assert first == live
    assert [one["role"] for one in others if one["type"] == "asset"] == ["live_video"]
    for name in (str(live["id"]), live["sha256"], live["sha256"][:8].upper(), filled / live["path"]):
        assert photosafe.ok("show", name, "--json").objects[0] == live
    text = photosafe.ok("show", live["path"], "--tags").out
    for part in (live["sha256"], live["model"], live["taken_local"].replace("T", " "), "content_id", "Exif.Photo.DateTimeOriginal"):
        assert part in text, part
    assert photosafe("show", "IMG_nowhere").status == 2
    assert photosafe("show", live["sha256"][:7]).status == 2
    assert photosafe("show").status == 2


def test_show_tells_what_was_made(photosafe, archive, made):
    photosafe.ok("import", "--from", made, "--only", "photos", "--convert", "jpeg")
    live = found(photosafe, "kind:live", "--limit", "1")[0]
    made_of_it = [one for one in photosafe.ok("show", live["path"], "--json").objects if one["type"] == "rendition"]
    assert [one["lost"] for one in made_of_it] and "live_video" in made_of_it[0]["lost"]
    assert "Renditions:" in photosafe.ok("show", live["path"]).out


def examples():
    return re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(), re.M)


def test_the_page_has_examples_of_every_term():
    terms = {example.split(":")[0].removeprefix("not ").lstrip("(") for example in examples() if ":" in example}
    assert {"camera", "lens", "taken", "imported", "kind", "near", "in", "rating", "keyword", "person", "name", "device", "size",
            "duration", "has", "parse", "state"} <= terms


def test_every_example_of_the_page_is_a_query(photosafe, filled):
    for example in examples():
        result = photosafe("find", example, "--json")
        unknown = example.split(":")[0] in ("album", "favorite", "hidden")
        assert result.status == (2 if unknown else 0), example
