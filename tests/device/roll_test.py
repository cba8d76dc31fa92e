#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The roll maker keeps what its truth file promises. Usage: roll_test.py SIMPHONE [unittest options]"""
import collections
import hashlib
import json
import os
import plistlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from heif_library import decoded_size  # noqa: E402

SIMPHONE = None


def make_roll(folder, *options):
    """Makes a roll in `folder` and returns its truth."""
    subprocess.run([SIMPHONE, "make-roll", folder, *map(str, options)], check=True, stdout=subprocess.DEVNULL)
    return read_truth(folder)


def read_truth(folder):
    return json.loads(Path(f"{folder}.truth.json").read_text())


def files_below(folder):
    return sorted(str(p.relative_to(folder)) for p in Path(folder).rglob("*") if p.is_file())


def exif_facts(folder):
    """What exiftool says of every file but the database, by path; tags with their group."""
    run = subprocess.run(["exiftool", "-config", "/dev/null", "-api", "LargeFileSupport=1", "-json", "-n", "-G1", "-r", "-ext+", "*", folder],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    rows = {os.path.relpath(row["SourceFile"], folder): row for row in json.loads(run.stdout)}
    return {path: row for path, row in rows.items() if not path.startswith("PhotoData/Photos.sqlite")}


class Folder(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        own = tempfile.TemporaryDirectory(prefix="roll-")
        self.addCleanup(own.cleanup)
        self.folder = Path(own.name)


class Truth(unittest.TestCase):
    """One roll with every kind of shot, looked at from all sides."""

    @classmethod
    def setUpClass(cls):
        cls.own = tempfile.TemporaryDirectory(prefix="roll-")
        cls.root = Path(cls.own.name) / "roll"
        cls.truth = make_roll(cls.root, "--items", 60, "--seed", 7)
        cls.files = {f["path"]: f for f in cls.truth["files"]}
        cls.exif = exif_facts(cls.root)

    @classmethod
    def tearDownClass(cls):
        cls.own.cleanup()

    def of_kind(self, *kinds):
        found = [f for f in self.truth["files"] if f["kind"] in kinds]
        self.assertTrue(found, f"the roll has none of {kinds}")
        return found

    def test_names_every_file_and_no_other(self):
        self.assertEqual(files_below(self.root), sorted(self.files))

    def test_tells_size_digest_and_times(self):
        for path, fact in self.files.items():
            data = (self.root / path).read_bytes()
            self.assertEqual(len(data), fact["bytes"], path)
            self.assertEqual(hashlib.sha256(data).hexdigest(), fact["sha256"], path)
            self.assertEqual(os.stat(self.root / path).st_mtime_ns, fact["mtime_ns"], path)

    def test_the_cameras_files_have_the_time_of_capture(self):
        for fact in self.of_kind("heic", "heic_live", "live_video", "movie", "burst", "screenshot_png", "raw_dng"):
            if fact["path"].startswith("DCIM/1") and "APPLE" in fact["path"] and "same_as" not in fact:
                self.assertEqual(fact["mtime_ns"], fact["captured_ns"], fact["path"])

    def test_tells_birth_times_where_the_file_system_keeps_attributes(self):
        try:
            os.setxattr(self.root, "user.simphone.test", b"1")
        except OSError:
            self.skipTest("no extended attributes here")
        for path, fact in self.files.items():
            birth = os.getxattr(self.root / path, "user.simphone.birthtime")
            self.assertEqual(int(birth), fact["birthtime_ns"], path)

    def test_totals_and_duplicates_follow_from_the_files(self):
        totals = self.truth["totals"]
        importable = [f for f in self.truth["files"] if f["importable"]]
        self.assertEqual(totals["files"], len(self.files))
        self.assertEqual(totals["shots"], 60)
        self.assertEqual(totals["bytes"], sum(f["bytes"] for f in self.truth["files"]))
        self.assertEqual(totals["importable_files"], len(importable))
        self.assertEqual(totals["importable_bytes"], sum(f["bytes"] for f in importable))
        self.assertEqual(totals["importable_contents"], len({f["sha256"] for f in importable}))
        contents = collections.defaultdict(set)
        for fact in self.truth["files"]:
            contents[fact["sha256"]].add(fact["path"])
        self.assertEqual({frozenset(d) for d in self.truth["duplicates"]},
                         {frozenset(paths) for paths in contents.values() if len(paths) > 1})
        self.assertTrue(self.truth["duplicates"])

    def test_has_every_kind(self):
        self.assertEqual(len(self.truth["totals"]["shots_by_kind"]), 19)
        self.assertEqual(len(self.truth["totals"]["files_by_kind"]), 21)

    def test_shots_and_files_name_each_other(self):
        for shot in self.truth["shots"]:
            self.assertEqual([f["path"] for f in shot["files"]],
                             [f["path"] for f in self.truth["files"] if f.get("shot") == shot["id"]])
            self.assertEqual(sum(f["role"] == "primary" for f in shot["files"]), 1, shot)

    def test_only_what_is_in_the_camera_roll_is_importable(self):
        roots = ("DCIM/", "PhotoData/CPLAssets/", "PhotoData/Mutations/")
        for path, fact in self.files.items():
            expected = path.startswith(roots) and not path.startswith("DCIM/.MISC/")
            self.assertEqual(fact["importable"], expected, path)
            self.assertEqual("why_not" in fact, not expected, path)

    def test_exiftool_finds_nothing_wrong(self):
        for path, row in self.exif.items():
            for tag in ("ExifTool:Error", "ExifTool:Warning"):
                self.assertNotIn(tag, row, path)

    def test_exiftool_reads_the_pictures_facts(self):
        checked = 0
        for fact in self.truth["files"]:
            row = self.exif.get(fact["path"], {})
            if "model" not in fact or fact["path"].upper().endswith(".MOV"):
                continue
            checked += 1
            self.assertEqual(row["IFD0:Make"], fact["make"])
            self.assertEqual(row["IFD0:Model"], fact["model"])
            self.assertEqual(row["ExifIFD:LensModel"], fact["lens"])
            self.assertEqual(row["IFD0:Orientation"], fact["orientation"])
            stamp = row["Composite:SubSecDateTimeOriginal"].replace(":", "-", 2).replace(" ", "T")
            self.assertEqual(stamp, fact["captured"])
            self.assertEqual(row.get("Apple:MediaGroupUUID"), fact.get("content_identifier"))
            self.assertEqual(row.get("Apple:BurstUUID"), fact.get("burst_uuid"))
            self.assert_place(row, fact, 1e-5)
            self.assertEqual((row["ExifIFD:ExifImageWidth"], row["ExifIFD:ExifImageHeight"]), (fact["width"], fact["height"]))
        self.assertGreater(checked, 40)

    def test_exiftool_reads_the_movies_facts(self):
        for fact in self.of_kind("live_video", "movie", "slow_motion", "edited_video"):
            row = self.exif[fact["path"]]
            local = fact["captured"][:19].replace("-", ":").replace("T", " ")
            self.assertEqual(row["Keys:CreationDate"], local + fact["zone"])
            self.assertEqual(row["Keys:Model"], fact["model"])
            self.assertEqual(row.get("Keys:ContentIdentifier"), fact.get("content_identifier"))
            self.assertEqual(row["QuickTime:Duration"], fact["seconds"])
            self.assertEqual(row["Track1:VideoFrameRate"], fact["fps"])
            self.assertEqual(row["Track1:CompressorID"], "hvc1")
            self.assertEqual(row["Track1:CameraLensModel"], fact["lens"])
            self.assertEqual(row["Keys:Full-frame-rate-playback-intent"], 0 if fact["kind"] == "slow_motion" else 1)
            self.assert_place(row, fact, 1e-4)
        self.assertEqual({f["fps"] for f in self.of_kind("slow_motion")}, {240})

    def assert_place(self, row, fact, tolerance):
        if "gps" not in fact:
            self.assertNotIn("Composite:GPSLatitude", row)
            return
        self.assertAlmostEqual(row["Composite:GPSLatitude"], fact["gps"]["latitude"], delta=tolerance)
        self.assertAlmostEqual(row["Composite:GPSLongitude"], fact["gps"]["longitude"], delta=tolerance)
        self.assertAlmostEqual(row["Composite:GPSAltitude"], fact["gps"]["altitude"], delta=0.01)

    def test_halves_of_a_live_photo_share_an_identifier(self):
        for shot in self.truth["shots"]:
            roles = {f["role"]: self.files[f["path"]] for f in shot["files"]}
            if "live_video" not in roles:
                continue
            self.assertEqual(roles["primary"]["content_identifier"], roles["live_video"]["content_identifier"])
            same_stem = Path(roles["primary"]["path"]).stem == Path(roles["live_video"]["path"]).stem
            self.assertEqual(same_stem, shot["kind"] != "icloud_live")
            if "edited_video" in roles:
                self.assertEqual(roles["edited_render"]["content_identifier"], roles["edited_video"]["content_identifier"])
                self.assertNotEqual(roles["edited_render"]["content_identifier"], roles["primary"]["content_identifier"])

    def test_frames_of_a_burst_share_an_identifier(self):
        for shot in self.truth["shots"]:
            if shot["kind"] == "burst":
                self.assertGreater(len([f for f in shot["files"] if "burst" in f["role"]]), 1)
                frames = [self.files[f["path"]] for f in shot["files"] if self.files[f["path"]]["kind"] == "burst"]
                self.assertEqual({f["burst_uuid"] for f in frames}, {shot["burst_uuid"]})

    def test_libheif_decodes_every_heic_upright(self):
        for fact in self.of_kind("heic", "heic_live", "burst", "edited_render"):
            if fact["path"].upper().endswith(".HEIC"):
                size = (fact["width"], fact["height"])
                self.assertEqual(decoded_size(self.root / fact["path"]), size[::-1] if fact["orientation"] >= 5 else size)

    def test_some_pictures_have_more_beside_them(self):
        urns = {"hdr_gain_map": b"urn:com:apple:photo:2020:aux:hdrgainmap\0", "depth": b"urn:mpeg:hevc:2015:auxid:2\0",
                "portrait_effects_matte": b"urn:com:apple:photo:2018:aux:portraiteffectsmatte\0"}
        seen = set()
        for fact in self.truth["files"]:
            if fact["path"].upper().endswith(".HEIC"):
                data = (self.root / fact["path"]).read_bytes()
                self.assertEqual({name for name, urn in urns.items() if urn in data}, set(fact.get("aux", [])), fact["path"])
                seen.add(tuple(fact.get("aux", [])))
        self.assertEqual(seen, {(), ("hdr_gain_map",), tuple(urns)})

    def test_recipes_are_property_lists(self):
        for fact in self.of_kind("aae", "adjustments_plist"):
            recipe = plistlib.loads((self.root / fact["path"]).read_bytes())
            plistlib.loads(zlib.decompress(recipe["adjustmentData"], -15))
            self.assertEqual(recipe["adjustmentTimestamp"].year, 2024)

    def test_screenshots_are_whole_and_say_what_they_are(self):
        for fact in self.of_kind("screenshot_png"):
            data = (self.root / fact["path"]).read_bytes()
            at, rows = 8, b""
            while at < len(data):
                size, kind = struct.unpack(">I4s", data[at:at + 8])
                body = data[at + 8:at + 8 + size]
                self.assertEqual(struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0], zlib.crc32(kind + body))
                rows += body if kind == b"IDAT" else b""
                at += 12 + size
            self.assertEqual(len(zlib.decompress(rows)), (fact["width"] * 3 + 1) * fact["height"])
            self.assertEqual(self.exif[fact["path"]]["ExifIFD:UserComment"], "Screenshot")

    def test_raw_files_and_jpegs_carry_a_smaller_picture(self):
        for kind, tag in (("raw_dng", "PreviewImage"), ("jpeg", "ThumbnailImage")):
            path = next(f["path"] for f in self.of_kind(kind) if "model" in f)
            image = subprocess.run(["exiftool", "-b", f"-{tag}", self.root / path], check=True, stdout=subprocess.PIPE).stdout
            self.assertTrue(image.startswith(b"\xff\xd8") and image.endswith(b"\xff\xd9"), path)

    def test_numbers_wrap_into_the_next_folder(self):
        folders = {Path(p).parent.name for p in self.files if Path(p).stem in ("IMG_9999", "IMG_0001") and "APPLE" in p and p.startswith("DCIM")}
        self.assertEqual(folders, {"109APPLE", "110APPLE"})

    def test_equal_names_have_different_contents(self):
        names = collections.defaultdict(set)
        for path, fact in self.files.items():
            if fact["importable"] and path.startswith("DCIM/"):
                names[Path(path).name].add(fact["sha256"])
        self.assertTrue(any(len(contents) > 1 for contents in names.values()))


class Determinism(Folder):
    def test_the_same_seed_makes_the_same_bytes(self):
        first = make_roll(self.folder / "a", "--items", 30, "--photo-bytes", "30kB")
        second = make_roll(self.folder / "b", "--items", 30, "--photo-bytes", "30kB")
        self.assertEqual(first, second)
        for path in files_below(self.folder / "a"):
            self.assertEqual((self.folder / "a" / path).read_bytes(), (self.folder / "b" / path).read_bytes(), path)
        for folder in [p for p in (self.folder / "a").rglob("*") if p.is_dir()]:
            twin = self.folder / "b" / folder.relative_to(self.folder / "a")
            self.assertEqual(folder.stat().st_mtime_ns, twin.stat().st_mtime_ns, folder)

    def test_another_seed_makes_other_bytes(self):
        first = make_roll(self.folder / "a", "--items", 19, "--seed", 1)
        second = make_roll(self.folder / "b", "--items", 19, "--seed", 2)
        of = lambda truth: {f["sha256"] for f in truth["files"]}
        self.assertEqual(of(first) & of(second), set())


class Options(Folder):
    def test_layouts_differ_in_where_edits_lie(self):
        for layout, in_dcim, in_mutations in (("classic", True, False), ("modern", False, True)):
            truth = make_roll(self.folder / layout, "--items", 10, "--mix", "edited_photo,edited_live", "--layout", layout)
            renders = [f["path"] for f in truth["files"] if f["kind"] == "edited_render"]
            self.assertEqual(len(renders), 10)
            self.assertEqual(all(p.startswith("DCIM/") and "/IMG_E" in p for p in renders), in_dcim)
            self.assertEqual(all(p.startswith("PhotoData/Mutations/DCIM/") for p in renders), in_mutations)

    def test_large_pictures_are_grids_of_tiles(self):
        truth = make_roll(self.folder / "r", "--items", 4, "--mix", "photo", "--picture-size", "300x200", "--tile", 128, "--pictures", 1)
        for fact in truth["files"]:
            if fact["kind"] == "heic":
                data = (self.folder / "r" / fact["path"]).read_bytes()
                self.assertIn(b"grid", data)
                size = decoded_size(self.folder / "r" / fact["path"])
                self.assertEqual(size, (200, 300) if fact["orientation"] >= 5 else (300, 200))

    def test_files_are_filled_up_to_the_sizes_asked_for(self):
        truth = make_roll(self.folder / "r", "--items", 30, "--mix", "live_photo=2,jpeg,movie", "--photo-bytes", "200kB", "--movie-bytes", "1.5MB")
        stills = [f["bytes"] for f in truth["files"] if f["kind"] in ("heic_live", "jpeg", "live_video")]
        movies = [f["bytes"] for f in truth["files"] if f["kind"] == "movie"]
        self.assertTrue(all(120_000 <= size <= 280_000 for size in stills), stills)
        self.assertTrue(all(900_000 <= size <= 2_100_000 for size in movies), movies)
        exif = exif_facts(self.folder / "r")
        for row in exif.values():
            self.assertNotIn("ExifTool:Error", row)
        for fact in truth["files"]:
            if fact["kind"] == "heic_live":
                decoded_size(self.folder / "r" / fact["path"])

    def test_a_sparse_movie_takes_no_room(self):
        truth = make_roll(self.folder / "r", "--items", 0, "--sparse-movie", "4.5GiB")
        fact = next(f for f in truth["files"] if f["kind"] == "movie")
        path = self.folder / "r" / fact["path"]
        self.assertEqual(path.stat().st_size, 4608 << 20)
        self.assertEqual(fact["bytes"], 4608 << 20)
        self.assertLess(path.stat().st_blocks * 512, 4 << 20)
        self.assertEqual(exif_facts(self.folder / "r")[fact["path"]]["QuickTime:Duration"], 60)

    def test_bulk_makes_many_distinct_files(self):
        truth = make_roll(self.folder / "r", "--bulk", "3000:2kB")
        self.assertEqual(truth["totals"]["contents"], 3000)
        self.assertEqual({f["bytes"] for f in truth["files"]}, {2000})
        self.assertEqual(len(files_below(self.folder / "r")), 3000)
        self.assertEqual(len(list((self.folder / "r/DCIM").iterdir())), 4)
        sample = truth["files"][1234]
        self.assertEqual(hashlib.sha256((self.folder / "r" / sample["path"]).read_bytes()).hexdigest(), sample["sha256"])

    def test_bulk_fits_into_one_folder(self):
        make_roll(self.folder / "r", "--bulk", "10001:100B", "--one-folder")
        self.assertEqual(len(list((self.folder / "r/DCIM/100APPLE").iterdir())), 10001)

    def test_wrong_usage_is_refused_and_makes_nothing(self):
        (self.folder / "full").mkdir()
        (self.folder / "full/a.txt").write_text("mine")
        for arguments in (["full"], ["r", "--mix", "selfie"], ["r", "--photo-bytes", "2.2 parsecs"], ["r", "--picture-size", "big"],
                          ["r", "--truth", self.folder / "r/truth.json"], ["r", "--from", self.folder / "none"],
                          ["r", "--picture-size", "10x10"], ["r", "--layout", "future"]):
            run = subprocess.run([SIMPHONE, "make-roll", *arguments], cwd=self.folder, capture_output=True, check=False)
            self.assertEqual(run.returncode, 2, arguments)
            self.assertTrue(run.stderr, arguments)
        self.assertEqual(files_below(self.folder), ["full/a.txt"])


class From(Folder):
    def setUp(self):
        super().setUp()
        self.own = self.folder / "own"
        for path, content in {"trip/sea.heic": b"1", "trip/sea.mov": b"2", "trip/sea.AAE": b"3", "trip/IMG_1853.HEIC": b"4",
                              "trip/IMG_E1853.heic": b"5", "other/sea.heic": b"6", "other/sea.HEIC": b"7",
                              "notes.txt": b"8", "other/Thumbs.db": b"9", "raw/dsc.jpeg": b"10", "raw/dsc.nef": b"11"}.items():
            target = self.own / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            os.utime(target, ns=(1, 1_600_000_000_123_456_789 + len(path)))
        self.before = {p: ((self.own / p).read_bytes(), os.stat(self.own / p).st_mtime_ns) for p in files_below(self.own)}

    def shots(self, truth):
        content = lambda path: (self.folder / "r" / path).read_bytes().decode()
        return sorted(sorted(content(f["path"]) for f in shot["files"]) for shot in truth["shots"])

    def test_parts_of_a_shot_stay_together(self):
        truth = make_roll(self.folder / "r", "--from", self.own)
        self.assertEqual(self.shots(truth), [["1", "2", "3"], ["10", "11"], ["4", "5"], ["6"], ["7"]])
        for shot in truth["shots"]:
            self.assertEqual(len({Path(f["path"]).stem.replace("IMG_E", "IMG_") for f in shot["files"]}), 1)
        self.assertEqual(truth["totals"]["skipped"], {".db": 1, ".txt": 1})

    def test_the_own_pictures_stay_as_they_are(self):
        for folder, options in (("r", []), ("linked", ["--link"])):
            truth = make_roll(self.folder / folder, "--from", self.own, *options)
            for path, (content, mtime) in self.before.items():
                self.assertEqual((self.own / path).read_bytes(), content)
                self.assertEqual(os.stat(self.own / path).st_mtime_ns, mtime)
            for fact in truth["files"]:
                path = self.folder / folder / fact["path"]
                self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(), fact["sha256"])
                self.assertEqual(path.stat().st_mtime_ns, fact["mtime_ns"])
                self.assertEqual(path.stat().st_nlink, 2 if options else 1)

    def test_names_can_be_kept(self):
        make_roll(self.folder / "r", "--from", self.own, "--keep-names")
        names = [Path(p).name for p in files_below(self.folder / "r")]
        self.assertEqual(sorted(names), sorted(Path(p).name for p in self.before if not p.endswith((".txt", ".db"))))


if __name__ == "__main__":
    SIMPHONE = os.path.abspath(sys.argv.pop(1))
    unittest.main()
