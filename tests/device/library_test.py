#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rolls' Photos.sqlite: as each iOS names things, and as the files and the truth have it.
Usage: library_test.py SIMPHONE [unittest options]"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SIMPHONE = None

# What forensic queries and real libraries say: asset table, number of its entity, album table's number, keywords'.
ORACLE = {
    "ios11": ("ZGENERICASSET", 27, 20, None), "ios12": ("ZGENERICASSET", 30, 23, 34), "ios13": ("ZGENERICASSET", 34, 26, 37),
    "ios14": ("ZASSET", 3, 26, 36), "ios15": ("ZASSET", 3, 27, 38), "ios16": ("ZASSET", 3, 28, 40), "ios17": ("ZASSET", 3, 28, 40),
    "ios17.6": ("ZASSET", 3, 29, 41), "ios18": ("ZASSET", 3, 30, 47), "ios26": ("ZASSET", 3, 33, 52)}
AGE = {name: float(name[3:]) for name in ORACLE}
# Column: (table, the first iOS that has it, the last one); the asset table is "asset".
COLUMNS = {
    "ZHASADJUSTMENTS": ("asset", 11, 16), "ZADJUSTMENTSSTATE": ("asset", 17, 26), "ZBUNDLESCOPE": ("asset", 15, 26),
    "ZHDRTYPE": ("asset", 15, 26), "ZLIBRARYSCOPE": ("asset", 16, 26), "ZSPATIALTYPE": ("asset", 17, 26),
    "ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE": ("asset", 16, 26), "ZTRASHEDBYPARTICIPANT": ("asset", 16, 26),
    "ZAVALANCHEKIND": ("asset", 18, 26), "ZISDETECTEDSCREENSHOT": ("asset", 18, 26), "ZCLOUDPLACEHOLDERKIND": ("asset", 11, 18),
    "ZASSETFORFACE": ("ZDETECTEDFACE", 17, 26), "ZPERSONFORFACE": ("ZDETECTEDFACE", 17, 26), "ZPERSON": ("ZDETECTEDFACE", 11, 16),
    "ZMASTERFINGERPRINT": ("ZADDITIONALASSETATTRIBUTES", 11, 17.6), "ZORIGINALSTABLEHASH": ("ZADDITIONALASSETATTRIBUTES", 18, 26),
    "ZCOMPACTUTI": ("ZINTERNALRESOURCE", 15, 26), "ZSTABLEHASH": ("ZINTERNALRESOURCE", 18, 26)}
FROM_2001 = 978307200


def make_roll(folder, *options):
    subprocess.run([SIMPHONE, "make-roll", folder, *map(str, options)], check=True, stdout=subprocess.DEVNULL)
    return json.loads(Path(f"{folder}.truth.json").read_text())


class Library:
    """A copy of a roll's database, with its log or without."""

    def __init__(self, roll, into, with_log=True):
        into.mkdir()
        for name in ("Photos.sqlite", "Photos.sqlite-wal") if with_log else ("Photos.sqlite",):
            if (roll / "PhotoData" / name).exists():
                shutil.copy(roll / "PhotoData" / name, into)
        self.db = sqlite3.connect(into / "Photos.sqlite")
        self.db.text_factory = lambda raw: raw.decode(errors="replace")
        names = {row[0] for row in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        self.asset = "ZASSET" if "ZASSET" in names else "ZGENERICASSET"

    def ask(self, sql, *arguments):
        return self.db.execute(sql.replace("@asset", self.asset), arguments).fetchall()

    def columns(self, table):
        return {row[1] for row in self.db.execute(f"PRAGMA table_info({self.asset if table == 'asset' else table})")}


class Folder(unittest.TestCase):
    def setUp(self):
        own = tempfile.TemporaryDirectory(prefix="library-")
        self.addCleanup(own.cleanup)
        self.folder = Path(own.name)

    def roll(self, name, *options):
        truth = make_roll(self.folder / name, *options)
        return truth, self.folder / name

    def library(self, root, name="copy", with_log=True):
        library = Library(root, self.folder / f"{root.name}.{name}", with_log)
        self.addCleanup(library.db.close)
        return library


class Generations(Folder):
    """One roll in every generation."""

    LOSSES = ("--items", 40, "--pictures", 1, "--seed", 3, "--only-in-icloud", 6, "--vanished", 2, "--trashed", 3, "--hidden", 4, "--unlisted", 2)

    @classmethod
    def setUpClass(cls):
        own = tempfile.TemporaryDirectory(prefix="library-")
        cls.addClassCleanup(own.cleanup)
        cls.all = []
        for name in ORACLE:
            root = Path(own.name) / name
            cls.all.append((name, make_roll(root, "--library", name, *cls.LOSSES), root))

    def each(self):
        for name, truth, root in self.all:
            yield name, truth, root, self.library(root)

    def test_name_things_as_each_ios_does(self):
        for name, truth, _, library in self.each():
            table, asset, album, keyword = ORACLE[name]
            self.assertEqual((truth["library"]["asset_table"], truth["library"]["album_assets"]), (table, f"Z_{album}ASSETS"))
            self.assertEqual(library.columns(f"Z_{album}ASSETS"), {f"Z_{album}ALBUMS", f"Z_{asset}ASSETS", f"Z_FOK_{asset}ASSETS"})
            if keyword:
                self.assertEqual(library.columns("Z_1KEYWORDS"), {"Z_1ASSETATTRIBUTES", f"Z_{keyword}KEYWORDS"})
            self.assertTrue(library.columns(f"Z_{album - 1}ALBUMLISTS"))
            entities = dict(library.ask("SELECT Z_NAME, Z_ENT FROM Z_PRIMARYKEY"))
            self.assertEqual((entities["GenericAsset" if asset > 3 else "Asset"], entities["Album"]), (asset, album))
            for column, (table, first, last) in COLUMNS.items():
                self.assertEqual(column in library.columns(table), first <= AGE[name] <= last, f"{table}.{column}")
            self.assertEqual(library.ask("PRAGMA quick_check"), [("ok",)])

    def test_tell_of_each_asset_what_is_true(self):
        for name, truth, _, library in self.each():
            rows = {row[0]: row[1:] for row in library.ask(
                "SELECT ZUUID, a.ZDIRECTORY || '/' || ZFILENAME, ZKIND, ZFAVORITE, ZHIDDEN, ZTRASHEDSTATE, ZDATECREATED, ZTRASHEDDATE, "
                "ZAVALANCHEUUID, ZMEDIAGROUPUUID, ZORIGINALFILENAME, ZTIMEZONEOFFSET, ZTITLE, ZLONGDESCRIPTION FROM @asset a "
                "JOIN ZADDITIONALASSETATTRIBUTES t ON t.Z_PK = a.ZADDITIONALATTRIBUTES "
                "LEFT JOIN ZASSETDESCRIPTION d ON d.Z_PK = t.ZASSETDESCRIPTION")}
            assets = truth["library"]["assets"]
            self.assertEqual(set(rows), {a["uuid"] for a in assets})
            self.assertEqual(len(rows), library.ask("SELECT count(*) FROM @asset")[0][0])
            for asset in assets:
                row = rows[asset["uuid"]]
                self.assertEqual(row[0], asset["path"])
                self.assertEqual(row[1:5], (int(asset["kind"] == "video"), asset["favourite"], asset["hidden"], asset["trashed"]))
                self.assertAlmostEqual(row[5] + FROM_2001, asset["created_ns"] / 1e9, places=5)
                self.assertEqual(row[6] is not None, asset["trashed"])
                self.assertEqual(row[7:9], (asset.get("burst_uuid"), asset.get("group_uuid")))
                self.assertEqual(row[9], asset["original_name"])
                self.assertEqual(row[10], asset["offset_minutes"] * 60 if "offset_minutes" in asset else None)
                self.assertEqual(row[11:], (asset.get("title"), asset.get("caption")))
            state = "ZHASADJUSTMENTS" if AGE[name] < 17 else "ZADJUSTMENTSSTATE"
            self.assertEqual({u for (u,) in library.ask(f"SELECT ZUUID FROM @asset WHERE {state} > 0")}, {a["uuid"] for a in assets if a["edited"]})
            kinds = (library.ask("SELECT count(*), sum(ZTRASHEDSTATE), sum(ZHIDDEN) FROM @asset")[0])
            self.assertEqual(kinds[1:], (3, 4))
            self.assertTrue(any(a["favourite"] for a in assets) and any("people" in a for a in assets) and any("keywords" in a for a in assets))

    def test_know_who_is_in_the_pictures_and_what_they_are_about(self):
        for name, truth, _, library in self.each():
            keyword = next(c for c in library.columns("Z_1KEYWORDS") if c.endswith("KEYWORDS"))
            face, person = ("ZASSETFORFACE", "ZPERSONFORFACE") if AGE[name] >= 17 else ("ZASSET", "ZPERSON")
            words = library.ask(f"SELECT a.ZUUID, k.ZTITLE FROM Z_1KEYWORDS j JOIN ZKEYWORD k ON k.Z_PK = j.{keyword} JOIN @asset a ON a.ZADDITIONALATTRIBUTES = j.Z_1ASSETATTRIBUTES")
            people = library.ask(f"SELECT a.ZUUID, p.ZFULLNAME FROM ZDETECTEDFACE f JOIN ZPERSON p ON p.Z_PK = f.{person} JOIN @asset a ON a.Z_PK = f.{face} WHERE p.ZFULLNAME IS NOT NULL")
            for field, found in (("keywords", words), ("people", people)):
                self.assertEqual(sorted(found), sorted((a["uuid"], v) for a in truth["library"]["assets"] for v in a.get(field, [])))

    def test_keep_albums_their_order_and_their_folders(self):
        for name, truth, _, library in self.each():
            _, asset, album, _ = ORACLE[name]
            if name == "ios26":
                shared = {t: k for t, k in library.ask("SELECT ZTITLE, Z_PK FROM ZSHARE")}
                members = library.ask("SELECT ZUUID FROM @asset WHERE ZCOLLECTIONSHARE = ? ORDER BY Z_PK", shared["Family"])
                self.assertEqual([u for (u,) in members], next(a["members"] for a in truth["library"]["albums"] if a["kind"] == "shared"))
            for expected in truth["library"]["albums"]:
                if expected["kind"] == "shared" and name == "ios26":
                    self.assertEqual(library.ask("SELECT 1 FROM ZGENERICALBUM WHERE ZUUID = ?", expected["uuid"]), [])
                    continue
                order = {"manual": f"Z_FOK_{asset}ASSETS", "oldest_first": "ZDATECREATED", "newest_first": "ZDATECREATED DESC"}[expected["order"]]
                members = library.ask(f"SELECT a.ZUUID FROM Z_{album}ASSETS j JOIN ZGENERICALBUM g ON g.Z_PK = j.Z_{album}ALBUMS "
                                      f"JOIN @asset a ON a.Z_PK = j.Z_{asset}ASSETS WHERE g.ZUUID = ? ORDER BY {order}", expected["uuid"])
                self.assertEqual([u for (u,) in members], expected["members"], expected["title"])
                row = library.ask("SELECT g.ZKIND, g.ZTRASHEDSTATE, p.ZUUID, p.ZKIND FROM ZGENERICALBUM g LEFT JOIN ZGENERICALBUM p ON p.Z_PK = g.ZPARENTFOLDER WHERE g.ZUUID = ?", expected["uuid"])[0]
                self.assertEqual(row[:2], ({"album": 2, "folder": 4000, "shared": 1505, "import_session": 1506}[expected["kind"]], expected["trashed"]))
                self.assertEqual(row[2] if row[3] == 4000 else None, expected.get("parent"))
            by_row = library.ask(f"SELECT a.ZUUID FROM Z_{album}ASSETS j JOIN @asset a ON a.Z_PK = j.Z_{asset}ASSETS JOIN ZGENERICALBUM g ON g.Z_PK = j.Z_{album}ALBUMS WHERE g.ZTITLE = 'Everything' ORDER BY j.rowid")
            everything = next(a for a in truth["library"]["albums"] if a["title"] == "Everything")
            self.assertNotEqual([u for (u,) in by_row], everything["members"], "the order of rows must not give the order away")

    def test_say_where_originals_are_and_the_files_agree(self):
        for _, truth, root, library in self.each():
            shots = {s["id"]: s for s in truth["shots"]}
            rows = library.ask("SELECT a.ZUUID, r.ZDATASTORESUBTYPE, r.ZLOCALAVAILABILITY, r.ZFINGERPRINT IS NOT NULL, r.ZDATALENGTH, r.ZREMOTEAVAILABILITY FROM ZINTERNALRESOURCE r JOIN @asset a ON a.Z_PK = r.ZASSET")
            lost = {u for u, kind, local, finger, _, remote in rows if kind == 1 and local == -1 and finger and remote == 1}
            self.assertEqual(lost, {a["uuid"] for a in truth["library"]["assets"] if a["locality"] == "only_in_icloud"})
            self.assertEqual(len(lost), 5, "six, of which one has its still here")
            for asset in truth["library"]["assets"]:
                kind = shots[asset["shot"]]["kind"]
                for resource in asset["resources"]:
                    file = root / resource["path"]
                    self.assertEqual(file.exists(), resource["local"] and kind != "vanished", resource)
                    if file.exists():
                        self.assertEqual(file.stat().st_size, resource["bytes"])
                    self.assertIn(resource["bytes"], [r[4] for r in rows if r[0] == asset["uuid"]])
            self.assertEqual(sum(s["kind"] == "vanished" for s in shots.values()), 2)

    def test_know_every_importable_file_but_those_left_out(self):
        for _, truth, _, _ in self.each():
            known = {r["path"] for a in truth["library"]["assets"] for r in a["resources"]}
            unlisted = set(truth["library"]["unlisted_shots"])
            self.assertEqual(len(unlisted), 2)
            for file in truth["files"]:
                if file["importable"]:
                    self.assertEqual(file["path"] in known, file["shot"] not in unlisted, file["path"])


class Log(Folder):
    def test_rows_are_in_the_log_only(self):
        truth, root = self.roll("r", "--items", 30, "--pictures", 1)
        whole, without = self.library(root), self.library(root, "old", with_log=False)
        uuids = lambda library: {u for (u,) in library.ask("SELECT ZUUID FROM @asset")}
        late = {a["uuid"] for a in truth["library"]["assets"] if a["only_in_log"]}
        self.assertTrue(late)
        self.assertEqual(uuids(whole) - uuids(without), late)
        self.assertEqual(uuids(without) - uuids(whole), {"DELETED"})
        hearts = lambda library: library.ask("SELECT count(*) FROM @asset WHERE ZFAVORITE = 1")[0][0]
        self.assertLess(hearts(without), hearts(whole))
        self.assertEqual(without.ask("SELECT 1 FROM ZGENERICALBUM WHERE ZTITLE = 'Made a minute ago'"), [])

    def test_who_is_not_photos_cannot_write(self):
        _, root = self.roll("r", "--items", 20, "--pictures", 1)
        with self.assertRaisesRegex(sqlite3.OperationalError, "NSCoreData"):
            self.library(root).ask("UPDATE @asset SET ZADDITIONALATTRIBUTES = 1")


class Options(Folder):
    def test_none_makes_none_and_the_same_files(self):
        without, root = self.roll("a", "--items", 25, "--library", "none")
        with_one, _ = self.roll("b", "--items", 25)
        self.assertNotIn("library", without)
        self.assertFalse((root / "PhotoData/Photos.sqlite").exists())
        self.assertEqual([f for f in with_one["files"] if f["kind"] != "photos_database"], without["files"])
        self.assertEqual([f["path"] for f in with_one["files"] if f["kind"] == "photos_database"],
                         ["PhotoData/Photos.sqlite", "PhotoData/Photos.sqlite-wal", "PhotoData/Photos.sqlite-shm"])

    def test_bulk_and_own_pictures_can_have_one(self):
        truth, root = self.roll("bulk", "--bulk", "2000:64", "--library", "ios16", "--only-in-icloud", 7, "--trashed", 5)
        library = self.library(root)
        self.assertEqual(library.ask("SELECT count(*), sum(ZTRASHEDSTATE) FROM @asset"), [(2007, 5)])
        self.assertEqual(len([a for a in truth["library"]["assets"] if a["locality"] == "only_in_icloud"]), 7)
        self.assertEqual(max(len(a["members"]) for a in truth["library"]["albums"]), 2007)
        own, _ = self.roll("own", "--from", root, "--library", "ios18")
        self.assertEqual(len(own["library"]["assets"]), 2000)

    def test_wrong_usage_is_refused(self):
        for arguments in (["--library", "ios9"], ["--oddity", "strange"], ["--library", "none", "--trashed", "1"],
                          ["--items", "5", "--trashed", "6"], ["--from", ".", "--library", "ios18", "--vanished", "1"]):
            run = subprocess.run([SIMPHONE, "make-roll", "r", *arguments], cwd=self.folder, capture_output=True, check=False)
            self.assertEqual((run.returncode, bool(run.stderr)), (2, True), arguments)


class Oddities(Folder):
    def odd(self, name):
        truth, root = self.roll(name, "--items", 30, "--pictures", 1, "--oddity", name)
        self.assertEqual(truth["library"]["oddities"], [name])
        return truth, root

    def test_are_what_they_are_called(self):
        asks = {"cyclic-folders": ("SELECT count(*) FROM ZGENERICALBUM a JOIN ZGENERICALBUM b ON b.Z_PK = a.ZPARENTFOLDER WHERE b.ZPARENTFOLDER = a.Z_PK", 2),
                "missing-members": ("SELECT count(*) FROM Z_30ASSETS WHERE Z_3ASSETS NOT IN (SELECT Z_PK FROM ZASSET)", 2),
                "bad-dates": ("SELECT count(*) FROM ZASSET WHERE abs(ZDATECREATED) > 1e10 OR typeof(ZMODIFICATIONDATE) = 'text' OR ZDATECREATED < -9e9", 2),
                "hostile-text": ("SELECT count(*) FROM ZASSET WHERE ZDIRECTORY LIKE '%..%' OR typeof(ZUUID) = 'blob'", 2),
                "other-numbers": ("SELECT count(*) > 50 FROM Z_777ASSETS", 1),
                "planted-trigger": ("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%load_extension%'", 1),
                "planted-view": ("SELECT count(*) FROM sqlite_master WHERE type = 'view' AND name = 'ZASSET'", 1),
                "future": ("SELECT count(*) FROM pragma_table_info('ZASSET') WHERE name IN ('ZFAVORITE', 'ZISLOVED')", 1)}
        for name, (sql, expected) in asks.items():
            with self.subTest(oddity=name):
                _, root = self.odd(name)
                self.assertEqual(self.library(root).ask(sql), [(expected,)])

    def test_of_the_files_break_them(self):
        for name in ("truncated", "malformed", "encrypted"):
            with self.subTest(oddity=name):
                _, root = self.odd(name)
                with self.assertRaises((sqlite3.DatabaseError, AssertionError)):
                    self.assertEqual(self.library(root).ask("PRAGMA quick_check"), [("ok",)])

    def test_of_the_log_show_the_library_of_before(self):
        truth, root = self.odd("no-log")
        self.assertFalse((root / "PhotoData/Photos.sqlite-wal").exists())
        _, torn = self.odd("torn-log")
        for roll in (root, torn):
            self.assertLess(self.library(roll).ask("SELECT count(*) FROM ZASSET WHERE ZUUID != 'DELETED'")[0][0], len(truth["library"]["assets"]))


if __name__ == "__main__":
    SIMPHONE = os.path.abspath(sys.argv.pop(1))
    unittest.main()
