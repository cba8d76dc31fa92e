#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares what the media worker says of a simulated camera roll with the roll's own truth, and with exiftool.

    compare_roll.py --metadata-of BIN --worker BIN --simphone BIN

No real picture is needed. Every fact that the worker states has to be true; those that a camera writes have to be
there. Where exiftool isn't installed, its half is left out, and that is said.
"""
import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import compare_with_exiftool as exiftool

BY_CAMERA = {"heic", "heic_live", "jpeg", "raw_dng", "raw_jpeg", "burst"}
MOVIES = {"live_video", "movie", "slow_motion", "edited_video"}
PICTURES = BY_CAMERA | MOVIES | {"edited_render", "screenshot_png", "gif", "synced_copy", "shared_copy"}
TEXTS = {"make": "make", "model": "model", "lens": "lens", "software": "software",
         "content_identifier": "content_id", "burst_uuid": "burst_id", "width": "width", "height": "height"}


def untrue(truth, facts):
    """What is said of a file and isn't so, or isn't said and has to be."""
    kind = truth["kind"]
    by_camera = kind in BY_CAMERA | MOVIES and "make" in truth  # what was saved by an app says nothing
    if "error" in facts:
        return [facts["error"]]
    wrong = [f"trouble: {one}" for one in facts.get("troubles", [])]
    said = "video" if kind in MOVIES else "raw" if kind == "raw_dng" else "photo"
    if facts["kind"] != said:
        wrong.append(f"its kind is {facts['kind']}")
    for name, key in TEXTS.items():
        wanted, got = truth.get(name), facts.get(key)
        if kind == "raw_dng" and name in ("width", "height"):
            continue  # the simulated sensor has 64 x 48 pixels; the truth has the size of its preview
        if name == "lens" and kind in MOVIES and got is None:
            continue  # the simulated phone's movies don't name it
        if got != wanted and (got is not None or by_camera):
            wrong.append(f"{key} is {got!r}, not {wanted!r}")
    if facts.get("orientation", 1) != truth["orientation"]:
        wrong.append(f"orientation is {facts.get('orientation', 1)}, not {truth['orientation']}")
    wall = truth["captured"][:23]
    to = 19 if kind in MOVIES or kind == "screenshot_png" else 23  # these have whole seconds
    local = facts.get("taken_local", "")
    if len(local) == 19:
        local += "."
    local = local and local.ljust(23, "0")
    if local[:to] != wall[:to] and (local or by_camera):
        wrong.append(f"it was taken at {local!r}, not at {wall!r}")
    if by_camera:
        if abs(facts.get("taken", 0) - truth["captured_ns"]) >= (10**9 if kind in MOVIES else 10**6):
            wrong.append(f"the instant is {facts.get('taken')}, not {truth['captured_ns']}")
        if ("gps" in truth) != ("position" in facts) or any(
                not math.isclose(a, b, abs_tol=most) for a, b, most in
                zip(facts.get("position", []), truth.get("gps", {}).values(), (1e-4, 1e-4, 1e-1))):
            wrong.append(f"its position is {facts.get('position')}, not {truth.get('gps')}")
    if kind in MOVIES and not math.isclose(facts.get("duration_s", 0), truth["seconds"], abs_tol=0.1):
        wrong.append(f"it lasts {facts.get('duration_s')} s, not {truth['seconds']}")
    if facts.get("slow_motion", False) != (kind == "slow_motion"):
        wrong.append("slow motion, or not")
    if facts.get("screenshot", False) != (kind == "screenshot_png"):
        wrong.append("a screenshot, or not")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--metadata-of", required=True)
    parser.add_argument("--worker", required=True)
    parser.add_argument("--simphone", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        roll, truth_file = Path(folder) / "roll", Path(folder) / "truth.json"
        subprocess.run([options.simphone, "make-roll", roll, "--truth", truth_file, "--items", "60", "--seed", "7"],
                       check=True, stdout=subprocess.DEVNULL)
        truth = {row["path"]: row for row in json.loads(truth_file.read_text())["files"]
                 if isinstance(row["path"], str) and row["kind"] in PICTURES}
        facts = exiftool.ours(options, roll, truth)
        wrong = [f"{name} ({row['kind']}): {one}" for name, row in sorted(truth.items())
                 for one in untrue(row, facts[name])]
        print(f"{len(truth)} files compared with their truth, {len(wrong)} facts are wrong")
        if shutil.which("exiftool"):
            tags = ["-FileType", "-MIMEType", "-ImageWidth", "-ImageHeight", "-Orientation", "-Make", "-Model",
                    "-LensModel", "-DateTimeOriginal", "-CreateDate", "-CreationDate", "-OffsetTimeOriginal",
                    "-SubSecTimeOriginal", "-GPSLatitude", "-GPSLongitude", "-GPSAltitude", "-MediaGroupUUID",
                    "-ContentIdentifier", "-BurstUUID", "-LivePhotoVideoIndex", "-Duration", "-CompressorID"]
            rows = {str(Path(row["SourceFile"]).relative_to(roll)): row for row in exiftool.ask_exiftool(roll, *tags)}
            wrong += exiftool.verdict(
                exiftool.compare({name: rows[name] for name in truth}, facts), explained={})
        else:
            print("exiftool isn't here, so that it isn't asked")
    for line in wrong:
        print("WRONG:", line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
