# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the phone knows: the verdict, albums, history, and what an import leaves out."""
import csv
import json
import os
import sqlite3
import subprocess
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest


def make_roll(folder, *words):
    """A roll of 19 items, and its truth."""
    subprocess.run([os.environ["SIMPHONE_BIN"], "make-roll", folder, "--items", "19", "--seed", "4", "--photo-bytes", "3kB",
                    "--movie-bytes", "6kB", "--picture-size", "64x64", "--pictures", "4", *words], check=True,
                   stdout=subprocess.DEVNULL)
    return json.loads(folder.with_name(folder.name + ".truth.json").read_text())["library"]


def change(roll, sql):
    """On the phone, in Photos. Its own triggers keep an R*Tree, which a schema that isn't trusted may not touch."""
    with sqlite3.connect(roll / "PhotoData/Photos.sqlite") as db:
        db.execute("PRAGMA trusted_schema=ON")
        assert db.execute(sql).rowcount == 1
    db.close()


@pytest.fixture
def roll(tmp_path):
    return tmp_path / "roll"


def closes(summary):
    return summary["items"] == sum(summary[state] for state in ("safe", "changed", "not_imported", "only_in_icloud",
                                                                "failed", "excluded"))


def test_yes_is_said_only_after_the_import_and_only_as_long_as_it_holds(photosafe, archive, phone, roll):
    make_roll(roll, "--library", "ios18")
    phone("--trust", "trusted", "--name", "Anna's iPhone", root=roll)
    before = photosafe("status", "--device")
    assert before.status == 6
    assert before.out.startswith("NOT SAFE TO WIPE “Anna's iPhone”: ") and "not imported yet" in before.out
    assert "Next: `photosafe import`" in before.out

    photosafe.ok("import")
    after = photosafe.ok("status", "--device")
    assert after.out.startswith("All ") and "of “Anna's iPhone” are safe" in after.out.splitlines()[0]
    full = photosafe.ok("status", "--device", "--full", "--json")
    assert full.last["safe_to_wipe"] is True and full.last["full"] is True and closes(full.last)
    assert full.last["items"] == len([one for one in full.objects if one["type"] == "item"])

    stored = next(path for path in (archive / "originals").rglob("*.HEIC"))
    stored.chmod(0o644)
    stored.write_bytes(stored.read_bytes()[:-1] + b"?")
    rotten = photosafe("status", "--device", "--full", "--json")
    assert (rotten.status, rotten.last["safe_to_wipe"]) == (6, False) and rotten.last["failed"] >= 1
    assert any("damaged" in one.get("reason", "") for one in rotten.objects if one["type"] == "item")


def test_what_is_only_in_icloud_is_told_by_import_and_verdict(photosafe, archive, phone, roll):
    make_roll(roll, "--library", "ios18", "--only-in-icloud", "3")
    phone("--trust", "trusted", root=roll)
    said = photosafe.ok("import")
    assert "only in iCloud, and could not be copied" in said.out and "Download and Keep Originals" in said.out
    result = photosafe("status", "--device", "--json")
    assert (result.status, result.last["only_in_icloud"], result.last["safe_to_wipe"]) == (6, 3, False)
    assert "3 items are only in iCloud" in photosafe("status", "--device").out


def test_one_phone_of_several_or_a_folder_can_be_named(photosafe, archive, phone, roll):
    make_roll(roll, "--library", "ios18")
    there = phone("--trust", "trusted", root=roll)
    photosafe.ok("import")
    assert photosafe.ok("status", "--device", "--from", f"device:{there.udid}", "--json").last["safe_to_wipe"] is True
    assert photosafe("status", "--device", "--from", "device:00008030-00000000000000FF").status == 4
    photosafe.ok("import", "--from", roll)
    copied = photosafe.ok("status", "--device", "--from", roll, "--json").last
    assert copied["safe_to_wipe"] is True and copied["safe"] > 0


def test_without_a_library_it_is_never_a_yes(photosafe, archive, phone, roll):
    make_roll(roll, "--library", "ios18", "--oddity", "malformed")
    phone("--trust", "trusted", root=roll)
    said = photosafe.ok("import")
    assert "The phone's own library could not be read" in said.out
    result = photosafe("status", "--device", "--json")
    assert (result.status, result.last["safe_to_wipe"]) == (6, None) and result.last["unknowns"]
    assert photosafe("status", "--device").out.startswith("NOT KNOWN TO BE SAFE: ")


def test_a_phone_that_shows_no_camera_roll_is_never_a_yes(photosafe, archive, phone, roll):
    make_roll(roll, "--library", "ios18")
    there = phone("--trust", "trusted", root=roll)
    photosafe.ok("import")
    there.tell("fault", "status:op=ReadDir,path=/DCIM,code=8,times=always")
    for words in (["status", "--device"], ["import"]):
        result = photosafe(*words, "--json")
        assert (result.status, result.last["code"]) == (4, "unreadable") and "DCIM" in result.last["message"]
    there.tell("clear-faults")
    there.tell("fault", "status:op=GetFileInfo,path=/DCIM/*/IMG_0005.*,code=20,times=always")
    items = photosafe("status", "--device", "--json")
    assert items.status == 6 and items.last["failed"] == 1 and items.last["not_in_library"] == 0
    assert "`photosafe import`, then ask again" in photosafe("status", "--device").out
    there.tell("clear-faults")
    assert photosafe.ok("status", "--device", "--json").last["safe_to_wipe"] is True


def test_the_report_has_every_item_and_nothing_that_a_spreadsheet_runs(photosafe, archive, phone, roll, tmp_path):
    make_roll(roll, "--library", "ios18", "--hidden", "2")
    phone("--trust", "trusted", root=roll)
    photosafe.ok("import", "--exclude", "hidden")
    result = photosafe("status", "--device", "--json", "--report", tmp_path / "phone.csv")
    assert result.status == 6 and result.last["would_be_lost"] == 2
    with open(tmp_path / "phone.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == result.last["items"]
    assert {(row["state"], row["would_be_lost"]) for row in rows if "hidden" in row["reason"]} == {("excluded", "yes")}
    assert (tmp_path / "phone.csv").read_text().startswith("state,path,name,reason,part,uuid,would_be_lost")
    photosafe("status", "--device", "--report", tmp_path / "phone.html")
    text = (tmp_path / "phone.html").read_text()
    assert text.count("<tr") == len(rows) + 1 and "NOT SAFE TO WIPE" in text
    wrong = photosafe("status", "--device", "--report", tmp_path / "phone.pdf")
    assert wrong.status == 2 and ".csv" in wrong.err
    assert sorted(path.name for path in tmp_path.glob("phone*")) == ["phone.csv", "phone.html"]


def test_a_report_goes_with_a_device_only_and_no_phone_is_4(photosafe, archive):
    assert photosafe("status", "--report", "a.csv").status == 2
    assert photosafe("status", "--full").status == 2
    assert photosafe("status", "--from", photosafe.folder).status == 2
    assert photosafe("status", "--device", "--no-wait").status == 4


def test_the_bin_is_left_out_unless_asked_for(photosafe, archive, phone, roll):
    truth = make_roll(roll, "--library", "ios18", "--trashed", "2")
    phone("--trust", "trusted", root=roll)
    binned = {one["path"] for one in truth["assets"] if one["trashed"]}
    result = photosafe.ok("import", "--json")
    left = {one["path"]: one["reason"] for one in result.objects if one["type"] == "file" and one["outcome"] == "excluded"}
    assert binned and binned <= set(left) and {left[path] for path in binned} == {"in Recently Deleted on the phone"}
    again = photosafe.ok("import", "--include", "trashed", "--json")
    brought = {one["path"] for one in again.objects if one["type"] == "file" and one["outcome"] in ("stored", "known")}
    assert binned <= brought


def test_albums_are_listed_shown_and_found(photosafe, archive, phone, roll):
    truth = make_roll(roll, "--library", "ios18")
    there = phone("--trust", "trusted", "--name", "Anna's iPhone", root=roll)
    assert "No album is known" in photosafe.ok("album").out
    photosafe.ok("import")
    listed = {one["title"]: one for one in photosafe.ok("album", "--json").objects if one["type"] == "album"}
    titles = [one["title"] for one in truth["albums"]]
    album = next(one for one in truth["albums"] if one["kind"] == "album" and one["members"] and not one["trashed"]
                 and titles.count(one["title"]) == 1)
    title = album["title"]
    assert listed[title]["items"] == len(album["members"]) and listed[title]["whose"] == "phone"
    shown = photosafe.ok("album", "show", title, "--json")
    members = [one for one in shown.objects if one["type"] == "member"]
    assert len(members) == len(album["members"]) == shown.last["items"]
    stored = {one["asset"] for one in members if "asset" in one}
    found = photosafe.ok("find", f'album:="{title}"', "--files", "--json")
    assert stored <= {one["id"] for one in found.objects if one["type"] == "asset"}
    assert photosafe("album", "show", "no such album").status == 2

    change(roll, f"UPDATE ZGENERICALBUM SET ZTITLE = 'Zanzibar' WHERE ZTITLE = '{title}'")
    photosafe.ok("import")
    titles = {one["title"] for one in photosafe.ok("album", "--json").objects if one["type"] == "album"}
    assert "Zanzibar" in titles and title not in titles
    there.end()


def test_history_tells_what_was_there_and_what_vanished(photosafe, archive, phone, roll):
    truth = make_roll(roll, "--library", "ios18", "--only-in-icloud", "3")
    phone("--trust", "trusted", root=roll)
    photosafe.ok("import")
    gone = next(one for one in truth["assets"] if one["locality"] == "only_in_icloud")
    assert photosafe.ok("device", "history", "--vanished", "--json").last["items"] == 0
    change(roll, f"UPDATE ZASSET SET ZUUID = '00000000-0000-4000-8000-000000000001' WHERE ZUUID = '{gone['uuid']}'")
    photosafe.ok("import")
    looks = [one for one in photosafe.ok("device", "history", "--json").objects if one["type"] == "look"]
    assert [one["items"] for one in looks] == [len(truth["assets"])] * 2
    vanished = [one for one in photosafe.ok("device", "history", "--vanished", "--json").objects
                if one["type"] == "phone_item"]
    assert [one["uuid"] for one in vanished] == [gone["uuid"]]
    assert gone["path"] in photosafe.ok("device", "history", "--vanished").out
    assert photosafe.ok("device", "history", "--on", "2020-01-01", "--json").last["items"] == 0
    today = datetime.now(ZoneInfo(photosafe.environment["TZ"])).date().isoformat()
    assert photosafe.ok("device", "history", "--on", today, "--json").last["items"] == len(truth["assets"])
    assert photosafe("device", "history", "00008030-0000").status == 2
